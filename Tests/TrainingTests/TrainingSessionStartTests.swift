import Recurrent
import RunStore
import Sequences
import Testing
import Training

@Suite struct TrainingSessionStartTests {
  @Test func noStepsLeaveTheUntrainedNetwork() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 0
    let result = try bench.train(request)
    #expect((result.firstStep, result.lastStep) == (1, 0))
    let run = try bench.content()
    #expect(run.steps.isEmpty && run.evaluations.isEmpty && run.hiddenStates.isEmpty)
    #expect(run.checkpointSteps == [0])
    #expect(run.run.status == .finished)
    #expect(try bench.reader.segments(runID: 1).map { [$0.firstStep, $0.lastStep] } == [[1, 0]])
    #expect(try bench.reader.check().findings == [])
  }

  @Test func oneStepIsEnough() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 1
    try bench.train(request)
    let run = try bench.content()
    #expect(run.steps.map(\.step) == [1])
    #expect(run.checkpoints.mapValues(\.reason) == [0: .start, 1: .final])
  }

  @Test func intervalsOfZeroSwitchOff() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 50
    request.hyperparameters.checkpointEvery = 0
    request.hyperparameters.evaluateEvery = 0
    request.hyperparameters.recordHiddenEvery = 0
    try bench.train(request)
    let run = try bench.content()
    #expect(run.steps.count == 50)
    #expect(run.evaluations.isEmpty && run.hiddenStates.isEmpty)
    #expect(run.checkpoints.mapValues(\.reason) == [0: .start, 50: .final])
    #expect(run.checkpoints.values.allSatisfy { $0.monitorValue == nil })
  }

  @Test func intervalsOfOneKeepEverything() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 120
    request.hyperparameters.checkpointEvery = 1
    request.hyperparameters.keep = nil
    request.hyperparameters.evaluateEvery = 1
    request.hyperparameters.recordHiddenEvery = 1
    try bench.train(request)
    let run = try bench.content()
    #expect(run.checkpointSteps == Array(0...120))
    #expect(run.evaluations.map(\.loss) == run.steps.map(\.loss), "a mean of one loss is the loss")
    #expect(run.hiddenStates.map(\.step) == Array(1...120))
    #expect((1...120).allSatisfy { run.checkpoints[$0]?.monitorValue == run.evaluations[$0 - 1].loss })
  }

  @Test func givenWeightsAreTheUntrainedNetwork() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 5
    let network = try Network(request.hyperparameters.network, kernels: bench.kernels, seed: 99)
    let weights = network.directory.tensors(in: network.parameters)
    request.initialWeights = weights
    try bench.train(request)
    let start = try bench.reader.checkpoint(runID: 1, .step(0))
    let recorded = try bench.reader.weights(checkpointID: start.id)
    #expect(Set(recorded) == Set(weights))
    request.initialWeights = nil
    request.seed = 99
    try bench.train(request)
    #expect(try bench.content("1").differences(from: bench.content("2")) == [], "they are all that a seed decides")
  }

  @Test func dataIsStoredOnceWithItsDigest() throws {
    let bench = try Bench()
    let request = try TrainingCase.table.request(steps: 3)
    try bench.train(request)
    try bench.train(request)
    let (first, second) = (try bench.reader.run("1"), try bench.reader.run("2"))
    #expect(first.datasetID == second.datasetID)
    let dataset = try bench.reader.dataset(id: try #require(first.datasetID))
    let table = try waves()
    #expect((dataset.sha256, dataset.source, dataset.columns) == (table.digest, "waves.csv", ["flow", "level"]))
    #expect(dataset.values == table.values)
  }

  @Test(arguments: [1, 2]) func targetsThatAreNoClassesAreRefused(classes: Int) throws {
    let bench = try Bench()
    let training = try #require(TrainingCase.all.first { $0.name == "classes" })
    var request = try training.request()
    request.hyperparameters.classes = classes
    #expect(throws: SequenceError.self) { try bench.train(request) }
    request = try training.request()
    request.hyperparameters.targets = ["flow"]
    #expect(throws: SequenceError.self) { try bench.train(request) }
    #expect(try bench.reader.runs().isEmpty)
  }

  @Test func nameSeedAndNoteAreKept() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 2
    request.name = "first light"
    request.note = "for the record"
    request.seed = .max
    try bench.train(request)
    let run = try bench.reader.run("first light")
    #expect((run.note, run.seed) == ("for the record", -1))
    let error = try #require(throws: StoreError.self) { try bench.train(request) }
    #expect(error.message.contains("first light"))
  }

  @Test(
    arguments: [
      Refusal("--steps") { $0.steps = -1 },
      Refusal("hidden size 0") { $0.hyperparameters.hiddenSize = 0 },
      Refusal("window 0") { $0.hyperparameters.window = 0 },
      Refusal("batch size -1") { $0.hyperparameters.batchSize = -1 },
      Refusal("--checkpoint-every") { $0.hyperparameters.checkpointEvery = -1 },
      Refusal("--keep") { $0.hyperparameters.keep = 0 },
      Refusal("--evaluate-every") { $0.hyperparameters.evaluateEvery = -5 },
      Refusal("--record-hidden-every") { $0.hyperparameters.recordHiddenEvery = -5 },
      Refusal("--learning-rate") { $0.hyperparameters.optimizer.learningRate = .nan },
      Refusal("--learning-rate") { $0.hyperparameters.optimizer.learningRate = 0 },
      Refusal("nowhere") { $0.hyperparameters.inputs = ["nowhere"] },
      Refusal("53 rows") { $0.hyperparameters.window = 54 },
      Refusal("W_xh") { $0.initialWeights = [NamedTensor(name: "W_xh", shape: [1, 1], values: [1])] },
    ] as [Refusal<TrainingRequest>])
  func whatCannotBeTrainedChangesNothing(refusal: Refusal<TrainingRequest>) throws {
    let bench = try Bench()
    let before = try bench.dump()
    var request = try TrainingCase.table.request()
    refusal.change(&request)
    let error = try #require(throws: (any Error).self) {
      _ = try TrainingSession.start(request, in: bench.store, kernels: bench.kernels)
    }
    #expect("\(error)".contains(refusal.words), "\(error)")
    #expect(try bench.dump() == before)
  }
}
