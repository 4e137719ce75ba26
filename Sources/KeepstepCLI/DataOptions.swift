import ArgumentParser
import Training

/// Which data, and how it is cut.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "sine, the seed's endless task, or a .csv, .npy or .npz file. (a new run: sine)", valueName: "sine|file"))
  var data: String?

  @Option(help: ArgumentHelp("The file's columns that the network sees.", valueName: "a,b"))
  var inputs: ColumnNames?

  @Option(help: ArgumentHelp("The file's columns that it learns.", valueName: "c"))
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
    help: ArgumentHelp(
      "Streams side by side: a table's rows are cut into so many, an array's sequences are taken so many at a time. "
        + "(a new run: 1, or all sequences)", valueName: "streams"))
  var batchSize: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Arrays of three axes are [sequences, time, features], not [time, sequences, features].")
  var batchFirst: Bool?

  @Flag(help: "Keep the data's values out of the store; a resume then needs the file.")
  var noEmbedData = false

  /// Is a file or a column of it named?
  var namesData: Bool { data != nil || inputs != nil || targets != nil || batchFirst != nil }

  mutating func validate() throws {
    try requireAtLeast(1, ("--window", window), ("--batch-size", batchSize))
    try requireAtLeast(0, ("--shift", shift))
  }

  func apply(to hyperparameters: inout Hyperparameters) {
    if let data { hyperparameters.data = data }
    if let inputs { hyperparameters.inputs = inputs.names }
    if let targets { hyperparameters.targets = targets.names }
    if let shift { hyperparameters.shift = shift }
    if let window { hyperparameters.window = window }
    if let batchSize { hyperparameters.batchSize = batchSize }
    if let batchFirst { hyperparameters.batchFirst = batchFirst }
  }
}
