import ArgumentParser
import RunStore
import Training

struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Forecast the rows after the end of a run's data.",
    discussion: """
      The network, trained with --shift 1 or more to give its own inputs' later values, goes through its data from the \
      zero state, and is then fed its own predictions. A line a row, with the index carried on (or its number), and of \
      each series in turn. Inputs that it does not predict have to be known for the rows ahead: --data names a file that \
      has them, one row for each step after the end; rows up to the end are passed over where an index tells them. How \
      far to trust it, `keepstep backtest` measures. Example: keepstep forecast co2 --horizon 36 -o forecast.csv
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint; else its best.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("How many rows are forecast.", valueName: "rows"))
  var horizon: Int

  @Option(
    help: ArgumentHelp("A file with the later rows of inputs that the network does not forecast.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Another file with the run's columns, from whose end it is forecast; not the run's own data.", valueName: "file"))
  var history: String?

  @OptionGroup var kernelOptions: KernelOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file instead.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "csv, json, jsonl (a JSON object a line) or npz (each column an array) for programs, table for people. "
        + "(default: what the file's ending says, else csv)"))
  var format: PredictionFormat?

  mutating func validate() throws {
    try requireAtLeast(1, ("--horizon", horizon))
    if format == .npz, output == nil {
      throw ValidationError("--format npz is no text, and needs a file to be written to: -o forecast.npz")
    }
  }

  func run() throws {
    let format = try format ?? output.map(PredictionFormat.init(path:)) ?? .csv
    let reader = try storeOptions.openForReading()
    let (record, checkpoint) = try reference.resolve(in: reader)
    let recorded = try RecordedRun.forPrediction(record, in: reader, dataPath: history)
    let forecaster = try SeriesForecaster(recorded, at: checkpoint, in: reader, kernels: try kernelOptions.kernels())
    let forecast = try Forecast(
      forecaster, of: recorded, later: try data.map { try forecaster.laterInputs(path: $0) }, horizon: horizon)
    try ForecastTable(forecast).table.emit(format, to: output)
  }
}
