import Foundation
import RunStore
import Testing

@Suite("Runs")
struct RunTests {
  @Test("a new run has its row, hyperparameters, first checkpoint, segment and lock at once")
  func createsARun() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let (run, lock, segmentID) = try store.createRun(
      sampleRun(name: "first", dataset: sampleDataset()), segment: sampleSegment())
    #expect(lock.runID == run.id)
    #expect(store.reader.isHeld(runID: run.id))
    #expect(run.name == "first" && run.status == .running && run.seed == 7 && run.stepsPlanned == 300)
    #expect(run.stepsDone == 0 && run.finishedAt == nil && run.failure == nil && run.note == nil)
    #expect(UUID(uuidString: run.uuid)?.uuidString.lowercased() == run.uuid)
    #expect(try store.reader.run("first") == run)
    #expect(try store.reader.hyperparameters(runID: run.id) == sampleRun().hyperparameters)
    let segment = try #require(try store.reader.segments(runID: run.id).first)
    #expect(segment.id == segmentID && segment.firstStep == 1 && segment.lastStep == 0 && segment.endedAt == nil)
    #expect(segment.pid == Int(getpid()) && !segment.host.isEmpty && segment.startedAt == run.createdAt)
    let checkpoint = try #require(try store.reader.checkpoints(runID: run.id).first)
    #expect(checkpoint.step == 0 && checkpoint.reason == .start && !checkpoint.pinned)
    #expect(checkpoint.digest == CheckpointDigest.sha256(of: sampleTensors()))
    #expect(
      try store.reader.tensors(checkpointID: checkpoint.id)
        == sampleTensors().sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) })
  }

  @Test("times are UTC, ISO 8601 with milliseconds, and now")
  func times() throws {
    let store = try Store(path: try TemporaryFolder().path())
    let run = try SampleTrainer(store).run
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let time = try #require(formatter.date(from: run.createdAt))
    #expect(abs(time.timeIntervalSinceNow) < 5)
    #expect(formatter.string(from: time) == run.createdAt)
  }

  @Test("names are unique; without one a run is called by its id")
  func names() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    _ = try store.createRun(sampleRun(name: "run-2"), segment: sampleSegment())
    #expect(try store.createRun(sampleRun(), segment: sampleSegment()).0.name == "run-2-2")
    #expect(try store.createRun(sampleRun(), segment: sampleSegment()).0.name == "run-3")
    let error = try storeError { _ = try store.createRun(sampleRun(name: "run-3"), segment: sampleSegment()) }
    #expect(error.kind == .conflict && error.message.contains("run-3") && error.message.contains("run 3"))
    #expect(try store.reader.runs().count == 3)
  }

  @Test(
    "names that could not be told from a selector are refused",
    arguments: ["", "last", "12", "a@b", "a\nb", " a", String(repeating: "x", count: 256)])
  func refusedNames(name: String) throws {
    let store = try Store(path: try TemporaryFolder().path())
    #expect(
      try storeError { _ = try store.createRun(sampleRun(name: name), segment: sampleSegment()) }.kind == .invalid)
    #expect(try store.reader.runs().isEmpty)
  }

  @Test("a run with numbers that cannot be recorded is refused whole")
  func refusedNumbers() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var infinite = sampleRun()
    infinite.hyperparameters["momentum"] = .real(.infinity)
    var misshapen = sampleRun()
    misshapen.firstCheckpoint.tensors[0].shape = [2, 3]
    var overflowing = sampleRun()
    overflowing.firstCheckpoint.tensors[0].shape = [1 << 32, 1 << 32]
    var notANumber = sampleRun()
    notANumber.firstCheckpoint.tensors[1].values[4] = .nan
    var twice = sampleRun()
    twice.firstCheckpoint.tensors.append(twice.firstCheckpoint.tensors[0])
    var noChain = sampleRun()
    noChain.firstCheckpoint.historyDigest = "0"
    for new in [infinite, misshapen, overflowing, notANumber, twice, noChain] {
      #expect(try storeError { _ = try store.createRun(new, segment: sampleSegment()) }.kind == .invalid)
    }
    #expect(try folder.sqlite3("SELECT count(*) FROM runs; SELECT count(*) FROM tensors") == "0\n0\n")
  }

  @Test("runs with equal data share it, and values that were left out are filled in")
  func datasets() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    func create(_ dataset: NewDataset) throws -> Int64 {
      try #require(try store.createRun(sampleRun(dataset: dataset), segment: sampleSegment()).0.datasetID)
    }
    let id = try create(sampleDataset(embedded: false))
    #expect(try store.reader.dataset(id: id).values == nil)
    #expect(try create(sampleDataset()) == id)
    #expect(try create(sampleDataset(embedded: false)) == id)
    let dataset = try store.reader.dataset(id: id)
    #expect(dataset.columns == ["flow", "level \"m\""] && dataset.rows == 3 && dataset.source == "data.csv")
    #expect(dataset.values?.map(\.bitPattern) == sampleDataset().values?.map(\.bitPattern))
    #expect(try create(sampleDataset("b")) != id)
    var other = sampleDataset()
    other.rows = 2
    other.values = nil
    #expect(try storeError { _ = try create(other) }.kind == .conflict)
    #expect(try storeError { _ = try store.reader.dataset(id: 99) }.kind == .missing)
  }

  @Test("a resumed run is running again, with a further segment and a new end")
  func beginsASegment() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(300, .final, end: RunEnd(status: .failed, failure: "the loss is NaN"))
    trainer.lock.unlock()
    let lock = try store.lockRun(trainer.run.id)
    let id = try store.beginSegment(runID: trainer.run.id, sampleSegment(firstStep: 301), lock, stepsPlanned: 400)
    let run = try store.reader.run("1")
    #expect(run.status == .running && run.failure == nil && run.finishedAt == nil && run.stepsPlanned == 400)
    #expect(try store.reader.segments(runID: 1).map(\.id) == [1, id])
    try store.setStepsPlanned(runID: 1, 500)
    #expect(try store.reader.run("1").stepsPlanned == 500)
    #expect(try storeError { try store.setStepsPlanned(runID: 9, 500) }.kind == .missing)
    #expect(try storeError { _ = try store.beginSegment(runID: 2, sampleSegment(), lock) }.kind == .invalid)
  }

  @Test("removing a run removes all that is its own, and its data with the last run that uses it")
  func removesARun() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var parent = try SampleTrainer(store, sampleRun(name: "parent", dataset: sampleDataset()))
    try parent.train(20)
    let checkpoint = try #require(try parent.checkpoints.last?.id)
    let child = try SampleTrainer(
      store, sampleRun(name: "child", firstStep: 20, dataset: sampleDataset(), parent: checkpoint))
    #expect(try store.reader.run("child").parentCheckpointID == checkpoint)
    #expect(try storeError { try store.removeRun(parent.run.id) }.kind == .held)
    parent.lock.unlock()
    try store.removeRun(parent.run.id)
    #expect(try store.reader.runs().map(\.name) == ["child"])
    #expect(try store.reader.run("child").parentCheckpointID == nil)
    #expect(try store.reader.checkpoint(id: checkpoint) == nil)
    #expect(try store.reader.check().findings == [])
    child.lock.unlock()
    try store.removeRun(child.run.id)
    for table in [
      "runs", "hyperparameters", "segments", "steps", "evaluations", "checkpoints", "tensors", "hidden_states",
      "datasets", "tags",
    ] {
      #expect(try folder.sqlite3("SELECT count(*) FROM \(table)") == "0\n", "\(table)")
    }
    #expect(try storeError { try store.removeRun(1) }.kind == .missing)
    // An id is never used again: what somebody wrote down about run 2 is not about another one.
    #expect(try store.createRun(sampleRun(), segment: sampleSegment()).0.id == 3)
  }
}
