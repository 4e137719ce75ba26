import Recurrent
import RunStore
import Sequences
import Testing
import Training

@Suite struct BacktestTests {
  /// A run of 53 rows, of which the last 11 are its test part, and its network.
  private struct Scene {
    let bench: Bench
    let run: RecordedRun
    let forecaster: SeriesForecaster

    init(_ table: Table? = nil, test: Double = 0.2, _ change: (inout Hyperparameters) -> Void = { _ in }) throws {
      bench = try Bench()
      var request = try TrainingCase.table.request(steps: 20)
      if let table { request.data = .table(table) }
      request.hyperparameters.inputs = ["level", "flow"]
      request.hyperparameters.targets = ["flow", "level"]
      request.hyperparameters.split = try Split(validation: 0, test: test)
      change(&request.hyperparameters)
      try bench.train(request)
      run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
      let best = try bench.reader.checkpoint(runID: 1, .best)
      forecaster = try SeriesForecaster(run, at: best, in: bench.reader, kernels: bench.kernels)
    }

    func backtest(horizon: Int = 1, season: Int? = nil) throws -> Backtest {
      try Backtest(forecaster, over: try BacktestRows(run), horizon: horizon, season: season)
    }

    /// Its own data and more rows, as a file.
    func goingOn(_ table: Table) throws -> RecordedRun {
      let path = try bench.folder.write(csv(table), to: "more.csv")
      return try RecordedRun.forPrediction(run.record, in: bench.reader, dataPath: path)
    }
  }

  @Test func everyRowOfTheTestIsForecastFromEachOriginBeforeIt() throws {
    let scene = try Scene()
    #expect(try BacktestRows(scene.run).tested == [42..<53])
    let backtest = try scene.backtest(horizon: 4, season: 5)
    #expect(backtest.methods == [.network, .naive, .seasonalNaive(5)])
    let values = try waves().values
    // The twin: a forecast from the end of each beginning of the data.
    var expected = [[ForecastErrors]](repeating: Array(repeating: ForecastErrors(), count: 4), count: 3)
    let scale = NaiveForecast(season: 5).scale(of: (0..<42).map { values[2 * $0] })
    for origin in 41..<52 {
      let known = try Table(source: "known", columns: ["flow", "level"], values: Array(values.prefix(2 * origin + 2)))
      let forecast = try Forecast(scene.forecaster, of: try scene.goingOn(known), horizon: 4).series[0].values
      for step in 1...min(4, 52 - origin) {
        let seasonal = NaiveForecast(season: 5).row(origin: origin, step: step)
        let forecasts = [forecast[2 * (step - 1)], values[2 * origin], values[2 * seasonal]]
        for (method, value) in forecasts.enumerated() {
          expected[method][step - 1].add(
            actual: Double(values[2 * (origin + step)]), forecast: Double(value), scale: scale)
        }
      }
    }
    for (place, method) in backtest.methods.enumerated() {
      for step in 1...4 {
        #expect(backtest.errors(method, target: 0, steps: step...step) == expected[place][step - 1], "\(method) \(step)")
      }
    }
    #expect((1...4).map { backtest.errors(.naive, target: 1, steps: $0...$0).count } == [11, 10, 9, 8])
    #expect(backtest.errors(.network, target: 0, steps: 1...4).count == 38)
  }

  @Test func anotherFileGoesOnFromTheData() throws {
    let scene = try Scene(test: 0)
    let none = try #require(throws: TrainingError.self) { _ = try BacktestRows(scene.run) }
    #expect(none.message.contains("trained on all rows of waves.csv") && none.hint?.contains("--test 0.1") == true)
    let longer = try waves(rows: 60)
    #expect(try BacktestRows(scene.run, goingOnIn: try scene.goingOn(longer)).tested == [53..<60])
    #expect(throws: TrainingError.self) {
      _ = try BacktestRows(scene.run, goingOnIn: try scene.goingOn(try waves()))
    }
    let short = try #require(throws: TrainingError.self) {
      _ = try BacktestRows(scene.run, goingOnIn: try scene.goingOn(try waves(rows: 20)))
    }
    #expect(short.message.contains("more.csv has 20 rows") && short.message.contains("on 53"))
    var values = longer.values
    values[7] = 0.625
    let other = try Table(source: "t", columns: longer.columns, values: values)
    let changed = try #require(throws: TrainingError.self) {
      _ = try BacktestRows(scene.run, goingOnIn: try scene.goingOn(other))
    }
    #expect(changed.message.contains("more.csv, row 4: \"level\" is 0.625, and in the data"))
  }

  @Test func withATestPartAFileMayGoOnFromBeforeIt() throws {
    let scene = try Scene()
    #expect(try BacktestRows(scene.run, goingOnIn: try scene.goingOn(try waves(rows: 60))).tested == [42..<60])
    #expect(try BacktestRows(scene.run, goingOnIn: try scene.goingOn(try waves(rows: 45))).tested == [42..<45])
  }

  @Test func seriesAreForecastForThemselvesAndCountedTogether() throws {
    let labels = (1...50).map { "\($0 <= 30 ? $0 : $0 - 30)" }
    let table = try Table(
      source: "rivers.csv", columns: ["flow", "level"], values: try waves(rows: 50).values, sequenceLengths: [30, 20],
      sequenceNames: ["north", "south"], index: try SeriesIndex(name: "day", labels: labels))
    let scene = try Scene(table) { ($0.series, $0.index) = ("river", "day") }
    #expect(try BacktestRows(scene.run).tested == [24..<30, 46..<50])
    let backtest = try scene.backtest(horizon: 2)
    #expect(backtest.season == nil && backtest.methods == [.network, .naive])
    #expect((1...2).map { backtest.errors(.network, target: 0, steps: $0...$0).count } == [10, 8])
    let long = try #require(throws: TrainingError.self) { _ = try scene.backtest(season: 17) }
    #expect(long.message == "rivers.csv of series \"south\": 16 rows come before the test, fewer than the 17 of a season")
    #expect(try scene.backtest(season: 16).season == 16)
  }

  @Test(arguments: [0, -3, 12]) func aHorizonBeyondTheTestIsRefused(horizon: Int) throws {
    let error = try #require(throws: TrainingError.self) { _ = try Scene().backtest(horizon: horizon) }
    #expect(error.message == "the horizon is \(horizon) rows, not from 1 to 11, the rows of the test")
  }

  @Test(arguments: [-1, 0, 1]) func aSeasonIsTwoRowsAtLeast(season: Int) throws {
    let error = try #require(throws: TrainingError.self) { _ = try Scene().backtest(season: season) }
    #expect(error.message.hasPrefix("the season is \(season) rows"))
  }
}
