import ArgumentParser
import Sequences
import Training

/// Which data, and how it is cut.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "sine, the seed's endless task, or a .csv, .npy or .npz file, which may be packed by gzip, or - for standard "
        + "input. (a new run: sine)", valueName: "sine|file"))
  var data: String?

  @Option(help: ArgumentHelp("The file's columns that the network sees.", valueName: "a,b"))
  var inputs: ColumnNames?

  @Option(help: ArgumentHelp("The file's columns that it learns.", valueName: "c,d"))
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

  @Option(
    help: ArgumentHelp(
      "Cells without a value (blank, -, NA, NaN, null): refuse them, interpolate between their neighbours, or drop such "
        + "rows. (a new run: refuse)"))
  var missing: MissingValues?

  @Option(help: "What stands between a CSV file's fields. (a new run: found in its header)")
  var delimiter: FieldDelimiter?

  @Option(help: "What stands before the decimals of a CSV file's numbers. (a new run: found in its cells)")
  var decimal: DecimalMark?

  @Flag(inversion: .prefixedNo, help: "Whether the store keeps the data's values; without, a resume needs the file.")
  var embedData = true

  /// Is a file or a column of it named?
  var namesData: Bool { data != nil || inputs != nil || targets != nil || batchFirst != nil || isReadAnew }

  private var isReadAnew: Bool { missing != nil || delimiter != nil || decimal != nil }

  mutating func validate() throws {
    try requireAtLeast(1, ("--window", window), ("--batch-size", batchSize))
    try requireAtLeast(0, ("--shift", shift))
    if data == "-", !embedData {
      throw ValidationError("--no-embed-data leaves the data in their file, and standard input is none")
    }
  }

  func apply(to hyperparameters: inout Hyperparameters) {
    if let data { hyperparameters.data = data }
    if let inputs { hyperparameters.inputs = inputs.names }
    if let targets { hyperparameters.targets = targets.names }
    if let shift { hyperparameters.shift = shift }
    if let window { hyperparameters.window = window }
    if let batchSize { hyperparameters.batchSize = batchSize }
    if let batchFirst { hyperparameters.batchFirst = batchFirst }
    if let missing { hyperparameters.missing = missing }
    if let delimiter { hyperparameters.delimiter = delimiter }
    if let decimal { hyperparameters.decimal = decimal }
  }
}

extension MissingValues: ExpressibleByArgument {}
extension FieldDelimiter: ExpressibleByArgument {}
extension DecimalMark: ExpressibleByArgument {}
