import Recurrent
import RunStore
import Testing
import Training

/// The default job, from an empty store to a finished run.
@Suite struct SeedJobTests {
  @Test func everythingDueIsRecorded() throws {
    let bench = try Bench()
    let result = try bench.train(TrainingRequest())
    #expect((result.runID, result.name, result.firstStep, result.lastStep) == (1, "run-1", 1, 300))
    #expect((result.stepsPlanned, result.signal, result.replayed) == (300, nil, nil))
    let run = try bench.content()
    #expect(run.steps.map(\.step) == Array(1...300))
    #expect(run.evaluations.map(\.step) == Array(stride(from: 10, through: 300, by: 10)))
    #expect(run.hiddenStates.map(\.step) == Array(stride(from: 10, through: 300, by: 10)))
    #expect(Set(run.hiddenStates.map(\.shape)) == [[1, 32]])
    #expect(run.checkpointSteps == Set([0, 100, 200, 300, try #require(run.bestStep)]).sorted())
    #expect((run.run.status, run.run.stepsDone, run.run.failure) == (.finished, 300, nil))
    #expect(run.run.finishedAt != nil)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func rowsSayWhatTheyMust() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let run = try bench.content()
    #expect(run.steps.allSatisfy { $0.learningRate == 0.02 && $0.loss > 0 && $0.gradientNorm > 0 })
    #expect(zip(run.steps, run.steps.dropFirst()).allSatisfy { $0.trainSeconds <= $1.trainSeconds })
    #expect(run.steps[299].trainSeconds < 60)
    // Where such a training ends is chaos, but it always passes through a good place.
    let best = try #require(run.evaluations.map(\.loss).min())
    #expect(best < run.evaluations[0].loss / 100, "it has learned the task")
  }

  @Test func checkpointsHoldTheStateOfTheirStep() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let run = try bench.content()
    let untrained = try #require(run.checkpoints[0])
    #expect((untrained.reason, untrained.monitorValue) == (.start, nil))
    #expect(untrained.historyDigest == HistoryDigest.start.hex)
    let request = TrainingRequest()
    let network = try Network(request.hyperparameters.network, kernels: bench.kernels, seed: request.seed)
    for tensor in network.directory.tensors(in: network.parameters) {
      #expect(untrained.tensors["weight \(tensor.name) \(tensor.shape)"] == tensor.values.map(\.bitPattern))
      for moment in ["m", "v"] {
        #expect(untrained.tensors["optimizer \(tensor.name).\(moment) \(tensor.shape)"]?.allSatisfy { $0 == 0 } == true)
      }
    }
    #expect(untrained.tensors.count == 16)
    for step in [100, 200, 300] {
      let hidden = run.checkpoints[step]?.tensors["hidden H [1, 32]"]
      #expect(hidden == run.hiddenStates[step / 10 - 1].values.map(\.bitPattern))
    }
    #expect(run.checkpoints[300]?.reason == .final)
    #expect(run.checkpoints[100]?.reason == .interval)
  }

  @Test func segmentTellsWhoTrainedWhat() throws {
    let bench = try Bench()
    let result = try bench.train(TrainingRequest())
    let segments = try bench.reader.segments(runID: result.runID)
    let segment = try #require(segments.first)
    #expect(segments.count == 1)
    #expect((segment.firstStep, segment.lastStep, segment.endReason) == (1, 300, "finished"))
    #expect((segment.keepstepVersion, segment.numericsVersion) == (keepstepVersion, numericsVersion))
    #expect((segment.instructionSet, segment.threads) == (bench.kernels.name, 1))
    #expect(segment.endedAt != nil)
  }

  @Test func equalRequestsGiveEqualBits() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let first = try bench.content()
    try bench.train(TrainingRequest())
    #expect(try bench.content().differences(from: first) == [])
    var other = TrainingRequest()
    other.seed = 2
    try bench.train(other)
    #expect(try !bench.content().differences(from: first).isEmpty, "another seed gives other bits")
  }
}
