import ArgumentParser
import RunStore

struct PinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Keep a checkpoint whatever has to make room, or no longer.",
    discussion: "Example: keepstep pin last@best. The run may be in training.")

  @Argument(help: ArgumentHelp("The checkpoint, as RUN@CHECKPOINT.", valueName: "checkpoint"))
  var reference: RunReference

  @Flag(help: "Let it go again when room is made.")
  var remove = false

  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    guard reference.checkpoint != nil else {
      throw ValidationError("pin needs a checkpoint: \(reference.run)@best, \(reference.run)@last or a step")
    }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let (record, checkpoint) = try reference.resolve(in: reader)
    let store = try storeOptions.openExisting()
    try store.setPinned(!remove, checkpointID: checkpoint.id)
    try store.close()
    try Output.line("\(remove ? "unpinned" : "pinned") step \(checkpoint.step) of run \(record.id) (\(record.name))")
  }
}
