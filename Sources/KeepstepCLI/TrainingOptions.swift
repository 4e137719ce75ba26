import ArgumentParser
import Recurrent
import Training

extension CellKind: ExpressibleByArgument {}
extension Nonlinearity: ExpressibleByArgument {}
extension Biases: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}

/// How many checkpoints stay: a number or `all`.
struct KeepCount: ExpressibleByArgument {
  let count: Int?

  init?(argument: String) {
    if argument == "all" {
      count = nil
    } else if let number = Int(argument) {
      count = number
    } else {
      return nil
    }
  }
}

/// A list of column names, `a,b`.
struct ColumnNames: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains("") else { return nil }
  }
}

/// The options that a fork may change as well. None has a default here, so that a fork sees what was given; what a
/// new run takes stands in the help.
struct ChangeableOptions: ParsableArguments {
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Training") var training: OptimizerOptions
  @OptionGroup(title: "Learning-rate schedule") var schedule: ScheduleOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions

  /// What was given of the options that the data completes.
  var given: DataChoice.Given {
    DataChoice.Given(
      inputs: data.inputs != nil, targets: data.targets != nil, batchSize: data.batchSize != nil,
      classes: training.classes != nil, scale: data.scale)
  }

  /// Puts what was given into `hyperparameters`.
  ///
  /// - Parameter steps: the planned end, over which a schedule stretches unless it is told otherwise.
  /// - Throws: `ValidationError` for options of another optimizer, loss or schedule; `SequenceError` for parts that leave
  ///   nothing to train on.
  func apply(to hyperparameters: inout Hyperparameters, steps: Int) throws {
    try data.apply(to: &hyperparameters)
    try training.apply(to: &hyperparameters)
    try schedule.apply(to: &hyperparameters, steps: steps)
    recording.apply(to: &hyperparameters)
  }
}

/// Refuses numbers that are too small, as wrong usage.
func requireAtLeast(_ least: Int, _ options: (name: String, value: Int?)...) throws {
  for case (let name, let value?) in options where value < least {
    throw ValidationError("\(name) is \(value); it must be at least \(least)")
  }
}
