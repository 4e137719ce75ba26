import RunStore
import Testing
import Training

@Suite struct StopSignalsTests {
  @Test func aRequestIsRemembered() {
    let stop = StopRequest()
    #expect(stop.signal == nil)
    stop.request(signal: 15)
    #expect(stop.signal == 15)
  }

  @Test(arguments: [Int32(2), 15]) func theStepIsFinishedAndKept(signal: Int32) throws {
    let bench = try Bench()
    let stop = StopRequest()
    stop.request(signal: signal)
    let result = try bench.train(TrainingRequest(), stop: stop)
    #expect((result.signal, result.lastStep, result.stepsPlanned) == (signal, 1, 300))
    let run = try bench.content()
    #expect((run.run.status, run.run.stepsDone, run.run.finishedAt) == (.interrupted, 1, nil))
    #expect(run.checkpoints.mapValues(\.reason) == [0: .start, 1: .signal])
    let segment = try #require(try bench.reader.segments(runID: 1).first)
    #expect((segment.firstStep, segment.lastStep, segment.endReason) == (1, 1, "interrupted"))
    #expect(!bench.reader.isHeld(runID: 1))
  }

  @Test func aStopAtTheEndIsNoStop() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 1
    let result = try bench.train(request, stop: stopAtOnce())
    #expect((result.signal, result.lastStep) == (nil, 1))
    #expect(try bench.reader.run("1").status == .finished)
  }

  /// A checkpoint that is due at the last step anyway is that step's one; an evaluated one has its value.
  @Test func aStopBesideACheckpointMakesOne() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.hyperparameters.checkpointEvery = 1
    request.hyperparameters.evaluateEvery = 1
    try bench.train(request, stop: stopAtOnce())
    #expect(try bench.content().checkpoints[1]?.reason == .interval)
    request.hyperparameters.checkpointEvery = 0
    try bench.train(request, stop: stopAtOnce())
    let run = try bench.content("2")
    #expect(run.checkpointSteps == [0, 1])
    #expect(run.checkpoints[1]?.reason == .signal)
    #expect(run.checkpoints[1]?.monitorValue == run.steps[0].loss)
  }
}
