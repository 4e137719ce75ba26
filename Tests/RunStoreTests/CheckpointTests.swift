import RunStore
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
  @Test("the newest stay, beside the first, the last, the best and the pinned")
  func keepsTheNewest() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    for number in 1...10 {
      try trainer.train(10, monitor: number == 3 ? 0.1 : 1)
      if number == 2 { try folder.sqlite3("UPDATE checkpoints SET pinned = 1 WHERE step = 20") }
    }
    try trainer.train(10, keep: 2)
    // first 0, pinned 20, best 30, last 110, and the newest two of the others
    #expect(try trainer.checkpoints.map(\.step) == [0, 20, 30, 90, 100, 110])
    try trainer.train(10, keep: 0)
    #expect(try trainer.checkpoints.map(\.step) == [0, 20, 30, 120])
    try trainer.train(10, keep: nil)
    #expect(try trainer.checkpoints.map(\.step) == [0, 20, 30, 120, 130])
    #expect(
      try folder.sqlite3("SELECT count(*) FROM tensors WHERE checkpoint_id NOT IN (SELECT id FROM checkpoints)")
        == "0\n")
    #expect(try folder.sqlite3("SELECT count(*) FROM tensors") == "\(5 * 7)\n")
  }

  @Test("a best checkpoint goes as soon as there is a better one, and takes no other's place")
  func supersededBest() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10, keep: 2)
    try trainer.train(5, .best, monitor: 0.5, keep: 2)
    try trainer.train(5, keep: 2)
    #expect(try trainer.checkpoints.map(\.step) == [0, 10, 15, 20])
    try trainer.train(5, .best, monitor: 0.4, keep: 2)
    #expect(try trainer.checkpoints.map(\.step) == [0, 10, 20, 25])
    try trainer.train(5, keep: 2)
    #expect(try trainer.checkpoints.map(\.step) == [0, 10, 20, 25, 30])
    try trainer.train(10, .signal, monitor: 0.45, keep: 2)
    #expect(try trainer.checkpoints.map(\.step) == [0, 20, 25, 30, 40])
  }

  @Test("the earliest of equally good checkpoints is the best")
  func equalMonitors() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    for _ in 1...3 { try trainer.train(10, monitor: 0.5) }
    try trainer.train(10, keep: 0)
    #expect(try trainer.checkpoints.map(\.step) == [0, 10, 40])
    #expect(try store.reader.checkpoint(runID: 1, .best).step == 10)
  }

  @Test("many checkpoints in one batch end as if each had been its own", arguments: [0, 1, 3, 10])
  func oneBatchOrMany(keep: Int) throws {
    func checkpoints(inOneBatch: Bool) throws -> [CheckpointRecord] {
      let store = try Store(path: try TemporaryFolder().path())
      var trainer = try SampleTrainer(store)
      var whole = RunBatch(runID: 1, segmentID: trainer.segmentID)
      whole.keep = keep
      for number in 1...20 {
        var batch = trainer.batch(10)
        batch.keep = keep
        // 0.95, 0.9, …: lower every second time.
        let isBest = number % 2 == 0
        batch.checkpoints = [
          trainer.checkpoint(isBest ? .best : .interval, monitor: isBest ? 1 - Double(number) / 40 : nil)
        ]
        if !inOneBatch { try store.append(batch) }
        whole.steps += batch.steps
        whole.evaluations += batch.evaluations
        whole.hiddenStates += batch.hiddenStates
        whole.checkpoints += batch.checkpoints
      }
      if inOneBatch { try store.append(whole) }
      #expect(try store.reader.check().findings == [])
      return try trainer.checkpoints
    }
    func described(_ rows: [CheckpointRecord]) -> [String] {
      rows.map { "\($0.step) \($0.reason) \($0.digest) \($0.historyDigest) \(String(describing: $0.monitorValue))" }
    }
    #expect(try described(checkpoints(inOneBatch: true)) == described(checkpoints(inOneBatch: false)))
  }

  @Test("an equal checkpoint of the same step adds what the old row lacks; a different one is refused")
  func sameStep() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10, .best, monitor: nil)
    let old = try #require(try trainer.checkpoints.last)
    try trainer.train(0, .final, monitor: 0.25)
    let merged = try #require(try trainer.checkpoints.last)
    #expect(merged.id == old.id && merged.monitorValue == 0.25 && merged.reason == .final)
    try trainer.train(0, .manual, monitor: 0.125)
    #expect(try trainer.checkpoints.last == merged)

    var batch = RunBatch(runID: 1, segmentID: trainer.segmentID)
    batch.checkpoints = [trainer.checkpoint(.interval)]
    batch.checkpoints[0].tensors[1].values[0] += 1
    let error = try storeError { try store.append(batch) }
    #expect(error.kind == .conflict)
    #expect(error.message.contains(old.digest) && error.message.contains("step 10"))
    #expect(error.message.contains(CheckpointDigest.sha256(of: batch.checkpoints[0].tensors)))
    batch.checkpoints = [trainer.checkpoint(.interval)]
    batch.checkpoints[0].historyDigest = String(repeating: "1", count: 64)
    #expect(try storeError { try store.append(batch) }.message.contains("other history"))
    #expect(try trainer.checkpoints.last == merged)
  }

  @Test("two checkpoints of one step in a batch become one")
  func mergedInABatch() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    var batch = trainer.batch(10)
    batch.checkpoints = [trainer.checkpoint(.best, monitor: 0.5), trainer.checkpoint(.interval)]
    try store.append(batch)
    let row = try #require(try trainer.checkpoints.last)
    #expect(try trainer.checkpoints.count == 2)
    #expect(row.reason == .interval && row.monitorValue == 0.5)

    var next = trainer.batch(10)
    next.checkpoints = [trainer.checkpoint(.interval), trainer.checkpoint(.final)]
    next.checkpoints[1].tensors[0].values[0] += 1
    #expect(try storeError { try store.append(next) }.kind == .conflict)
  }

  @Test("tensors above the size of a part are cut, and joined again bit for bit", arguments: [4, 8, 12, 20, 36])
  func parts(bytes: Int) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path(), partBytes: bytes)
    let tensors = [
      CheckpointTensor(kind: .weight, name: "W_hh", shape: [3, 3], values: (0..<9).map { -Float($0) / 7 }),
      CheckpointTensor(kind: .weight, name: "b", shape: [], values: [2.5]),
      CheckpointTensor(kind: .weight, name: "none", shape: [0, 4], values: []),
    ]
    let run = try SampleTrainer(store, sampleRun(tensors: tensors)).run
    let checkpoint = try #require(try store.reader.checkpoints(runID: run.id).first)
    #expect(try store.reader.tensors(checkpointID: checkpoint.id) == tensors)
    let count = try folder.sqlite3("SELECT count(*), max(length(data)), max(shape) FROM tensors WHERE name = 'W_hh'")
    #expect(count == "\((36 + bytes - 1) / bytes)|\(min(bytes, 36))|[3,3]\n")
    #expect(checkpoint.digest == CheckpointDigest.sha256(of: tensors))
    // The view cannot join blobs, and a part alone would be a wrong matrix.
    #expect(try folder.sqlite3("SELECT W_hh IS NULL FROM weights") == (bytes < 36 ? "1\n" : "0\n"))
    try folder.sqlite3("DELETE FROM tensors WHERE name = 'W_hh' AND part = 0")
    #expect(try storeError { _ = try store.reader.tensors(checkpointID: checkpoint.id) }.kind == .damaged)
  }

  @Test("a size of parts that cannot be is refused", arguments: [0, -4, 6, 1_000_000_004])
  func refusedParts(bytes: Int) throws {
    let folder = try TemporaryFolder()
    #expect(try storeError { _ = try Store(path: folder.path(), partBytes: bytes) }.kind == .invalid)
    #expect(try folder.files.isEmpty)
  }
}
