import Foundation
import RunStore
import Testing

/// Runs that are in both stores.
@Suite("Merge of histories")
struct MergeHistoryTests {
  @Test("what a run trained further in the other store is taken in: then both stores say the same")
  func wentOnThere() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try folder.copy()
    let other = try Store(path: folder.path("other.db"))
    try other.goOn(with: 1, to: 33)
    try other.goOn(with: 1, to: 50, .finished)
    try other.close()
    let merged = try folder.merge()
    #expect(merged.map(\.outcome) == [.continued(from: 20, to: 50, bothWentOn: false)])
    #expect(try folder.content() == folder.content("other.db"))
    let dump = try folder.dump()
    #expect(try folder.merge().map(\.outcome) == [.equal])
    #expect(try folder.dump() == dump)
    // It goes on here.
    let store = try Store(path: folder.path())
    try store.goOn(with: 1, to: 60)
    #expect(try store.reader.check().findings == [])
  }

  @Test("what went on here only stays, and nothing is taken")
  func wentOnHere() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try folder.copy()
    let store = try Store(path: folder.path())
    try store.goOn(with: 1, to: 40)
    try store.close()
    let dump = try folder.dump()
    #expect(try folder.merge().map(\.outcome) == [.aheadHere(there: 20, here: 40)])
    #expect(try folder.dump() == dump)
  }

  @Test("a run that went on in both places with equal bits is one history: the longer one, with our segments")
  func bothWithEqualBits() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try folder.copy()
    for (name, steps) in [("keepstep.db", [30]), ("other.db", [25, 45])] {
      let store = try Store(path: folder.path(name))
      for step in steps { try store.goOn(with: 1, to: step) }
      try store.close()
    }
    #expect(try folder.merge().map(\.outcome) == [.continued(from: 30, to: 45, bothWentOn: true)])
    let reader = try StoreReader(path: folder.path())
    #expect(try reader.segments(runID: 1).map { [$0.firstStep, $0.lastStep] } == [[1, 20], [21, 30], [26, 45]])
    #expect(try reader.checkpoints(runID: 1).map(\.step) == [0, 20, 30, 45])
    #expect(try reader.steps(runID: 1, in: 1...100).map(\.step) == Array(1...45))
    #expect(try reader.check().findings == [])
    // The other way round nothing is to be had.
    #expect(try folder.merge("keepstep.db", into: "other.db").map(\.outcome) == [.equal])
  }

  @Test("a run that went on in both places to other bits is told and not mixed; the others come in")
  func diverged() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try folder.copy()
    let here = try Store(path: folder.path())
    try here.goOn(with: 1, to: 30)
    try here.close()
    let there = try Store(path: folder.path("other.db"))
    try there.goOn(with: 1, to: 40, loss: 1.5)
    let further = try SampleTrainer(there, sampleRun(name: "further"))
    further.lock.unlock()
    try there.close()
    let content = try folder.content().mapValues { $0.count }
    let merged = try folder.merge()
    let error = try #require(merged[0].refusal)
    #expect(error.kind == .conflict && merged[0].idThere == 1 && merged[0].nameThere == "river")
    for part in [
      "to step 30 here and 40 there", "parts at step 21", "its loss is \(1.0 / 21) here and \(1.5 / 21) there",
    ] { #expect(error.message.contains(part), "\(error.message)") }
    #expect(error.hint?.contains("`keepstep fork 1@40 --store \(folder.path("other.db"))`") == true)
    #expect(merged[1].outcome == .added(steps: 0, checkpoints: 1))
    let river = try folder.content().mapValues { $0.count }
    #expect(river["steps"] == content["steps"] && river["runs"] == 2)
    #expect(try StoreReader(path: folder.path()).run("river").stepsDone == 30)
  }

  @Test("checkpoints of equal rows with other tensors part histories, with both digests")
  func otherTensors() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try folder.copy()
    for (name, scale) in [("keepstep.db", Float(1)), ("other.db", 2)] {
      let store = try Store(path: folder.path(name))
      try store.goOn(with: 1, to: 25, tensors: scale)
      try store.close()
    }
    let digests = try ["keepstep.db", "other.db"].map {
      try #require(try StoreReader(path: folder.path($0)).checkpoints(runID: 1).last).digest
    }
    let error = try #require(try folder.merge()[0].refusal)
    let words = "parts at step 25: the digest of its checkpoint is \(digests[0]) here and \(digests[1]) there"
    #expect(error.message.contains(words), "\(error.message)")
  }

  @Test("one uuid with another seed, value or beginning is told as another run")
  func otherTask() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    for (sql, words) in [
      ("UPDATE runs SET seed = 8", "seed is 7 here and 8 there"),
      ("UPDATE hyperparameters SET value = 4 WHERE name = 'hidden_size'", "\"hidden_size\" is 3 here and 4 there"),
      ("DELETE FROM hyperparameters WHERE name = 'cell'", "\"cell\" is \"rnn\" here and none there"),
    ] {
      try? FileManager.default.removeItem(atPath: folder.path("other.db"))
      try folder.copy()
      try folder.sqlite3("\(sql); DELETE FROM hyperparameters WHERE name = 'digest'", database: "other.db")
      let error = try #require(try folder.merge()[0].refusal)
      #expect(error.kind == .conflict && error.message.contains(words), "\(error.message)")
    }
  }

  @Test("a run in training there is taken as it stands, and again until it has ended: then both say the same")
  func trainedThere() throws {
    let folder = try TemporaryFolder()
    let other = try Store(path: folder.path("other.db"))
    var trainer = try SampleTrainer(other, sampleRun(name: "live"))
    try trainer.train(10)
    let first = try folder.merge()
    #expect(first.map(\.outcome) == [.added(steps: 10, checkpoints: 2)] && first[0].isTrainedThere)
    let row = "SELECT status, end_reason FROM runs JOIN segments ON run_id = runs.id"
    #expect(try folder.sqlite3(row) == "interrupted|killed\n")
    #expect(try folder.merge().map(\.outcome) == [.equal])
    var batch = trainer.batch(7)  // steps without a checkpoint
    try other.append(batch)
    #expect(try folder.merge().map(\.outcome) == [.continued(from: 10, to: 17, bothWentOn: false)])
    batch = RunBatch(runID: 1, segmentID: trainer.segmentID)
    batch.checkpoints = [trainer.checkpoint(.signal)]
    try other.append(batch)
    #expect(try folder.merge().map(\.outcome) == [.continued(from: 17, to: 17, bothWentOn: false)])
    batch.checkpoints = []
    batch.end = RunEnd(status: .finished)
    try other.append(batch)
    #expect(try folder.merge().map(\.outcome) == [.continued(from: 17, to: 17, bothWentOn: false)])
    trainer.lock.unlock()
    #expect(try folder.content() == folder.content("other.db"))
    #expect(try folder.merge().map(\.outcome) == [.equal])
  }

  @Test("a run in training here is left out while there is something to take, and not otherwise")
  func trainedHere() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store, sampleRun(name: "live"))
    try trainer.train(10)
    try folder.sqlite3("VACUUM INTO 'other.db'")
    try trainer.train(5)
    let merged = try folder.merge()
    #expect(merged.map(\.outcome) == [.aheadHere(there: 10, here: 15)])
    let other = try Store(path: folder.path("other.db"))
    try other.goOn(with: 1, to: 30)
    try other.close()
    let error = try #require(try folder.merge()[0].refusal)
    #expect(error.kind == .held && error.message.contains("is held by process"), "\(error.message)")
    try trainer.train(5, end: RunEnd(status: .interrupted))
    trainer.lock.unlock()
    #expect(try folder.merge().map(\.outcome) == [.continued(from: 20, to: 30, bothWentOn: true)])
    #expect(try store.reader.check().findings == [])
  }
}
