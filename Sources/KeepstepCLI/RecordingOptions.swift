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
      "Steps between two evaluations, which choose the best checkpoint; 0 for none. (a new run: 10; with --validation one "
        + "pass over the training part, if that is more)", valueName: "steps"))
  var evaluateEvery: Int?

  @Option(
    help: """
      What evaluations are judged by: the mean training loss since the last one, or validation_loss. (a new run: \
      validation_loss with --validation, else loss)
      """)
  var monitor: MonitoredValue?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "End the training after so many evaluations in a row without a new best; 0 for never. (a new run: 0)",
      valueName: "patience"))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps between two recorded hidden states; 0 for none. (a new run: 10)", valueName: "steps"))
  var recordHiddenEvery: Int?

  mutating func validate() throws {
    try requireAtLeast(1, ("--keep", keep?.count))
    try requireAtLeast(
      0, ("--checkpoint-every", checkpointEvery), ("--evaluate-every", evaluateEvery),
      ("--record-hidden-every", recordHiddenEvery), ("--early-stopping", earlyStopping))
  }

  func apply(to hyperparameters: inout Hyperparameters) {
    if let checkpointEvery { hyperparameters.checkpointEvery = checkpointEvery }
    if let keep { hyperparameters.keep = keep.count }
    if let evaluateEvery { hyperparameters.evaluateEvery = evaluateEvery }
    if let recordHiddenEvery { hyperparameters.recordHiddenEvery = recordHiddenEvery }
    if let monitor { hyperparameters.monitor = monitor }
    if let earlyStopping { hyperparameters.earlyStopping = earlyStopping == 0 ? nil : earlyStopping }
  }
}

extension MonitoredValue: ExpressibleByArgument {}
