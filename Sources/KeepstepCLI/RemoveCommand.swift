import ArgumentParser
import RunStore

struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove runs with all that is recorded of them.",
    discussion: "A run that is being trained is refused. Forks of a removed run stay whole.")

  @Argument(help: "The runs.")
  var runs: [RunReference]

  @OptionGroup var confirmation: Confirmation
  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    for run in runs { try run.requireWholeRun("rm") }
  }

  func run() throws {
    // All are looked up before any is removed, so that a mistyped name changes nothing.
    let reader = try storeOptions.openForReading()
    let records = try runs.map { try reader.run($0.run) }
    let names = records.map { "\($0.id) (\($0.name), \(Numbers.count($0.stepsDone, "step")))" }
    try confirmation.require("Remove run \(names.joined(separator: ", ")) from \(reader.path)?")
    let store = try storeOptions.openExisting(toChange: records.map { String($0.id) })
    for record in records {
      try store.removeRun(record.id)
      try Output.line("removed run \(record.id) (\(record.name))")
    }
    try store.close()
  }
}
