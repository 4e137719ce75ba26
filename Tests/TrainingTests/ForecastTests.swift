import Recurrent
import RunStore
import Sequences
import Testing
import Training

@Suite struct ForecastTests {
  /// A run whose targets are among its inputs, and its network.
  private static func trained(
    _ table: Table? = nil, _ change: (inout Hyperparameters) -> Void = { _ in }
  ) throws -> (bench: Bench, run: RecordedRun, forecaster: SeriesForecaster) {
    let bench = try Bench()
    var request = try TrainingCase.table.request(steps: 20)
    if let table { request.data = .table(table) }
    request.hyperparameters.inputs = ["level", "flow"]
    request.hyperparameters.targets = ["flow", "level"]
    change(&request.hyperparameters)
    try bench.train(request)
    let run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let best = try bench.reader.checkpoint(runID: 1, .best)
    return (bench, run, try SeriesForecaster(run, at: best, in: bench.reader, kernels: bench.kernels))
  }

  /// Labelled rows of two named series.
  private static func series(labels: [String]? = nil) throws -> Table {
    try Table(
      source: "rivers.csv", columns: ["flow", "level"], values: try waves(rows: 50).values, sequenceLengths: [30, 20],
      sequenceNames: ["north", "south"],
      index: try SeriesIndex(
        name: "month", labels: labels ?? (1...50).map { $0 <= 30 ? month($0) : month($0 - 20) }))
  }

  /// The month that comes `number` months after 1999.
  private static func month(_ number: Int) -> String {
    let (year, month) = (number - 1).quotientAndRemainder(dividingBy: 12)
    return "\(2000 + year)-\(month < 9 ? "0" : "")\(month + 1)"
  }

  @Test func theFirstRowsAheadAreWhatThePredictionsSay() throws {
    let (bench, run, forecaster) = try Self.trained { $0.shift = 3 }
    let forecast = try Forecast(forecaster, of: run, horizon: 3)
    let best = try bench.reader.checkpoint(runID: 1, .best)
    let predictor = try Predictor(run, at: best, in: bench.reader, kernels: bench.kernels)
    let predicted = predictor.predict(try PredictionData(try waves(), run.hyperparameters))
    #expect(forecast.series.map(\.values) == [Array(predicted.suffix(6))])
    #expect(forecast.targets == ["flow", "level"] && forecast.index == nil && forecast.seriesColumn == nil)
    #expect(forecast.series[0].firstRow == 53 && forecast.series[0].labels == nil)
    let longer = try Forecast(forecaster, of: run, horizon: 10)
    #expect(longer.series[0].values.count == 20 && Array(longer.series[0].values.prefix(6)) == forecast.series[0].values)
  }

  @Test func eachSeriesForItselfWithTheLabelsCarriedOn() throws {
    let (bench, run, forecaster) = try Self.trained(try Self.series()) { ($0.series, $0.index) = ("river", "month") }
    let forecast = try Forecast(forecaster, of: run, horizon: 4)
    #expect(forecast.index == "month" && forecast.seriesColumn == "river")
    #expect(forecast.series.map(\.name) == ["north", "south"] && forecast.series.map(\.firstRow) == [30, 20])
    #expect(forecast.series.map(\.labels) == [(31...34).map(Self.month), (31...34).map(Self.month)])
    let south = Array(try Self.series().values.suffix(40))
    let rows = (0..<20).map { "south,\(Self.month($0 + 11)),\(south[2 * $0]),\(south[2 * $0 + 1])" }
    let path = try bench.folder.write((["river,month,flow,level"] + rows).joined(separator: "\n"), to: "south.csv")
    let alone = try RecordedRun.forPrediction(run.record, in: bench.reader, dataPath: path)
    #expect(try Forecast(forecaster, of: alone, horizon: 4).series.map(\.values) == [forecast.series[1].values])
  }

  private static let columns: @Sendable (inout Hyperparameters) -> Void = { $0.targets = ["flow"] }

  @Test func otherInputsComeFromTheRowsAfterTheEnd() throws {
    let (_, run, forecaster) = try Self.trained(nil, Self.columns)
    func forecast(_ levels: [Float]) throws -> [Float] {
      let later = try Table(source: "later.csv", columns: ["level"], values: levels)
      return try Forecast(forecaster, of: run, later: later, horizon: 4).series[0].values
    }
    let values = try forecast([0.5, -0.25, 1])
    #expect(try forecast([0.5, -0.25, 1, 7]) == values, "rows beyond are not looked at")
    let other = try forecast([0.5, -0.25, 0])
    #expect(other.prefix(3) == values.prefix(3) && other[3] != values[3])
    // One row ahead, all is known.
    #expect(try Forecast(forecaster, of: run, horizon: 1).series[0].values == [values[0]])
  }

  @Test func laterRowsAreFoundByTheirLabels() throws {
    let (_, run, forecaster) = try Self.trained(try Self.series(), Self.columns)
    func later(_ months: [Int], _ more: [Int]) throws -> Table {
      let all = months + more
      return try Table(
        source: "later.csv", columns: ["level"], values: all.map { Float($0) / 64 },
        sequenceLengths: [months.count, more.count], sequenceNames: ["south", "north"],
        index: try SeriesIndex(name: "month", labels: all.map(Self.month)))
    }
    let plain = try Forecast(forecaster, of: run, later: try later([31, 32], [31, 32, 33]), horizon: 3)
    let whole = try Forecast(forecaster, of: run, later: try later(Array(20...34), Array(29...33)), horizon: 3)
    #expect(plain.series.map(\.values) == whole.series.map(\.values))
    let error = try #require(throws: TrainingError.self) {
      _ = try Forecast(forecaster, of: run, later: try later([31, 32], [32, 33]), horizon: 3)
    }
    #expect(error.message.contains("series \"north\" comes \"2002-07\", and its row for that is \"2002-08\""))
  }

  @Test func missingRowsAreNamed() throws {
    let (_, run, forecaster) = try Self.trained(nil, Self.columns)
    let none = try #require(throws: TrainingError.self) { _ = try Forecast(forecaster, of: run, horizon: 5) }
    #expect(none.message.contains("also sees \"level\"") && none.message.contains("the 4 rows after"))
    #expect(none.hint?.contains("--data") == true)
    let later = try Table(source: "later.csv", columns: ["level"], values: [1, 2])
    let few = try #require(throws: TrainingError.self) {
      _ = try Forecast(forecaster, of: run, later: later, horizon: 5)
    }
    #expect(few.message.contains("later.csv has 2 rows") && few.message.contains("4 of \"level\" are needed"))
  }

  @Test(arguments: [0, -1, 1_000_001, Int.max]) func aHorizonOutOfRangeIsRefused(horizon: Int) throws {
    let (_, run, forecaster) = try Self.trained()
    let error = try #require(throws: TrainingError.self) { _ = try Forecast(forecaster, of: run, horizon: horizon) }
    #expect(error.message.hasPrefix("the horizon is \(horizon) rows, not from 1 to 1000000"))
  }

  @Test func labelsThatCannotBeCarriedOnAreNamed() throws {
    let labels = (1...50).map { $0 == 3 ? "spring" : $0 <= 30 ? Self.month($0) : Self.month($0 - 20) }
    let (_, run, forecaster) = try Self.trained(try Self.series(labels: labels))
    let error = try #require(throws: SequenceError.self) { _ = try Forecast(forecaster, of: run, horizon: 2) }
    #expect(error.message.contains("row 3: \"spring\""))
  }
}
