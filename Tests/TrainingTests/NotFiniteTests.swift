import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// Trainings that leave the finite numbers.
@Suite struct NotFiniteTests {
  @Test func aRunThatOverflowsFails() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.hyperparameters.optimizer.learningRate = 1e30
    let error = try bench.trainingError { try bench.train(request) }
    let run = try bench.content()
    let step = run.steps.count + 1
    #expect(error.message.contains("run run-1, step \(step):"), "\(error.message)")
    #expect(error.message.contains("the last good checkpoint is at step 0"))
    #expect(error.hint?.contains("keepstep fork 1@0 --learning-rate") == true)
    #expect((run.run.status, run.run.stepsDone, run.run.failure) == (.failed, step - 1, error.message))
    #expect(run.run.finishedAt == nil)
    #expect(step < 10)
    #expect(try bench.reader.segments(runID: 1).map(\.endReason) == ["failed"])
    #expect(!bench.reader.isHeld(runID: 1))
    #expect(try bench.reader.check().findings == [], "nothing in the store is not finite")
  }

  @Test func rowsAndCheckpointsBeforeItStay() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let parent = try bench.content()
    let error = try bench.trainingError {
      _ = try bench.fork("1", at: .step(28)) {
        $0.hyperparameters.optimizer.learningRate = 1e30
        $0.hyperparameters.checkpointEvery = 1
      }.train(stop: StopRequest()) { _ in }
    }
    let run = try bench.content("2")
    let last = try #require(run.checkpointSteps.last)
    #expect(run.steps.first?.loss == parent.steps[28].loss)
    #expect(last == 28 + run.steps.count, "each step but the failed one has its checkpoint")
    #expect(error.message.contains("checkpoint is at step \(last)"))
    #expect(try bench.reader.check().findings == [])
    #expect(try bench.verify("2").difference == nil, "what is recorded is right")
  }

  /// One row of data that no float32 square can hold, far behind others that train well.
  @Test(arguments: [Float(1e25), 1e38]) func hugeDataFailWhereTheyStand(value: Float) throws {
    let bench = try Bench()
    var request = try TrainingCase.table.request()
    var values = try waves().values
    values[2 * 31] = value  // row 31 is in the seventh window of five, as a target one row ahead
    request.data = .table(try Table(source: "waves.csv", columns: ["flow", "level"], values: values))
    let error = try bench.trainingError { try bench.train(request) }
    #expect(error.message.contains("step 7:"), "\(error.message)")
    let run = try bench.content()
    #expect(run.steps.map(\.step) == Array(1...6))
    #expect(run.evaluations.map(\.step) == [4] && run.hiddenStates.map(\.step) == [3, 6])
    #expect(run.run.status == .failed)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func theMessageSaysWhatIsNotFinite() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    let network = try Network(request.hyperparameters.network, kernels: bench.kernels, seed: 0)
    request.initialWeights = network.directory.tensors(in: network.parameters).map { tensor in
      var tensor = tensor
      if tensor.name == "W_hq" || tensor.name == "b_q" { tensor.values = tensor.values.map { _ in 3e38 } }
      if tensor.name == "b_h" { tensor.values = tensor.values.map { _ in 9 } }
      return tensor
    }
    let error = try bench.trainingError { try bench.train(request) }
    #expect(error.message.contains("step 1: the loss is infinite"), "\(error.message)")
    #expect(try bench.content().run.status == .failed)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func resumingFailsAtTheSameStep() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.hyperparameters.optimizer.learningRate = 1e30
    let first = try bench.trainingError { try bench.train(request) }
    let before = try bench.recordDump()
    let second = try bench.trainingError { try bench.resume() }
    #expect(second == first)
    #expect(try bench.recordDump() == before)
    #expect(try bench.reader.run("1").failure == first.message)
    // The way out that the message names.
    _ = try bench.fork("1", at: .step(0)) { $0.hyperparameters.optimizer.learningRate = 0.02 }
      .train(stop: StopRequest()) { _ in }
    #expect(try bench.reader.run("2").status == .finished)
  }
}
