import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// Runs that see and learn changes from row to row.
@Suite struct DifferencedRunTests {
  private static func request(streams: Int = 1, steps: Int = 10) throws -> TrainingRequest {
    var request = try TrainingCase.table.request(steps: steps)
    request.hyperparameters.batchSize = streams
    request.hyperparameters.isDifferenced = true
    return request
  }

  private static func predictor(_ bench: Bench) throws -> (RecordedRun, Predictor) {
    let run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let last = try bench.reader.checkpoint(runID: 1, .last)
    return (run, try Predictor(run, at: last, in: bench.reader, kernels: bench.kernels))
  }

  /// A learning rate that is zero in float32 leaves the weights as they are, so that one network trains and predicts.
  @Test(arguments: [1, 3]) func predictionsAreTheTrainingsOutputsInTheDatasUnits(streams: Int) throws {
    let bench = try Bench()
    var request = try Self.request(streams: streams)
    request.hyperparameters.optimizer.learningRate = 1e-300
    try bench.train(request)
    let (run, predictor) = try Self.predictor(bench)
    let rows = try PredictionData(try waves(), run.hyperparameters)
    let outputs = predictor.predict(rows)
    let task = try TableTask(
      table: try waves(), inputs: ["level", "flow"], targets: ["flow"], shift: 1, window: 5, batchSize: streams)
    let losses = try bench.content().steps.map(\.loss)
    for w in 0..<min(10, try #require(task.windowsPerPass)) {
      let cells = (0..<5).flatMap { t in (0..<streams).map { task.row(window: w, time: t, stream: $0) } }
      let squares = cells.map { row in
        let error = Double(outputs[row]) - Double(rows.targets[row])
        return error * error
      }
      let expected = squares.reduce(0, +) / Double(cells.count)
      #expect(abs(losses[w] - expected) <= 1e-5 * expected, "window \(w)")
    }
  }

  @Test func itSeesTheSameAtAnotherLevel() throws {
    let bench = try Bench()
    var request = try Self.request(steps: 20)
    request.hyperparameters.targets = ["level", "flow"]
    try bench.train(request)
    let (_, predictor) = try Self.predictor(bench)
    // Numbers of few digits, so that no sum is rounded.
    let inputs: [Float] = [0.5, 2, 0.25, 1, 1.5, -1, 0.75, 0]
    let far = predictor.predict(inputs.map { $0 + 1_024 })
    for (near, far) in zip(predictor.predict(inputs), far) { #expect(abs(near + 1_024 - far) < 1e-3) }
    #expect(predictor.predict(inputs).suffix(6) == predictor.predict(Array(inputs), after: [0.5, 2]).suffix(6))
    #expect(predictor.predict(inputs) != predictor.predict(inputs, after: [0, 0]))
  }

  @Test func forecastsAddItsChangesUp() throws {
    let bench = try Bench()
    var request = try Self.request(steps: 20)
    request.hyperparameters.targets = ["level", "flow"]
    try request.hyperparameters.fitScaling(.standard, to: try waves())
    try bench.train(request)
    let (run, predictor) = try Self.predictor(bench)
    let last = try bench.reader.checkpoint(runID: 1, .last)
    let forecaster = try SeriesForecaster(run, at: last, in: bench.reader, kernels: bench.kernels)
    let forecast = try Forecast(forecaster, of: run, horizon: 6).series[0].values
    // The twin predicts the next row from all before it, and takes that for known.
    var known = try PredictionData(try waves(), run.hyperparameters).inputs
    for row in 0..<6 {
      let next = Array(predictor.predict(known).suffix(2))
      for (found, expected) in zip(forecast[2 * row..<2 * row + 2], next) { #expect(abs(found - expected) < 1e-4) }
      known += next
    }
  }

  static let refusals: [Refusal<Hyperparameters>] = [
    Refusal("--shift is 0") { $0.shift = 0 },
    Refusal("--shift is 2") { $0.shift = 2 },
    Refusal("the target \"flow\" is none of them") { $0.inputs = ["level"] },
    Refusal("sine task") { $0.data = "sine" },
    Refusal("classes") {
      $0.loss = .crossEntropy
      $0.classes = 3
    },
  ]

  @Test(arguments: refusals) func whatHasNoChangesIsRefused(refusal: Refusal<Hyperparameters>) throws {
    var request = try Self.request()
    refusal.change(&request.hyperparameters)
    let error = try #require(throws: TrainingError.self) { try request.hyperparameters.validate() }
    #expect(error.message.hasPrefix("--difference ") && error.message.contains(refusal.words), "\(error.message)")
    #expect(error.hint != nil)
  }

  @Test func itIsStoredOnlyWhereItIsWanted() throws {
    var hyperparameters = try Self.request().hyperparameters
    #expect(hyperparameters.stored["difference"] == .integer(1))
    #expect(try Hyperparameters(stored: hyperparameters.stored) == hyperparameters)
    hyperparameters.isDifferenced = false
    #expect(hyperparameters.stored["difference"] == nil)
  }
}
