import ArgumentParser
import RunStore

struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove runs with all that is recorded of them.",
    discussion: "A run that is being trained is refused. Forks of a removed run stay whole.")

  @Argument(help: "The runs.")
  var runs: [RunReference]

  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    for run in runs where run.checkpoint != nil {
      throw ValidationError("rm removes whole runs, and \"\(run.run)@\(run.checkpoint ?? "")\" names a checkpoint")
    }
  }

  func run() throws {
    let store = try storeOptions.openExisting(toChange: runs.map(\.run))
    // All are looked up before any is removed, so that a mistyped name changes nothing.
    let records = try runs.map { try store.reader.run($0.run) }
    for record in records {
      try store.removeRun(record.id)
      try Output.line("removed run \(record.id) (\(record.name))")
    }
    try store.close()
  }
}
