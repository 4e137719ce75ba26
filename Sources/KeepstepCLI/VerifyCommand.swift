import ArgumentParser
import Foundation
import RunStore
import Training

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train a run again in memory and compare every bit with its record.",
    discussion: """
      Starts at the run's first checkpoint, or at RUN@CHECKPOINT, and compares every step, evaluation, hidden state and \
      checkpoint up to the last recorded step, or to --to. Writes nothing. Says "exact" and exits with 0, or names the \
      first difference and exits with 1.
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint to start from.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: ArgumentHelp("Where to stop: a step, or the best or last checkpoint.", valueName: "checkpoint"))
  var to: String?

  @Option(help: ArgumentHelp("Read the data from this file; its values must be the run's.", valueName: "file"))
  var data: String?

  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  func run() throws {
    let kernels = try kernelOptions.kernels()
    let reader = try storeOptions.openForReading()
    let line = ProgressLine(isQuiet: talk.quiet)
    let verification = try Verification.verify(
      reference.run, from: try reference.selector, to: try lastStep(in: reader), in: reader, dataPath: data,
      kernels: kernels
    ) { line.show($0) }
    line.end()
    if let difference = verification.difference {
      throw CommandError(
        difference, hint: "`keepstep check` looks for damage; `keepstep fork` goes on from a checkpoint as a new run")
    }
    let compared = verification.compared
    try Output.line(
      "exact: steps \(verification.from + 1) to \(verification.to): \(Numbers.count(compared.steps, "step row")), "
        + "\(Numbers.count(compared.evaluations, "evaluation")), "
        + "\(Numbers.count(compared.hiddenStates, "hidden state")) and "
        + "\(Numbers.count(compared.checkpoints, "checkpoint")) are equal to the bit")
  }

  /// Any recorded step may be named by its number, whether it has a checkpoint or not.
  private func lastStep(in reader: StoreReader) throws -> Int? {
    guard let to else { return nil }
    if let step = Int(to) { return step }
    let record = try reader.run(reference.run)
    return try reader.checkpoint(runID: record.id, CheckpointSelector(parsing: to)).step
  }
}
