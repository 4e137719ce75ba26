import Foundation
import RunStore
import Testing

@Suite("Appending")
struct AppendTests {
  @Test("what is appended is read back, bit for bit")
  func roundTrip() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    let batch = trainer.batch(20)
    try store.append(batch)
    let reader = store.reader
    #expect(try reader.steps(runID: 1, in: 1...20) == batch.steps)
    #expect(try reader.steps(runID: 1, in: 5...6).map(\.step) == [5, 6])
    #expect(try reader.evaluations(runID: 1, in: 0...99) == batch.evaluations)
    let states = try reader.hiddenStates(runID: 1, in: 0...99)
    #expect(states.map(\.shape) == batch.hiddenStates.map(\.shape))
    #expect(states.flatMap(\.values).map(\.bitPattern) == batch.hiddenStates.flatMap(\.values).map(\.bitPattern))
    #expect(try reader.run("1").stepsDone == 20)
    #expect(try reader.segments(runID: 1).first?.lastStep == 20)
  }

  @Test("minus zero is recorded as zero")
  func minusZero() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    var batch = trainer.batch(1)
    batch.steps[0] = StepRecord(step: 1, loss: -0.0, learningRate: -0.0, gradientNorm: -0.0, trainSeconds: -0.0)
    try store.append(batch)
    let row = try #require(try store.reader.steps(runID: 1, in: 1...1).first)
    for value in [row.loss, row.learningRate, row.gradientNorm, row.trainSeconds] { #expect(value.sign == .plus) }
  }

  @Test("accuracies are read back, none as none and minus zero as zero")
  func accuracies() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    var batch = trainer.batch(20)
    for (index, accuracy) in [nil, 0, -0.0, 1.0 / 3, 1].enumerated() { batch.steps[index].accuracy = accuracy }
    batch.evaluations[0].accuracy = -0.0
    try store.append(batch)
    let steps = try store.reader.steps(runID: 1, in: 1...20)
    #expect(steps == batch.steps)
    #expect(steps[2].accuracy?.sign == .plus)
    let evaluations = try store.reader.evaluations(runID: 1, in: 1...20)
    #expect(evaluations == batch.evaluations && evaluations.map(\.accuracy) == [0, nil])
    #expect(evaluations[0].accuracy?.sign == .plus)
    #expect(try store.reader.runs().map(\.lastAccuracy) == [nil])
    var last = trainer.batch(1)
    last.steps[0].accuracy = 0.75
    try store.append(last)
    #expect(try store.reader.runs(where: "last_accuracy > 0.7").map(\.lastAccuracy) == [0.75])
  }

  @Test("an accuracy that is no share is refused with its place", arguments: [-0.001, 1.001, .nan, .infinity])
  func noShare(accuracy: Double) throws {
    let store = try Store(path: try TemporaryFolder().path())
    let trainer = try SampleTrainer(store)
    let changes: [(String, (inout RunBatch) -> Void)] = [
      ("the accuracy of step 5 is \(accuracy)", { $0.steps[4].accuracy = accuracy }),
      ("the training accuracy of step 10 is \(accuracy)", { $0.evaluations[0].accuracy = accuracy }),
    ]
    for (message, change) in changes {
      var copy = trainer
      var batch = copy.batch(10)
      change(&batch)
      let error = try storeError { try store.append(batch) }
      #expect(error.kind == .invalid && error.message.contains(message))
    }
    #expect(try store.reader.steps(runID: 1, in: 1...10).isEmpty)
  }

  @Test("an empty batch is a heartbeat")
  func heartbeat() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    let before = try store.reader.run("1")
    Thread.sleep(forTimeInterval: 0.01)
    try store.append(RunBatch(runID: 1, segmentID: trainer.segmentID))
    var after = try store.reader.run("1")
    #expect(after.updatedAt > before.updatedAt)
    after.updatedAt = before.updatedAt
    #expect(after == before)
    #expect(try store.reader.segments(runID: 1).first?.lastStep == 10)
  }

  @Test("numbers that are not finite are refused with their place, and the batch with them")
  func notFinite() throws {
    let store = try Store(path: try TemporaryFolder().path())
    let trainer = try SampleTrainer(store)
    let changes: [(inout RunBatch) -> Void] = [
      { $0.steps[4].loss = .nan }, { $0.steps[4].learningRate = .infinity }, { $0.steps[4].gradientNorm = -.infinity },
      { $0.steps[4].trainSeconds = .nan }, { $0.evaluations[0].loss = .nan },
      { $0.hiddenStates[0].values[1] = .infinity },
      { $0.checkpoints[0].tensors[1].values[2] = .nan }, { $0.checkpoints[0].monitorValue = .infinity },
      { $0.hiddenStates[0].shape = [7] }, { $0.keep = -1 }, { $0.end = RunEnd(status: .running) },
    ]
    for change in changes {
      var copy = trainer
      var batch = copy.batch(10)
      batch.checkpoints = [copy.checkpoint(.interval)]
      change(&batch)
      #expect(try storeError { try store.append(batch) }.kind == .invalid)
    }
    var copy = trainer
    var batch = copy.batch(10)
    batch.steps[4].loss = .nan
    #expect(try storeError { try store.append(batch) }.message.contains("the loss of step 5 is nan"))
    #expect(try store.reader.steps(runID: 1, in: 1...10).isEmpty)
  }

  @Test("steps go on from what is recorded, without gaps or repetition")
  func order() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    for steps in [[12], [10], [11, 13], [11, 11], [11, 10]] {
      var batch = RunBatch(runID: 1, segmentID: trainer.segmentID)
      batch.steps = steps.map(sampleStep)
      #expect(try storeError { try store.append(batch) }.kind == .conflict, "\(steps)")
    }
    var evaluation = RunBatch(runID: 1, segmentID: trainer.segmentID)
    evaluation.evaluations = [EvaluationRecord(step: 11, split: "training", loss: 1)]
    #expect(try storeError { try store.append(evaluation) }.kind == .conflict)
    var checkpoint = RunBatch(runID: 1, segmentID: trainer.segmentID)
    checkpoint.checkpoints = [trainer.checkpoint(.manual)]
    checkpoint.checkpoints[0].step = 11
    #expect(try storeError { try store.append(checkpoint) }.kind == .conflict)
    #expect(try store.reader.steps(runID: 1, in: 0...99).count == 10)
  }

  @Test("a fork's steps go on from its checkpoint's")
  func fork() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store, sampleRun(firstStep: 50))
    #expect(trainer.run.stepsDone == 50)
    try trainer.train(10)
    #expect(try store.reader.steps(runID: 1, in: 0...99).map(\.step) == Array(51...60))
    #expect(try store.reader.check().findings == [])
  }

  @Test("a batch whose later part fails leaves nothing of its earlier part")
  func isOneTransaction() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    var batch = trainer.batch(10)
    batch.checkpoints = [trainer.checkpoint(.interval)]
    batch.evaluations.append(batch.evaluations[0])
    let error = try storeError { try store.append(batch) }
    #expect(error.kind == .database && error.message.contains("UNIQUE"))
    #expect(try store.reader.run("1").stepsDone == 10)
    #expect(try store.reader.steps(runID: 1, in: 0...99).count == 10)
    #expect(try trainer.checkpoints.map(\.step) == [0, 10])
  }

  @Test(
    "the last batch of a segment ends the segment and says what became of the run",
    arguments: [RunEnd(status: .finished), RunEnd(status: .interrupted), RunEnd(status: .failed, failure: "too large")])
  func ends(end: RunEnd) throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10, .final, end: end)
    let run = try store.reader.run("1")
    let segment = try #require(try store.reader.segments(runID: 1).first)
    #expect(run.status == end.status && run.failure == end.failure)
    #expect(run.finishedAt == (end.status == .finished ? run.updatedAt : nil))
    #expect(segment.endReason == end.status.rawValue && segment.endedAt == run.updatedAt && segment.lastStep == 10)
    #expect(try storeError { try trainer.train(1) }.kind == .conflict)
  }

  @Test("an unknown run is an error")
  func unknownRun() throws {
    let store = try Store(path: try TemporaryFolder().path())
    #expect(try storeError { try store.append(RunBatch(runID: 4, segmentID: 1)) }.kind == .missing)
  }

  @Test("what append returned from survives without a close")
  func survivesWithoutClose() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    // Another process sees it, and so would one after kill -9 of this.
    #expect(try folder.sqlite3("SELECT max(step) FROM steps") == "10\n")
    try store.close()
    try store.close()
    #expect(try folder.sqlite3("SELECT max(step) FROM steps") == "10\n")
  }
}
