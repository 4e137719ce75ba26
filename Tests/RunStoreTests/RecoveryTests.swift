import Foundation
import RunStore
import Testing

@Suite("Recovery")
struct RecoveryTests {
  /// A closed store with a finished run of 40 steps, an interrupted one of 30 with class targets, and a fork of the
  /// first; `made.db` is the same without the damage.
  private static func damagedStore(_ damage: (TemporaryFolder) throws -> Void = { _ in }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path("made.db"))
    var first = try SampleTrainer(store, Self.planned(40, sampleRun(name: "first", dataset: sampleDataset())))
    for _ in 1...3 { try first.train(10, monitor: 0.5) }
    try first.train(10, .final, end: RunEnd(status: .finished))
    var second = try SampleTrainer(store, sampleRun(name: "second"))
    second.hasClassTargets = true
    try second.train(20)
    var rest = second.batch(10)
    rest.end = RunEnd(status: .interrupted)
    try store.append(rest)
    let parent = try #require(try first.checkpoints.last)
    var fork = try SampleTrainer(
      store, Self.planned(50, sampleRun(name: "fork", firstStep: 40, parent: parent.id)))
    try fork.train(10, .final, end: RunEnd(status: .finished))
    try store.close()
    _ = try StoreReader(path: folder.path("made.db")).backUp(to: folder.path())
    try damage(folder)
    return folder
  }

  private static func planned(_ end: Int, _ new: NewRun) -> NewRun {
    var run = new
    run.stepsPlanned = end
    return run
  }

  private static func recover(
    _ folder: TemporaryFolder, judge: @escaping Recovery.Judge = { _, _ in .unproved("not trained") }
  ) throws -> RecoveryReport {
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
    let report = try Recovery.recover(folder.path(), to: folder.path("new.db"), judge: judge)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == before)
    #expect(try folder.files.filter { $0.hasPrefix("new") } == ["new.db"])
    #expect(try StoreReader(path: folder.path("new.db")).check().findings == [])
    return report
  }

  private static func dump(_ folder: TemporaryFolder, _ database: String) throws -> String {
    try folder.sqlite3(".dump", database: database)
  }

  @Test("of a sound store all is taken, to the row")
  func soundStore() throws {
    let folder = try Self.damagedStore()
    let report = try Self.recover(folder)
    #expect(report.isComplete && report.notes == [] && report.runs.map(\.stepsDone) == [40, 30, 50])
    #expect(try Self.dump(folder, "new.db") == Self.dump(folder, "keepstep.db"))
  }

  @Test("all is read around a header and a schema that are damaged", arguments: [0, 1, 18, 21, 56, 60, 100, 103, 108])
  func firstPage(offset: Int) throws {
    let folder = try Self.damagedStore { try $0.change { $0[offset] ^= 0x10 } }
    #expect(try Self.recover(folder).isComplete)
    try folder.expectSameRows()
  }

  @Test("all is read where the first page is zeros, and from a store that was moved by VACUUM")
  func layouts() throws {
    let zeroed = try Self.damagedStore { try $0.change { $0.replaceSubrange(0..<4096, with: Data(count: 4096)) } }
    let report = try Self.recover(zeroed)
    #expect(report.isComplete && report.notes.contains { $0.contains("schema") })
    try zeroed.expectSameRows()
    let moved = try Self.damagedStore {
      try $0.sqlite3("PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = WAL")
    }
    #expect(try Self.recover(moved).isComplete)
    try moved.expectSameRows()
  }

  @Test("an index that disagrees with its table is not asked")
  func index() throws {
    let folder = try Self.damagedStore {
      let root = try #require(
        Int(
          try $0.sqlite3("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_tensors_1'")
            .trimmingCharacters(in: .newlines)))
      try $0.change { $0.replaceSubrange((root - 1) * 4096..<root * 4096, with: Data(count: 4096)) }
    }
    #expect(try Self.recover(folder).isComplete)
    try folder.expectSameRows()
  }

  @Test(
    "what a digest contradicts is left, and it is said why",
    arguments: [
      Loss(
        "UPDATE tensors SET data = zeroblob(36) WHERE checkpoint_id = 3 AND name = 'W_hh'", 40, 4, "step 20 is left"),
      Loss("DELETE FROM tensors WHERE checkpoint_id = 5", 40, 4, "step 40 is left"),
      Loss(
        "DELETE FROM tensors WHERE checkpoint_id = 1", 40, 4,
        "first checkpoint is lost; its record begins after step 10"),
      Loss("UPDATE checkpoints SET history_digest = digest WHERE id = 3", 40, 4, "step 20 is left out: its history"),
      Loss("UPDATE checkpoints SET step = 21 WHERE id = 3", 40, 4, "step 21 is left out: its history"),
      Loss("UPDATE steps SET loss = 7 WHERE run_id = 1 AND step = 25", 20, 3, "rows between step 20 and 30"),
      Loss("DELETE FROM steps WHERE run_id = 1 AND step = 25", 24, 3, "rows of step 25 are lost"),
      Loss(
        "UPDATE hidden_states SET shape = '[9]' WHERE run_id = 1 AND step = 25", 20, 3, "rows between step 20 and 30"),
      Loss("DELETE FROM evaluations WHERE run_id = 1 AND step = 30", 20, 3, "rows between step 20 and 30"),
      Loss("UPDATE runs SET steps_done = 35 WHERE id = 1", 40, 5, ""),
      Loss("UPDATE segments SET last_step = 8 WHERE run_id = 1", 40, 5, ""),
      Loss("UPDATE segments SET last_step = 72 WHERE run_id = 1", 40, 5, ""),
      Loss("UPDATE segments SET first_step = 65, last_step = 64 WHERE run_id = 1", 40, 5, ""),
      Loss(
        "UPDATE segments SET numerics_version = 0 WHERE run_id = 1", 40, 5, "the numerics version of 1 of its segments"),
      Loss(
        "UPDATE hyperparameters SET name = 'eigest' WHERE run_id = 1 AND name = 'digest'", 40, 5,
        "is called \"digest\" again"),
      Loss("UPDATE runs SET name = '7' WHERE id = 1", 40, 5, "recovered-1"),
      Loss("UPDATE runs SET steps_planned = 1 WHERE id = 1", 40, 5, "its planned end said 1"),
    ])
  func losses(loss: Loss) throws {
    let folder = try Self.damagedStore { try $0.sqlite3(loss.sql) }
    let report = try Self.recover(folder)
    let run = try #require(report.runs.first)
    #expect(run.isTaken && run.stepsDone == loss.steps && run.checkpoints == loss.checkpoints, "\(run)")
    #expect(loss.words.isEmpty || run.losses.contains { $0.contains(loss.words) }, "\(run.losses)")
    #expect(report.isComplete == loss.words.isEmpty)
    // The others are as they were, but for what the fork knows of its parent.
    #expect(report.runs.dropFirst().allSatisfy(\.isTaken) && report.runs.map(\.stepsDone).dropFirst() == [30, 50])
    // What is left can go on: a run is finished only with its last checkpoint.
    let reader = try StoreReader(path: folder.path("new.db"))
    let isWhole = try reader.checkpoint(runID: 1, .last).step == 40
    #expect(try reader.run("1").status == (isWhole ? .finished : .interrupted))
    #expect(try reader.run("1").stepsPlanned == 40)
  }

  @Test(
    "a run is left when nothing can go on from it",
    arguments: [
      ("DELETE FROM runs WHERE id = 2", "30 steps and 2 checkpoints"),
      (
        "DELETE FROM tensors WHERE checkpoint_id IN (SELECT id FROM checkpoints WHERE run_id = 2)",
        "no checkpoint whose"
      ),
      ("UPDATE checkpoints SET digest = history_digest WHERE run_id = 2", "no checkpoint whose"),
    ])
  func leftRun(sql: String, words: String) throws {
    let folder = try Self.damagedStore { try $0.sqlite3(sql) }
    let report = try Self.recover(folder)
    #expect(report.runs.map(\.isTaken) == [true, false, true] && !report.isComplete)
    #expect(report.runs[1].losses.contains { $0.contains(words) }, "\(report.runs[1].losses)")
    let reader = try StoreReader(path: folder.path("new.db"))
    #expect(try reader.runs().map(\.id) == [1, 3])
    #expect(try reader.steps(runID: 2, in: 0...99).isEmpty)
  }

  @Test("a fork whose parent's checkpoint is left stays whole, and says so")
  func parent() throws {
    let folder = try Self.damagedStore { try $0.sqlite3("DELETE FROM tensors WHERE checkpoint_id = 5") }
    let fork = try #require(try Self.recover(folder).runs.last)
    #expect(fork.isTaken && fork.losses.contains { $0.contains("forked from") })
  }

  @Test("rows that no digest covers, and runs, go when training them again gives other bits")
  func disproved() throws {
    let folder = try Self.damagedStore()
    let report = try Self.recover(folder) { run, reader in
      switch run {
      case 1: .disproved("another loss")
      case 2: try reader.run("2").stepsDone > 20 ? .disproved("another loss") : .proved("equal")
      default: .proved("equal")
      }
    }
    #expect(report.runs.map(\.isTaken) == [false, true, true] && report.runs.map(\.stepsDone) == [0, 20, 50])
    #expect(report.runs[0].losses == ["another loss"])
    #expect(report.runs[1].losses.contains { $0.contains("steps 21 to 30, which no digest covers") })
    #expect(report.tables.first { $0.name == "steps" }.map { [$0.taken, $0.left] } == [30, 50])
    #expect(try StoreReader(path: folder.path("new.db")).run("2").status == .interrupted)
  }

  @Test("damaged data goes, the run stays; data whose row is lost is no sine task")
  func data() throws {
    let folder = try Self.damagedStore()
    let report = try Self.recover(folder) { run, reader in
      guard run == 1, let id = try reader.run("1").datasetID else { return .proved("equal") }
      return try reader.dataset(id: id).values == nil ? .unproved("no data") : .dataDamaged("its data is damaged")
    }
    #expect(report.runs[0].isTaken && report.runs[0].losses == ["its data is damaged"])
    let lost = try Self.damagedStore { try $0.sqlite3("DELETE FROM datasets") }
    _ = try Self.recover(lost)
    let reader = try StoreReader(path: lost.path("new.db"))
    let id = try #require(try reader.run("1").datasetID)
    #expect(try reader.dataset(id: id).source == "(lost)")
  }

  @Test("what the -wal has committed is taken; what its damage takes along is told")
  func wal() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path("open.db"))
    var trainer = try SampleTrainer(store)
    for _ in 1...8 { try trainer.train(10) }
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: folder.path("open.db" + suffix), toPath: folder.path("keepstep.db" + suffix))
    }
    #expect(try Self.recover(folder).runs.map(\.stepsDone) == [80])
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path("keepstep.db-wal")))
    try folder.change("keepstep.db-wal") { $0[whole.count / 2] ^= 1 }
    try FileManager.default.removeItem(atPath: folder.path("new.db"))
    let report = try Self.recover(folder)
    #expect(report.hasLostCommits && !report.isComplete)
    let steps = try #require(report.runs.first).stepsDone
    #expect(steps > 0 && steps < 80 && steps % 10 == 0)
    // Of a header that is damaged nothing is believed; the main file alone has no row as yet.
    try folder.change("keepstep.db-wal") { $0[10] ^= 1 }
    try FileManager.default.removeItem(atPath: folder.path("new.db"))
    #expect(throws: (any Error).self) { try Self.recover(folder) }
  }

  @Test("refuses a store in training, another program's database, and what is no store at all")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let trainer = try SampleTrainer(store)
    func recover(_ name: String) throws {
      _ = try Recovery.recover(folder.path(name), to: folder.path("new.db")) { _, _ in .unproved("") }
    }
    #expect(try storeError { try recover("keepstep.db") }.kind == .held)
    trainer.lock.unlock()
    try recover("keepstep.db")
    #expect(try storeError { try recover("keepstep.db") }.kind == .conflict)
    try FileManager.default.removeItem(atPath: folder.path("new.db"))
    try folder.sqlite3("CREATE TABLE a (b)", database: "other.db")
    #expect(try storeError { try recover("other.db") }.kind == .notAStore)
    try Data(repeating: 65, count: 100_000).write(to: URL(fileURLWithPath: folder.path("text.db")))
    let error = try storeError { try recover("text.db") }
    #expect(error.kind == .damaged && error.hint?.contains(".recover") == true)
    #expect(try storeError { try recover("none.db") }.kind == .missing)
    #expect(try folder.files.allSatisfy { !$0.hasPrefix("new") })
  }
}

/// A change from outside, and what is left of the first run.
struct Loss: CustomTestStringConvertible, Sendable {
  var sql: String
  var steps: Int
  var checkpoints: Int
  /// Of what is said of it; empty when nothing is lost.
  var words: String

  init(_ sql: String, _ steps: Int, _ checkpoints: Int, _ words: String) {
    self.sql = sql
    self.steps = steps
    self.checkpoints = checkpoints
    self.words = words
  }

  var testDescription: String { sql }
}

extension TemporaryFolder {
  /// Changes a file's bytes.
  fileprivate func change(_ name: String = "keepstep.db", _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path(name)))
    body(&data)
    try data.write(to: URL(fileURLWithPath: path(name)))
  }

  /// The new store has all that was in the store before it was damaged.
  fileprivate func expectSameRows(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let (new, old) = (try sqlite3(".dump", database: "new.db"), try sqlite3(".dump", database: "made.db"))
    #expect(new == old, sourceLocation: sourceLocation)
  }
}
