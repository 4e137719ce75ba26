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

  @Option(help: ArgumentHelp("The column that names a CSV file's rows, such as their dates.", valueName: "column"))
  var index: String?

  @Option(
    help: ArgumentHelp(
      "The column that tells the series in a CSV file apart; the state starts at zero with each.", valueName: "column"))
  var series: String?

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
      "Streams side by side: a table's rows are cut into so many, sequences are taken so many at a time. "
        + "(a new run: 1; all sequences, where they are equally long)", valueName: "streams"))
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

  @Option(
    help: """
      How columns are scaled before the network sees them: to mean 0 and deviation 1 (standard), or to 0 … 1 (minmax), as \
      they are in the training part. Losses are then those of scaled values; predictions, errors and .onnx exports are in \
      the data's own units. (a new run: none)
      """)
  var scale: Scaling.Method?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the rows, before the test part, that the network never learns from and evaluations score. (a new run: 0)",
      valueName: "share"))
  var validation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the rows, at the end of each series, that nothing is chosen by. (a new run: 0)", valueName: "share")
  )
  var test: Double?

  @Flag(inversion: .prefixedNo, help: "Whether the store keeps the data's values; without, a resume needs the file.")
  var embedData = true

  /// Is a file or a column of it named?
  var namesData: Bool { data != nil || inputs != nil || targets != nil || batchFirst != nil || isReadAnew }

  private var isReadAnew: Bool {
    missing != nil || delimiter != nil || decimal != nil || index != nil || series != nil
  }

  mutating func validate() throws {
    try requireAtLeast(1, ("--window", window), ("--batch-size", batchSize))
    try requireAtLeast(0, ("--shift", shift))
    try require("--validation", validation, "a share, at least 0 and below 1") { $0 >= 0 && $0 < 1 }
    try require("--test", test, "a share, at least 0 and below 1") { $0 >= 0 && $0 < 1 }
    if data == "-", !embedData {
      throw ValidationError("--no-embed-data leaves the data in their file, and standard input is none")
    }
  }

  /// - Throws: `SequenceError` for parts that leave nothing to train on.
  func apply(to hyperparameters: inout Hyperparameters) throws {
    let split = hyperparameters.split
    hyperparameters.split = try Split(validation: validation ?? split.validation, test: test ?? split.test)
    if let index { hyperparameters.index = index }
    if let series { hyperparameters.series = series }
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
extension Scaling.Method: ExpressibleByArgument {}
extension FieldDelimiter: ExpressibleByArgument {}
extension DecimalMark: ExpressibleByArgument {}
