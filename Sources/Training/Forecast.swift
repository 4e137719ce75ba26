import Sequences

/// What a network forecasts after the end of its data.
public struct Forecast: Sendable {
  /// One sequence's.
  public struct Series: Sendable {
    /// The sequence, counted from 0.
    public let number: Int
    /// Its name, where it has one.
    public let name: String?
    /// The rows' labels, carried on from the data's, where those have some.
    public let labels: [String]?
    /// The first forecast's row within the sequence, counted from 0: the rows that are known.
    public let firstRow: Int
    /// The forecasts [horizon, O], in the data's own units.
    public let values: [Float]
  }

  /// One a sequence of the data.
  public let series: [Series]
  /// O, the columns that are forecast.
  public let targets: [String]
  /// The column that labels the rows, where there is one.
  public let index: String?
  /// The column that names the series, or `sequence` where they are only numbered; nil where there is one only.
  public let seriesColumn: String?

  /// More is a slip of the finger, and would fill the memory.
  private static let maximalHorizon = 1_000_000

  /// Forecasts the `horizon` rows after the end of each sequence of a run's data.
  ///
  /// - Parameters:
  ///   - forecaster: the network that forecasts.
  ///   - recorded: the run, with the data that are forecast.
  ///   - later: the inputs of those rows that the network does not forecast.
  ///   - horizon: how many rows, from 1 to 1,000,000.
  /// - Throws: `TrainingError` or `SequenceError` for a horizon below 1, inputs that are missing, labels that cannot be
  ///   carried on, or a forecast that is not finite.
  public init(_ forecaster: SeriesForecaster, of recorded: RecordedRun, later: Table? = nil, horizon: Int) throws {
    guard (1...Self.maximalHorizon).contains(horizon) else {
      throw TrainingError(
        "the horizon is \(horizon) rows, not from 1 to \(Self.maximalHorizon)", hint: "--horizon 36 forecasts 36 rows")
    }
    let feedback = forecaster.feedback
    let table = try recorded.requiredTable()
    let inputs = LaterInputs(feedback, in: later, of: forecaster.name)
    targets = forecaster.hyperparameters.targets
    index = table.index?.name
    let numbered = table.sequenceCount > 1 ? "sequence" : nil
    seriesColumn = table.sequenceNames == nil ? numbered : forecaster.hyperparameters.series ?? "series"
    series = try (0..<table.sequenceCount).map { number in
      let rows = table.rows(ofSequence: number)
      let count = max(0, horizon - feedback.shift)
      let values = try inputs.values(after: table, sequence: number, count: count)
      let series = try table.series(number, followedBy: values, of: feedback.others, count: count)
      let subject = table.subject(ofSequence: number)
      var forecasts: [Float] = []
      try forecaster.run(over: series, subject: subject, origins: rows.count - 1..<rows.count, horizon: horizon) {
        forecasts = $1
      }
      return Series(
        number: number, name: table.sequenceNames?[number],
        labels: table.index == nil ? nil : try table.nextLabels(horizon, ofSequence: number), firstRow: rows.count,
        values: forecasts)
    }
  }
}
