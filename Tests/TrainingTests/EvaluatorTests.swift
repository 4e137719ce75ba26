import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// The validation loss, beside what the predictions of the same weights say.
@Suite struct EvaluatorTests {
  /// 53 rows, of which 11 are for validation and 5 for the test.
  private func request(_ change: (inout TrainingRequest) throws -> Void = { _ in }) throws -> TrainingRequest {
    var request = try TrainingCase.table.request(steps: 40)
    request.hyperparameters.split = try Split(validation: 0.2, test: 0.1)
    request.hyperparameters.evaluateEvery = 7
    try change(&request)
    return request
  }

  /// The mean squared error of a run's last checkpoint over its validation targets, in scaled units.
  private func meanSquare(_ bench: Bench) throws -> Double {
    let recorded = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let table = try #require(recorded.table)
    let data = try PredictionData(table, recorded.hyperparameters)
    let checkpoint = try bench.reader.checkpoint(runID: 1, .step(35))
    let outputs = try Predictor(recorded, at: checkpoint, in: bench.reader, kernels: bench.kernels).predict(data)
    let parts = try #require(data.parts)
    let scale = recorded.hyperparameters.scaling.numbers(of: ["flow"])[0].scale
    let errors = parts.indices.filter { parts[$0] == .validation }
      .map { Double(outputs[$0] - data.targets[$0]) / scale }
    return errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
  }

  @Test(arguments: [Scaling.Method.none, .standard, .minmax], [1, 2])
  func isWhatPredictionsSay(method: Scaling.Method, streams: Int) throws {
    let bench = try Bench()
    try bench.train(
      try request {
        try $0.hyperparameters.fitScaling(method, to: try waves())
        $0.hyperparameters.batchSize = streams
      })
    let run = try bench.content()
    let evaluations = run.evaluations.filter { $0.step == 35 }
    #expect(evaluations.map(\.split) == ["training", "validation"])
    let recorded = try #require(evaluations.last?.loss)
    #expect(abs(recorded - (try meanSquare(bench))) < 1e-5 * recorded)
    #expect(run.checkpoints[35]?.monitorValue == recorded)
  }

  @Test func progressTellsTheLastOne() throws {
    let bench = try Bench()
    var last: TrainingProgress?
    let session = try TrainingSession.start(try request(), in: bench.store, kernels: bench.kernels)
    _ = try session.train(stop: StopRequest()) { last = $0 }
    let recorded = try #require(try bench.content().evaluations.last)
    #expect((recorded.split, recorded.step) == ("validation", 35))
    #expect(last?.validationLoss == recorded.loss)
  }

  @Test func seriesAreScoredFromTheirOwnBeginnings() throws {
    let bench = try Bench()
    try bench.train(
      try request {
        $0.data = .table(try series())
        $0.hyperparameters.sequences = 3
      })
    let recorded = try #require(try bench.content().evaluations.last { $0.step == 35 }?.loss)
    #expect(abs(recorded - (try meanSquare(bench))) < 1e-5 * recorded)
  }

  @Test func rowsBehindThePartAreNotLookedAt() throws {
    let (bench, other) = (try Bench(), try Bench())
    for (bench, salt) in [(bench, Float(0)), (other, 9)] {
      try bench.train(
        try request {
          let plain = try waves()
          // The last five rows are the test part.
          let values = plain.values.enumerated().map { $0 >= 2 * 48 ? $1 + salt : $1 }
          $0.data = .table(try Table(source: "waves.csv", columns: plain.columns, values: values))
          $0.hyperparameters.isBidirectional = true
        })
    }
    #expect(try bench.content().evaluations == other.content().evaluations)
    #expect(try bench.content().steps.map(\.loss) == other.content().steps.map(\.loss))
  }

  @Test func learningTakesNoRowOfAnotherPart() throws {
    let (bench, other) = (try Bench(), try Bench())
    try bench.train(try request())
    try other.train(
      try request {
        let plain = try waves()
        $0.data = .table(
          try Table(source: "waves.csv", columns: plain.columns, values: Array(plain.values.prefix(2 * 37))))
        $0.hyperparameters.split = .none
      })
    #expect(try bench.content().steps.map(\.loss) == other.content().steps.map(\.loss))
  }

  @Test func anEmptyPartIsRefused() throws {
    let bench = try Bench()
    let error = try #require(throws: SequenceError.self) {
      try bench.train(try request { $0.hyperparameters.split = try Split(validation: 0.001, test: 0) })
    }
    #expect(error.message.contains("validation") && error.hint?.contains("--validation") == true)
    #expect(try bench.reader.runs().isEmpty)
  }
}
