import Sequences

/// Forecasts of rows that have come, each made from the rows before an origin that moves on row by row, and their errors
/// beside those of the naive forecasts.
///
/// For each row t from the one before the first tested row to the one before the last tested one, the rows t + 1, t + 2, … up to
/// the horizon are forecast, as far as they are there. Rows up to t are given as they came, and so are, for the rows
/// after t, inputs that are not forecast. The network is trained no further.
public struct Backtest: Sendable {
  /// Who forecasts.
  public enum Method: Sendable, Hashable {
    /// The run's network.
    case network
    /// Each row is like the origin.
    case naive
    /// Each row is like the one a season of so many rows before.
    case seasonalNaive(Int)
  }

  /// O, the columns that are forecast.
  public let targets: [String]
  /// The greatest number of rows that are forecast at once, as far as so many are there.
  public let horizon: Int
  /// The rows of a season; nil where none is known.
  public let season: Int?
  /// The network, the naive forecast, and the seasonal one where a season is known.
  public let methods: [Method]
  /// [methods, O, horizon]
  private var errors: [[[ForecastErrors]]]

  /// Forecasts and compares.
  ///
  /// - Parameters:
  ///   - forecaster: the network that forecasts.
  ///   - rows: the rows that are forecast, and those before them.
  ///   - horizon: how many rows are forecast from each origin.
  ///   - season: the rows of a season; without it, what the rows' labels tell of (`Table.season`), where all series have
  ///     a season before the tested rows.
  /// - Throws: `TrainingError` or `SequenceError` when a number is out of range, a series has too few rows, or a forecast
  ///   is not finite.
  public init(_ forecaster: SeriesForecaster, over rows: BacktestRows, horizon: Int, season: Int? = nil) throws {
    targets = forecaster.hyperparameters.targets
    let series = rows.tested.indices.filter { !rows.tested[$0].isEmpty }
    let longest = series.map { rows.tested[$0].count }.max() ?? 0
    guard (1...max(longest, 1)).contains(horizon) else {
      throw TrainingError(
        "the horizon is \(horizon) rows, not from 1 to \(longest), the rows of the test",
        hint: "choose a horizon of which the test has a row for each step")
    }
    self.horizon = horizon
    self.season = try Self.season(given: season, rows, series)
    methods = [.network, .naive] + (self.season.map { [.seasonalNaive($0)] } ?? [])
    let none = [ForecastErrors](repeating: ForecastErrors(), count: horizon)
    errors = methods.map { [targets] _ in targets.map { _ in none } }
    for number in series { try add(number, of: rows, forecaster) }
  }

  /// The errors of a method's forecasts of one target, over those that are `steps` rows ahead.
  /// - Precondition: there are such a method, target and steps.
  public func errors(_ method: Method, target: Int, steps: ClosedRange<Int>) -> ForecastErrors {
    let place = methods.firstIndex(of: method) ?? 0
    return steps.reduce(into: ForecastErrors()) { $0.add(errors[place][target][$1 - 1]) }
  }

  private static func season(given: Int?, _ rows: BacktestRows, _ series: [Int]) throws -> Int? {
    guard let season = given ?? rows.table.season else { return nil }
    guard season >= 2 else {
      throw TrainingError(
        "the season is \(season) rows; it must be at least 2", hint: "the naive forecast is that of a season of one row"
      )
    }
    let short = series.first { rows.known($0) < season }
    guard let short else { return season }
    if given == nil { return nil }
    throw TrainingError(
      "\(rows.table.source)\(rows.table.subject(ofSequence: short)): \(rows.known(short)) rows come before the test, fewer"
        + " than the \(season) of a season",
      hint: "choose a shorter --season")
  }

  private mutating func add(_ number: Int, of rows: BacktestRows, _ forecaster: SeriesForecaster) throws {
    let series = try rows.table.series(number, upTo: rows.tested[number].upperBound)
    let (O, known) = (targets.count, rows.known(number))
    let actual = try series.values(of: targets)
    let naive = NaiveForecast(season: season ?? 1)
    let scales = (0..<O).map { target in
      naive.scale(of: (0..<known).map { actual[$0 * O + target] })
    }
    let subject = rows.table.subject(ofSequence: number)
    guard known > 0 else {
      throw TrainingError(
        "\(rows.table.source)\(subject): no row comes before the test", hint: "give each series some rows to begin with"
      )
    }
    try forecaster.run(over: series, subject: subject, origins: known - 1..<series.rowCount - 1, horizon: horizon) {
      origin, forecasts in
      for step in 1...min(horizon, series.rowCount - 1 - origin) {
        for target in 0..<O {
          let y = Double(actual[(origin + step) * O + target])
          for (place, method) in methods.enumerated() {
            let f =
              method.naive.map { actual[$0.row(origin: origin, step: step) * O + target] }
              ?? forecasts[(step - 1) * O + target]
            errors[place][target][step - 1].add(actual: y, forecast: Double(f), scale: scales[target])
          }
        }
      }
    }
  }
}

extension Backtest.Method {
  /// The naive forecast that it is; nil for the network.
  fileprivate var naive: NaiveForecast? {
    switch self {
    case .network: nil
    case .naive: .naive
    case .seasonalNaive(let season): NaiveForecast(season: season)
    }
  }
}

extension BacktestRows {
  /// The rows of a sequence before the tested ones.
  fileprivate func known(_ number: Int) -> Int { tested[number].lowerBound - table.rows(ofSequence: number).lowerBound }
}
