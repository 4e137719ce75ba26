import Foundation
import RunStore
import Testing

/// `Fixtures/version-1.db` was written by Keepstep 0.1.0: finished, interrupted, killed and failed runs, a resumed one,
/// forks, a note, tags, and a removed run.
@Suite("Migration")
struct MigrationTests {
  @Test("a store of version 1 is read as it is, without accuracies, and nothing changes")
  func readsVersion1() throws {
    let folder = try TemporaryFolder.withVersion1()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
    let reader = try StoreReader(path: folder.path())
    let report = try reader.check()
    #expect(report.findings == [] && report.facts.version == 1)
    #expect(report.facts.runs == 6 && report.facts.steps == 164 && report.facts.checkpoints == 16)
    #expect(try reader.isOfOlderVersion())
    #expect(try reader.runs().map(\.name) == ["river", "stopped", "killed", "failed", "gentle", "branch"])
    #expect(try reader.runs(where: "last_accuracy IS NULL AND last_loss < 0.1").map(\.id) == [1])
    let steps = try reader.steps(runID: 1, in: 1...100)
    #expect(steps.map(\.step) == Array(1...60) && steps.allSatisfy { $0.accuracy == nil })
    let evaluations = try reader.evaluations(runID: 1, in: 1...100)
    #expect(evaluations.map(\.step) == [10, 20, 30, 40, 50, 60] && evaluations.allSatisfy { $0.accuracy == nil })
    let last = try #require(try reader.checkpoints(runID: 6).last)
    #expect(try !reader.tensors(checkpointID: last.id).isEmpty)
    withExtendedLifetime(reader) {}
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == before)
  }

  @Test("damage to a store of version 1 is found")
  func checksVersion1() throws {
    let folder = try TemporaryFolder.withVersion1()
    try folder.sqlite3("UPDATE steps SET loss = loss + 1e-12 WHERE run_id = 5 AND step = 30")
    let findings = try StoreReader(path: folder.path()).check().findings
    #expect(findings.count == 1 && findings.first?.subject.contains("(run 5, step 60)") == true)
  }

  @Test("opening for writing keeps every row and digest and makes the schema of a new store")
  func migrates() throws {
    let folder = try TemporaryFolder.withVersion1()
    let tables = try StoreReader(path: folder.path()).tablesOfVersion1()
    #expect(tables.count == 11 && tables.allSatisfy { !$0.rows.isEmpty })
    try Store(path: folder.path("new.db")).close()
    try Store(path: folder.path()).close()
    for _ in 1...2 {
      let reader = try StoreReader(path: folder.path())
      #expect(try reader.tablesOfVersion1() == tables)
      #expect(try reader.schema() == StoreReader(path: folder.path("new.db")).schema())
      let report = try reader.check()
      #expect(report.findings == [] && report.facts.version == 2)
      #expect(try !reader.isOfOlderVersion())
      let added = "SELECT (SELECT count(accuracy) FROM steps), (SELECT count(accuracy) FROM evaluations)"
      #expect(try reader.query(added).rows == [[.integer(0), .integer(0)]])
      // Another opening finds nothing left to do.
      try Store(path: folder.path()).close()
    }
  }

  @Test("a run of version 1 goes on with accuracies, in one chain")
  func goesOn() throws {
    let folder = try TemporaryFolder.withVersion1()
    let store = try Store(path: folder.path())
    let lock = try store.lockRun(3)
    let segmentID = try store.beginSegment(runID: 3, sampleSegment(firstStep: 11), lock)
    let last = try #require(try store.reader.checkpoints(runID: 3).last)
    var history = try HistoryDigest(hex: last.historyDigest)
    var batch = RunBatch(runID: 3, segmentID: segmentID)
    for number in 11...20 {
      var step = sampleStep(number)
      step.accuracy = 1 / Double(number)
      batch.steps.append(step)
      history.append(step: step)
    }
    batch.checkpoints = [
      NewCheckpoint(step: 20, reason: .final, historyDigest: history.hex, tensors: sampleTensors())
    ]
    batch.end = RunEnd(status: .finished)
    try store.append(batch)
    #expect(try store.reader.check().findings == [])
    #expect(try store.reader.steps(runID: 3, in: 10...11).map(\.accuracy) == [nil, 1 / 11])
    #expect(try store.reader.runs(where: "last_accuracy = 0.05").map(\.id) == [3])
  }

  @Test("a reader that was open before sees the accuracies that come after")
  func openReader() throws {
    let folder = try TemporaryFolder.withVersion1()
    let reader = try StoreReader(path: folder.path())
    #expect(try reader.steps(runID: 1, in: 1...1).map(\.accuracy) == [nil])
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    trainer.hasClassTargets = true
    try trainer.train(10)
    #expect(try reader.steps(runID: trainer.run.id, in: 7...8).map(\.accuracy) == [1, 0])
    #expect(try reader.evaluations(runID: trainer.run.id, in: 1...10).map(\.accuracy) == [2.0 / 7])
    #expect(try reader.runs().last?.lastAccuracy == 2.0 / 7)
    #expect(try reader.check().findings == [])
  }

  @Test("killed at any write of the migration, the store is whole: in version 1 or 2, and the next opening ends in 2")
  func killedAtAnyWrite() throws {
    let folder = try TemporaryFolder.withVersion1()
    let tables = try StoreReader(path: folder.path()).tablesOfVersion1()
    let schemas = [
      1: try StoreReader(path: folder.path()).schema(), 2: try TemporaryFolder().newStoreSchema(),
    ]
    // The migration is in the -wal until the store is closed. A kill leaves a beginning of that file. The copies are
    // another process's work: an open and close of ours would drop SQLite's locks.
    let store = try Store(path: folder.path())
    let copy = try runProgram("cp", ["keepstep.db", folder.path("whole.db")], in: folder.url)
    let copyWAL = try runProgram("cp", ["keepstep.db-wal", folder.path("whole.wal")], in: folder.url)
    #expect(copy.status == 0 && copyWAL.status == 0)
    try store.close()
    let wal = try Data(contentsOf: URL(fileURLWithPath: folder.path("whole.wal")))
    #expect(wal.count > 4096)
    var versions: [Int] = []
    for length in Array(stride(from: 0, to: wal.count, by: 997)) + [wal.count] {
      let killed = try TemporaryFolder()
      try FileManager.default.copyItem(atPath: folder.path("whole.db"), toPath: killed.path())
      try wal.prefix(length).write(to: URL(fileURLWithPath: killed.path("keepstep.db-wal")))
      try killed.createLockFile()
      let version = try killed.expectWhole(tables, schemas)
      versions.append(version)
      try Store(path: killed.path()).close()
      #expect(try killed.expectWhole(tables, schemas) == 2)
      #expect(try killed.files == ["keepstep.db", "keepstep.db-lock"])
    }
    #expect(versions == versions.sorted() && Set(versions) == [1, 2], "\(versions)")
  }

  @Test("a living trainer of an older program keeps the store in its version; its end lets the store be migrated")
  func olderTrainer() throws {
    let folder = try TemporaryFolder.withVersion1()
    try folder.sqlite3(
      """
      UPDATE runs SET status = 'running' WHERE id = 3;
      UPDATE segments SET ended_at = NULL, end_reason = NULL WHERE run_id = 3
      """)
    let tables = try StoreReader(path: folder.path()).tablesOfVersion1()
    let holder = try LockHolder(folder, byte: 3)
    let error = try storeError { _ = try Store(path: folder.path()) }
    #expect(error.kind == .held && error.hint?.contains("another store") == true)
    for part in ["\(folder.path()) is a store of version 1", "its run 3 is held by process", "no version 2"] {
      #expect(error.message.contains(part), "\(error.message)")
    }
    do {
      let reader = try StoreReader(path: folder.path())
      #expect(try reader.run("3").status == .running && reader.check().facts.version == 1)
      #expect(try reader.tablesOfVersion1() == tables)
    }
    holder.end()
    let store = try Store(path: folder.path())
    #expect(try store.reader.check().facts.version == 2)
    #expect(try store.reader.query("SELECT status FROM runs WHERE id = 3").rows == [[.text("interrupted")]])
  }

  @Test("a living trainer of this version is not in the way of others")
  func trainerOfThisVersion() throws {
    let folder = try TemporaryFolder.withVersion1()
    let trainer = try SampleTrainer(try Store(path: folder.path()))
    #expect(try Store(path: folder.path()).reader.isHeld(runID: trainer.run.id))
  }

  @Test("eight openings of a store of version 1 at once all open, and one of them migrates it")
  func manyOpenings() throws {
    for _ in 0..<5 {
      let folder = try TemporaryFolder.withVersion1()
      let outcomes = Outcomes()
      for number in 0..<8 {
        Thread {
          outcomes.add(
            Result {
              let store = try Store(path: folder.path())
              let trainer = try SampleTrainer(store, sampleRun(name: "thread \(number)"))
              trainer.lock.unlock()
              try store.close()
            })
        }.start()
      }
      try outcomes.waitFor(8)
      #expect(try StoreReader(path: folder.path()).runs().count == 6 + 8)
    }
  }
}

/// A table's rows, without what came after version 1.
private struct Table: Hashable {
  var name: String
  var columns: [String]
  var rows: [[StoreValue]]
}

extension StoreReader {
  /// All rows of all tables, with the columns that the fixture has.
  fileprivate func tablesOfVersion1() throws -> [Table] {
    let names = try query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").rows
    return try names.compactMap { row in
      guard case .text(let name)? = row.first else { return nil }
      let columns = try query("SELECT * FROM \(name)").columns.filter { $0 != "accuracy" }
      let list = columns.joined(separator: ", ")
      return Table(name: name, columns: columns, rows: try query("SELECT \(list) FROM \(name) ORDER BY \(list)").rows)
    }
  }

  /// What makes the schema, as SQLite keeps it.
  fileprivate func schema() throws -> [[StoreValue]] {
    try query("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").rows
  }
}

extension TemporaryFolder {
  /// A folder with a copy of the fixture as its store.
  static func withVersion1() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.addFixture(1)
    return folder
  }

  /// The lock file that lies beside every store.
  fileprivate func createLockFile() throws {
    try Data().write(to: URL(fileURLWithPath: path("keepstep.db-lock")))
  }

  fileprivate func newStoreSchema() throws -> [[StoreValue]] {
    try Store(path: path()).reader.schema()
  }

  /// Looks for all rows and for the whole schema of the version that the store says it has, which is returned.
  fileprivate func expectWhole(_ tables: [Table], _ schemas: [Int: [[StoreValue]]]) throws -> Int {
    let reader = try StoreReader(path: path())
    let report = try reader.check()
    #expect(report.findings == [])
    #expect(try reader.tablesOfVersion1() == tables)
    #expect(try reader.schema() == schemas[report.facts.version])
    return report.facts.version
  }
}
