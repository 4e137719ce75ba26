import RunStore
import Testing
import Training

/// Which checkpoints a finished run has: a function of its steps, not of the instants at which commits took place.
@Suite struct RetentionTests {
  struct Setting: CustomTestStringConvertible, Sendable {
    let every: Int
    let keep: Int
    let evaluateEvery: Int

    var testDescription: String { "a checkpoint every \(every) steps, keep \(keep), evaluate every \(evaluateEvery)" }
  }

  static let settings = [1, 2, 10].flatMap { every in
    [1, 2, 5].flatMap { keep in [1, 3].map { Setting(every: every, keep: keep, evaluateEvery: $0) } }
  }

  @Test(arguments: settings) func firstLastBestAndTheNewestStay(setting: Setting) throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.seed = 0  // its best comes early
    request.steps = 320
    request.hyperparameters.checkpointEvery = setting.every
    request.hyperparameters.keep = setting.keep
    request.hyperparameters.evaluateEvery = setting.evaluateEvery
    try bench.train(request)
    let run = try bench.content()
    let best = try #require(run.evaluations.min { ($0.loss, $0.step) < ($1.loss, $1.step) }?.step)
    #expect(best < 280, "many newer checkpoints follow the best, or this test tests less")
    let others = stride(from: setting.every, to: 320, by: setting.every).filter { $0 != best }
    #expect(run.checkpointSteps == Set([0, best, 320] + others.suffix(setting.keep)).sorted())
    #expect(run.checkpoints[best]?.monitorValue == run.evaluations.first { $0.step == best }?.loss)
    #expect(try bench.verify().difference == nil)
  }

  @Test func theBestIsKeptThroughEveryStop() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.hyperparameters.checkpointEvery = 2
    request.hyperparameters.keep = 1
    request.hyperparameters.evaluateEvery = 1
    request.steps = 80
    try bench.train(request, stop: stopAtOnce())
    for _ in 1..<80 { try bench.resume(stop: stopAtOnce()) }
    let run = try bench.content()
    let best = try #require(run.evaluations.min { ($0.loss, $0.step) < ($1.loss, $1.step) }?.step)
    #expect(Set(run.checkpointSteps).isSuperset(of: [0, best, 80]))
    #expect(run.checkpointSteps.count <= 4)
  }
}
