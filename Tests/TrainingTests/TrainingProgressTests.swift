import RunStore
import Testing
import Training

@Suite struct TrainingProgressTests {
  @Test func theEndIsReported() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.name = "reported"
    let reports = try reports(of: .start(request, in: bench.store, kernels: bench.kernels))
    let last = try #require(reports.last)
    let lastLoss = try bench.content().steps[299].loss
    #expect((last.run, last.step, last.stepsPlanned, last.loss) == ("reported", 300, 300, lastLoss))
    #expect((last.isReplay, last.secondsLeft) == (false, 0))
    #expect(last.validationLoss == nil)
    #expect(last.stepsPerSecond > 0)
    #expect(reports.map(\.step) == reports.map(\.step).sorted())
  }

  @Test func aLongTrainingIsReportedNowAndThen() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 100_000
    let reports = try reports(of: .start(request, in: bench.store, kernels: bench.kernels))
    let seconds = try #require(bench.reader.steps(runID: 1, in: 100_000...100_000).first?.trainSeconds)
    #expect(reports.count <= Int(seconds * 10) + 2, "no more than ten a second")
    #expect(reports.dropLast().allSatisfy { $0.secondsLeft > 0 && !$0.isReplay })
  }

  @Test func comparingIsNoTraining() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let compared = try reports(of: .resume("1", from: .step(0), in: bench.store, kernels: bench.kernels))
    #expect(compared.last.map { [$0.step == 300, $0.isReplay] } == [true, true])
    let extended = try reports(of: .resume("1", in: bench.store, steps: 310, kernels: bench.kernels))
    #expect(extended.last.map { [$0.step == 310, $0.isReplay] } == [true, false])
  }

  private func reports(of session: TrainingSession) throws -> [TrainingProgress] {
    var reports: [TrainingProgress] = []
    _ = try session.train(stop: StopRequest()) { reports.append($0) }
    return reports
  }
}
