import ArgumentParser
import Training

/// What is recorded, and how often.
struct RecordingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The run's name. (a new run: run-ID)", valueName: "name"))
  var name: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between two checkpoints; 0 for none. (a new run: 100)", valueName: "steps"))
  var checkpointEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Newest checkpoints that stay, beside the first, the best and the last. (a new run: 10)", valueName: "n|all"))
  var keep: KeepCount?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between two evaluations, which choose the best checkpoint; 0 for none. (a new run: 10)", valueName: "steps"
    ))
  var evaluateEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between two recorded hidden states; 0 for none. (a new run: 10)", valueName: "steps"))
  var recordHiddenEvery: Int?

  mutating func validate() throws {
    try requireAtLeast(1, ("--keep", keep?.count))
    try requireAtLeast(
      0, ("--checkpoint-every", checkpointEvery), ("--evaluate-every", evaluateEvery),
      ("--record-hidden-every", recordHiddenEvery))
  }

  func apply(to hyperparameters: inout Hyperparameters) {
    if let checkpointEvery { hyperparameters.checkpointEvery = checkpointEvery }
    if let keep { hyperparameters.keep = keep.count }
    if let evaluateEvery { hyperparameters.evaluateEvery = evaluateEvery }
    if let recordHiddenEvery { hyperparameters.recordHiddenEvery = recordHiddenEvery }
  }
}
