import ArgumentParser
import RunStore

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store, also while trainings write into it.",
    discussion: """
      The copy is the store as of one instant; no training waits for it. It is checked before it gets its name, so a \
      FILE is whole and sound, or not there. It is a store itself: its runs are listed, resumed and verified with \
      --store FILE, and those that were in training are seen as interrupted there.
      """)

  @Argument(help: ArgumentHelp("The copy to make.", valueName: "file"))
  var file: String

  @OptionGroup var storeOptions: StoreOptions

  @Flag(help: "Replace a file that is there.")
  var force = false

  func run() throws {
    let reader = try storeOptions.openForReading()
    let report = try reader.backUp(to: file, replacing: force)
    let facts = report.facts
    try Output.line(
      "\(file): \(Numbers.count(report.bytes, "byte")), \(Numbers.count(facts.runs, "run")), "
        + "\(Numbers.count(facts.steps, "step")), \(Numbers.count(facts.checkpoints, "checkpoint")); checked")
  }
}
