import ArgumentParser
import RunStore

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a remark on a run, remove it, or print it.",
    discussion: "Example: keepstep note last 'the first with the new data'")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @Argument(help: "The remark, in place of the one that it has; without it, that is printed.")
  var text: String?

  @Flag(help: "Remove the remark.")
  var remove = false

  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    try reference.requireWholeRun("note")
    if remove, text != nil { throw ValidationError("--remove and a remark exclude each other") }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    guard remove || text != nil else {
      if let note = record.note { try Output.record(note) }
      return
    }
    let store = try storeOptions.openExisting()
    try store.setNote(text, runID: record.id)
    try store.close()
  }
}
