import Recurrent
import RunStore
import Testing
import Training

@Suite struct TrainingSessionForkTests {
  @Test(arguments: TrainingCase.all) func anUnchangedForkGoesItsParentsWay(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let parent = try bench.content("1")
    for step in [0, 28, 60] {
      let session = try bench.fork("1", at: .step(step))
      #expect((session.firstCheckpoint, session.stepsPlanned) == (step, 60))
      let result = try session.train(stop: StopRequest()) { _ in }
      #expect((result.firstStep, result.lastStep) == (step + 1, 60))
      let fork = try bench.content()
      #expect(fork.run.id != 1 && fork.run.status == .finished)
      // 28 is a multiple of every interval, so that also the monitor stands where the parent's stood.
      var rest = parent
      rest.steps.removeAll { $0.step <= step }
      rest.evaluations.removeAll { $0.step <= step }
      rest.hiddenStates.removeAll { $0.step <= step }
      rest.checkpoints = rest.checkpoints.filter { $0.key >= step }
      #expect(fork.differences(from: rest, sameBest: false) == [], "at \(step)")
      #expect(fork.falseBests == [])
      #expect(try bench.verify().difference == nil)
    }
    #expect(try bench.content("1").steps == parent.steps)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func theParentIsRecordedAndMayGo() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request())
    let checkpoint = try bench.reader.checkpoint(runID: 1, .step(28))
    let copied = try bench.content("1").checkpoints[28]?.tensors
    try train(bench.fork("1", at: .step(28)) { $0.name = "child" })
    #expect(try bench.reader.run("child").parentCheckpointID == checkpoint.id)
    try bench.store.removeRun(1)
    let child = try bench.content("child")
    #expect(child.run.parentCheckpointID == nil)
    #expect(child.checkpoints[28]?.tensors == copied)
    #expect(child.checkpoints[28]?.reason == .start)
    #expect(try bench.verify("child").compared.steps == 32)
    #expect(try bench.resume("child", steps: 80).lastStep == 80)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func aChangedLearningRateGoesAnotherWay() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    try train(bench.fork("1", at: .step(28)) { $0.hyperparameters.optimizer.learningRate = 0.01 })
    let (parent, fork) = (try bench.content("1"), try bench.content())
    #expect(fork.steps.map(\.step) == Array(29...60))
    #expect(fork.steps.allSatisfy { $0.learningRate == 0.01 })
    #expect(fork.steps[0].loss == parent.steps[28].loss, "the first loss is taken before the first update")
    #expect(fork.steps[1].loss != parent.steps[29].loss)
    #expect(try bench.reader.hyperparameters(runID: fork.run.id)["learning_rate"] == .real(0.01))
    #expect(try bench.reader.hyperparameters(runID: 1)["learning_rate"] == .real(0.02))
    #expect(try bench.verify().difference == nil)
  }

  @Test func forksOfForksAndAllTheirInterruptions() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    try train(bench.fork("1", at: .step(28)) { $0.name = "child" })
    _ = try bench.fork("child", at: .step(56)) { $0.name = "grandchild" }.train(stop: stopAtOnce()) { _ in }
    #expect(try bench.reader.run("grandchild").status == .interrupted)
    for _ in 0..<2 { try bench.resume("grandchild", stop: stopAtOnce()) }
    try bench.resume("grandchild")
    let (parent, grandchild) = (try bench.content("1"), try bench.content("grandchild"))
    #expect(grandchild.steps.map(\.bits) == parent.steps.suffix(4).map(\.bits))
    #expect(grandchild.checkpoints[60]?.tensors == parent.checkpoints[60]?.tensors)
    #expect(grandchild.checkpoints[60]?.historyDigest == parent.checkpoints[60]?.historyDigest)
    let parentID = try #require(grandchild.run.parentCheckpointID)
    #expect(try bench.reader.checkpoint(id: parentID)?.runID == bench.reader.run("child").id)
    for step in grandchild.checkpointSteps { try bench.resume("grandchild", from: .step(step)) }
    #expect(try bench.content("grandchild").steps == grandchild.steps)
    #expect(try bench.verify("grandchild").compared.steps == 4)
  }

  @Test func otherWindowsBeginTheDataAnew() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request(steps: 14))
    try train(bench.fork("1", at: .step(7)) { $0.hyperparameters.window = 4 })
    let stored = try bench.reader.hyperparameters(runID: 2)
    #expect((stored["data_origin"], stored["window"]) == (.integer(7), .integer(4)))
    let rewound = try firstLoss(bench, run: "1", at: 7, window: 4)
    #expect(try bench.content().steps[0].loss == rewound)
    #expect(try bench.verify().difference == nil)
    // A fork of it that changes nothing goes on where it stands.
    try train(bench.fork("2", at: .step(14)) { $0.steps = 28 })
    #expect(try bench.reader.hyperparameters(runID: 3)["data_origin"] == .integer(7))
    try bench.resume("2", steps: 28)
    #expect(try bench.content("3").steps.map(\.bits) == bench.content("2").steps.suffix(14).map(\.bits))
  }

  @Test func otherStreamsBeginAtZero() throws {
    let bench = try Bench()
    try bench.train(TrainingCase.all[0].request(steps: 14))
    try train(bench.fork("1", at: .step(7)) { $0.hyperparameters.batchSize = 3 })
    let start = try bench.reader.checkpoint(runID: 2, .step(7))
    let tensors = try bench.reader.tensors(checkpointID: start.id)
    let hidden = try #require(tensors.first { $0.kind == .hidden })
    #expect((hidden.shape, hidden.values) == ([3, 32], Array(repeating: 0, count: 96)))
    let old = try bench.content("1").checkpoints[7]?.tensors["weight W_hh [32, 32]"]
    #expect(tensors.first { $0.name == "W_hh" }?.values.map(\.bitPattern) == old)
    #expect(try bench.content().hiddenStates.allSatisfy { $0.shape == [3, 32] })
    #expect(try bench.verify().difference == nil)
  }

  @Test func otherDataCountsAnew() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request())
    let other = try waves(salt: 3)
    try train(bench.fork("1", at: .best) { $0.data = .table(other) })
    let fork = try bench.content()
    let best = try bench.reader.checkpoint(runID: 1, .best)
    #expect(try bench.reader.hyperparameters(runID: 2)["data_origin"] == .integer(Int64(best.step)))
    #expect(try bench.reader.dataset(id: #require(fork.run.datasetID)).sha256 == other.digest)
    #expect(fork.checkpoints[best.step]?.monitorValue == nil, "a value on other data is no measure here")
    #expect(fork.bestStep == fork.evaluations.min { ($0.loss, $0.step) < ($1.loss, $1.step) }?.step)
    #expect(try bench.verify().difference == nil)
  }

  @Test func theMonitorsBestIsInherited() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let best = try bench.reader.checkpoint(runID: 1, .best)
    let value = try #require(best.monitorValue)
    // Too large a step to get any better.
    try train(
      bench.fork("1", at: .best) {
        $0.hyperparameters.optimizer.learningRate = 0.5
        $0.hyperparameters.checkpointEvery = 0
        $0.hyperparameters.keep = nil
        $0.steps = 295  // the last step is no evaluation
      })
    let fork = try bench.content()
    #expect(fork.checkpoints[best.step]?.monitorValue == value)
    #expect(fork.evaluations.allSatisfy { $0.loss > value }, "or this test tests nothing")
    #expect(fork.bestStep == best.step)
    #expect(fork.checkpoints.values.allSatisfy { $0.reason != .best })
    // After an interruption as well.
    _ = try bench.fork("1", at: .best) {
      $0.hyperparameters.optimizer.learningRate = 0.5
      $0.hyperparameters.checkpointEvery = 0
      $0.hyperparameters.keep = nil
      $0.steps = 295
    }.train(stop: stopAtOnce()) { _ in }
    try bench.resume()
    #expect(try bench.content().checkpoints.values.allSatisfy { $0.reason != .best })
  }

  @Test(
    arguments: [
      Refusal("33 hidden units") { $0.hiddenSize = 33 }, Refusal("relu") { $0.nonlinearity = .relu },
      Refusal("biases none") { $0.hasBias = false }, Refusal("biases one") { $0.biases = .one },
      Refusal("1 inputs") { $0.inputs = ["flow"] },
      Refusal("2 outputs") { $0.targets = ["flow", "level"] }, Refusal("output bias") { $0.hasOutputBias = false },
    ] as [Refusal<Hyperparameters>])
  func anotherNetworkIsRefused(refusal: Refusal<Hyperparameters>) throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request(steps: 7))
    let before = try bench.dump()
    let error = try bench.trainingError { _ = try bench.fork("1", at: .last) { refusal.change(&$0.hyperparameters) } }
    #expect(error.message.contains(refusal.words), "\(error.message)")
    #expect(error.hint?.contains("--init") == true)
    #expect(try bench.dump() == before)
  }

  @Test func refusalsChangeNothing() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request(steps: 14))
    let before = try bench.dump()
    let early = try bench.trainingError { _ = try bench.fork("1", at: .step(7)) { $0.steps = 6 } }
    #expect(early.message.contains("6") && early.message.contains("7"))
    #expect(throws: (any Error).self) { try bench.fork("1", at: .step(7)) { $0.hyperparameters.window = 54 } }
    #expect(throws: StoreError.self) { try bench.fork("1", at: .step(9)) }
    #expect(throws: StoreError.self) { try bench.fork("1", at: .step(7)) { $0.name = "run-1" } }
    #expect(try bench.dump() == before)
    let damaged = try bench.alteredCopy(damage(step: 7))
    let beforeThat = try damaged.dump()
    #expect(throws: StoreError.self) { try damaged.fork("1", at: .step(7)) }
    #expect(try damaged.dump() == beforeThat)
  }

  private func train(_ session: TrainingSession) throws {
    _ = try session.train(stop: StopRequest()) { _ in }
  }

  /// The loss of the data's first window after a checkpoint's weights, from the zero state.
  private func firstLoss(_ bench: Bench, run: String, at step: Int, window length: Int) throws -> Double {
    let recorded = try RecordedRun(try bench.reader.run(run), in: bench.reader)
    var hyperparameters = recorded.hyperparameters
    hyperparameters.window = length
    let network = try Network(hyperparameters.network, kernels: bench.kernels, seed: 0)
    let checkpoint = try bench.reader.checkpoint(runID: recorded.record.id, .step(step))
    try network.directory.load(try bench.reader.weights(checkpointID: checkpoint.id), into: network.parameters)
    let window = try Window(length: length, batchSize: 1, configuration: hyperparameters.network)
    try recorded.data.windows(hyperparameters)
      .fill(window: 0, inputs: window.inputs.pointer, targets: window.targets.pointer)
    network.forward(window)
    return network.loss(.meanSquaredError, window).mean
  }
}
