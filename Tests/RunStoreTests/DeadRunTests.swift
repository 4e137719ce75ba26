import Foundation
import GRDB
import RunStore
import Testing

@Suite("Dead runs")
struct DeadRunTests {
  @Test("a run whose lock is free is shown interrupted at once, and marked when a store is opened")
  func deadRun() throws {
    let folder = try TemporaryFolder()
    do {
      let store = try Store(path: folder.path())
      var trainer = try SampleTrainer(store)
      try trainer.train(10)
      trainer.lock.unlock()
      try store.close()
    }
    let reader = try StoreReader(path: folder.path())
    #expect(reader.hasDeadRuns)
    #expect(try reader.run("1").status == .interrupted)
    #expect(try reader.summary(runID: 1)?.status == .interrupted)
    #expect(try reader.summary(runID: 2) == nil)
    #expect(try reader.runs().map(\.status) == [.interrupted])
    #expect(try reader.runs(where: "status = 'interrupted'").count == 1)
    #expect(try reader.runs(where: "status = 'running'").isEmpty)
    #expect(try folder.sqlite3("SELECT status FROM runs") == "running\n")

    let store = try Store(path: folder.path())
    #expect(try folder.sqlite3("SELECT status FROM runs") == "interrupted\n")
    let run = try store.reader.run("1")
    let segment = try #require(try store.reader.segments(runID: 1).first)
    #expect(segment.endReason == "killed" && segment.endedAt == run.updatedAt && segment.lastStep == 10)
    #expect(try store.markDeadRuns() == 0)
  }

  @Test("a living run is not marked, and an ended run is left as it is")
  func livingAndEndedRuns() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let living = try SampleTrainer(store)
    var ended = try SampleTrainer(store)
    try ended.train(10, .final, end: RunEnd(status: .finished))
    ended.lock.unlock()
    // The reader keeps its store open.
    let reader = try Store(path: folder.path()).reader
    #expect(try reader.runs().map(\.status) == [.running, .finished])
    #expect(!reader.hasDeadRuns)
    #expect(living.run.status == .running)
  }

  @Test("a copy without a lock file has no trainer: what was in training is interrupted there")
  func copiedStore() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    try folder.sqlite3(".backup copy.db")
    let reader = try StoreReader(path: folder.path("copy.db"))
    #expect(try reader.run("1").status == .interrupted)
    #expect(!reader.isHeld(runID: trainer.run.id))
  }

  @Test("a trainer that was found dead by mistake cannot go on")
  func lostRun() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    trainer.lock.unlock()
    #expect(try store.markDeadRuns() == 1)
    let error = try storeError { try trainer.train(10) }
    #expect(error.kind == .conflict)
    #expect(try store.reader.run("1").stepsDone == 0)
    #expect(try store.reader.steps(runID: 1, in: 0...100).isEmpty)
  }

  /// Another program may keep SQLite's write lock for long, and so may a process that stands still.
  @Test("tidying up does not wait for another program's transaction")
  func tidyingBesideAWriter() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    trainer.lock.unlock()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true  // one that outlasts its block
    let other = try DatabaseQueue(path: folder.path(), configuration: configuration)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let reader = try StoreReader(path: folder.path())
    let began = Date()
    reader.tidyUp()
    // Tidying up waits a fifth of a second, and everything else ten.
    #expect(Date().timeIntervalSince(began) < 8)
    #expect(try folder.sqlite3("SELECT status FROM runs") == "running\n")
    try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
    reader.tidyUp()
    #expect(try folder.sqlite3("SELECT status FROM runs") == "interrupted\n")
  }
}
