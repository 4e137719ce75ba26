import ArgumentParser
import RunStore
import Training

/// Which rows are forecast.
enum BacktestPart: String, ExpressibleByArgument, CaseIterable {
  case validation, test
}

struct BacktestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Measure a run's forecasts of rows that it never saw, beside naive forecasts of them.",
    discussion: """
      From each row of the test part (--test of `keepstep train`) but its last one, and from the row before it, the rows \
      ahead are forecast as `keepstep forecast` does, knowing what came until then; inputs that are not forecast are taken as \
      they came. --data names a file that begins with the run's data and goes on: then all of it after the training and \
      validation rows is the test. The naive forecast is the last known value, the seasonal one that of a season before.

      mae and rmse are the mean absolute and the root mean square error in the data's units. mase is the mean absolute error \
      over that which the naive forecast (the seasonal one, where there is a season) had one step (one season) ahead in the \
      rows before the test (Hyndman and Koehler 2006; M4). smape is the mean of 200 |y - f| / (|y| + |f|), in percent (M4). \
      Below the naive forecasts' errors, the network earns its keep. Example: keepstep backtest co2 --horizon 36
      """)

  @Argument(help: ArgumentHelp("The run, with an optional checkpoint; else its best.", valueName: "run[@checkpoint]"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many rows are forecast from each; the errors are over all of them.", valueName: "rows"))
  var horizon = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows of a season. (default: of a year, a week or a day, where the index tells of months, weeks, days or hours)",
      valueName: "rows"))
  var season: Int?

  @Flag(help: "Show the errors of each step ahead, too.")
  var bySteps = false

  @Option(help: "test, or validation: choose a run's options by that part, and look at the test last.")
  var part = BacktestPart.test

  @Option(help: ArgumentHelp("A file that begins with the run's data and goes on.", valueName: "file"))
  var data: String?

  @OptionGroup var kernelOptions: KernelOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file instead.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "csv, json, jsonl (a JSON object a line) or npz (each column an array) for programs, table for people. "
        + "(default: what the file's ending says, else table)"))
  var format: PredictionFormat?

  mutating func validate() throws {
    try requireAtLeast(1, ("--horizon", horizon))
    try requireAtLeast(2, ("--season", season))
    if format == .npz, output == nil {
      throw ValidationError("--format npz is no text, and needs a file to be written to: -o errors.npz")
    }
    if part == .validation, data != nil {
      throw ValidationError("--data brings rows after the run's own, and --part validation is about rows among these")
    }
  }

  func run() throws {
    let format = try format ?? output.map(PredictionFormat.init(path:)) ?? .table
    let reader = try storeOptions.openForReading()
    let (record, checkpoint) = try reference.resolve(in: reader)
    let recorded = try RecordedRun(record, in: reader)
    let forecaster = try SeriesForecaster(recorded, at: checkpoint, in: reader, kernels: try kernelOptions.kernels())
    let other = try data.map { try RecordedRun.forPrediction(record, in: reader, dataPath: $0) }
    let rows =
      part == .validation
      ? try BacktestRows(validationPartOf: recorded) : try BacktestRows(recorded, goingOnIn: other)
    let backtest = try Backtest(forecaster, over: rows, horizon: horizon, season: season)
    try BacktestTable(backtest, bySteps: bySteps).table.emit(format, to: output)
    if backtest.season == nil {
      Console.note("note: no seasonal naive forecast: the rows of a season are not known; --season tells them")
    }
  }
}
