import RunStore
import Testing
import Training

/// The monitored value, looked at through what is recorded of it.
@Suite struct MonitorTests {
  @Test func valuesAreTheMeansSinceTheLastOne() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 100
    request.hyperparameters.evaluateEvery = 7
    try bench.train(request)
    let run = try bench.content()
    #expect(run.evaluations.map(\.step) == Array(stride(from: 7, through: 98, by: 7)))
    for evaluation in run.evaluations {
      let losses = run.steps[evaluation.step - 7..<evaluation.step].map(\.loss)
      #expect(evaluation.loss == losses.reduce(0, +) / 7)
      #expect(evaluation.split == "training")
    }
  }

  @Test func bestCheckpointIsTheLowestValue() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let run = try bench.content()
    let lowest = try #require(run.evaluations.min { ($0.loss, $0.step) < ($1.loss, $1.step) })
    let best = try bench.reader.checkpoint(runID: 1, .best)
    #expect((best.step, best.monitorValue) == (lowest.step, lowest.loss))
    #expect(try bench.reader.runs().first?.bestStep == lowest.step)
    for (step, checkpoint) in run.checkpoints where step > 0 {
      #expect(checkpoint.monitorValue == run.evaluations.first { $0.step == step }?.loss)
    }
  }

  /// Neither a kill nor a stop makes a later, worse value the best.
  @Test(arguments: TrainingCase.all) func bestSurvivesInterruptions(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request(), stop: stopAtOnce())
    for _ in 0..<40 { try bench.resume(stop: stopAtOnce()) }
    try bench.resume()
    let run = try bench.content()
    #expect(run.falseBests == [])
    #expect(run.bestStep == run.monitored.min { ($0.loss, $0.step) < ($1.loss, $1.step) }?.step)
  }
}
