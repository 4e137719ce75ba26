import ArgumentParser
import Recurrent
import Training

extension Nonlinearity: ExpressibleByArgument {}
extension Biases: ExpressibleByArgument {}

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
  @Option(
    help: ArgumentHelp("sine, the seed's endless task, or a CSV file. (a new run: sine)", valueName: "sine|file.csv"))
  var data: String?

  @Option(help: ArgumentHelp("The CSV file's columns that the network sees.", valueName: "a,b"))
  var inputs: ColumnNames?

  @Option(help: ArgumentHelp("The CSV file's columns that it learns.", valueName: "c"))
  var targets: ColumnNames?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Targets stand that many rows after their inputs. (a new run: 0)", valueName: "rows"))
  var shift: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Time steps that the network sees at a time. (a new run: 10)", valueName: "steps"))
  var window: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Contiguous streams that the rows are cut into. (a new run: 1)", valueName: "streams"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Optimizer steps, counted from the run's beginning. (a new run: 300)", valueName: "n"))
  var steps: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Adam's learning rate. (a new run: 0.02)", valueName: "rate"))
  var learningRate: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("The key of all random numbers. (a new run: 1)", valueName: "n"))
  var seed: UInt64?

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

  @Flag(help: "Keep the data's values out of the store; a resume then needs the file.")
  var noEmbedData = false

  mutating func validate() throws {
    try requireAtLeast(1, ("--window", window), ("--batch-size", batchSize), ("--keep", keep?.count))
    try requireAtLeast(
      0, ("--shift", shift), ("--steps", steps), ("--checkpoint-every", checkpointEvery),
      ("--evaluate-every", evaluateEvery), ("--record-hidden-every", recordHiddenEvery))
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate); it must be a finite number above 0")
    }
  }

  /// Puts what was given into `hyperparameters`.
  func apply(to hyperparameters: inout Hyperparameters) {
    if let data { hyperparameters.data = data }
    if let inputs { hyperparameters.inputs = inputs.names }
    if let targets { hyperparameters.targets = targets.names }
    if let shift { hyperparameters.shift = shift }
    if let window { hyperparameters.window = window }
    if let batchSize { hyperparameters.batchSize = batchSize }
    if let learningRate { hyperparameters.adam.learningRate = learningRate }
    if let checkpointEvery { hyperparameters.checkpointEvery = checkpointEvery }
    if let keep { hyperparameters.keep = keep.count }
    if let evaluateEvery { hyperparameters.evaluateEvery = evaluateEvery }
    if let recordHiddenEvery { hyperparameters.recordHiddenEvery = recordHiddenEvery }
  }
}

/// Refuses numbers that are too small, as wrong usage.
func requireAtLeast(_ least: Int, _ options: (name: String, value: Int?)...) throws {
  for case (let name, let value?) in options where value < least {
    throw ValidationError("\(name) is \(value); it must be at least \(least)")
  }
}
