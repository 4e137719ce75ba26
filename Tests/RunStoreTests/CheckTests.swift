import Foundation
import RunStore
import Testing

@Suite("Check")
struct CheckTests {
  @Test("a store with trained, forked, resumed and living runs is sound")
  func soundStore() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    for number in 1...5 { try trainer.train(20, monitor: 1 / Double(number), keep: 2) }
    var fork = try SampleTrainer(store, sampleRun(firstStep: 100, parent: try trainer.checkpoints.last?.id))
    fork.hasClassTargets = true
    try fork.train(30, .final, end: RunEnd(status: .finished))
    let report = try store.reader.check()
    #expect(report.findings == [] && report.isSound)
    #expect(report.facts.runs == 2 && report.facts.steps == 130)
    #expect(report.facts.sqliteVersion.hasPrefix("3."))
    #expect(report.facts.foreignWritersAtRisk == StoreFacts.hasWALResetBug(sqliteVersion: report.facts.sqliteVersion))
  }

  @Test(
    "damage is named: what was changed, and where",
    arguments: [
      Damage(
        "UPDATE tensors SET data = CAST(x'01' || substr(data, 2) AS BLOB) WHERE checkpoint_id = 3 AND name = 'W_hh'",
        "checkpoint 3 (run 1, step 20)", "its digest is"),
      Damage(
        "UPDATE tensors SET name = 'W' WHERE checkpoint_id = 3 AND name = 'W_hh'", "checkpoint 3", "its digest is"),
      Damage(
        "UPDATE tensors SET shape = '[9]' WHERE checkpoint_id = 3 AND name = 'W_hh'", "checkpoint 3", "its digest is"),
      Damage(
        "UPDATE tensors SET shape = '[4,4]' WHERE checkpoint_id = 3 AND name = 'W_hh'", "checkpoint 3", "has 9 values"),
      Damage("UPDATE tensors SET data = x'0000' WHERE checkpoint_id = 3 AND name = 'W_hh'", "checkpoint 3", "float32"),
      Damage("DELETE FROM tensors WHERE checkpoint_id = 3", "checkpoint 3", "its digest is"),
      Damage("UPDATE checkpoints SET step = 21 WHERE id = 3", "checkpoint 3 (run 1, step 21)", "history digest"),
      Damage("UPDATE steps SET loss = loss + 1e-12 WHERE step = 15", "checkpoint 3", "history digest"),
      Damage("UPDATE evaluations SET loss = 5 WHERE step = 10", "checkpoint 2 (run 1, step 10)", "history digest"),
      Damage("UPDATE hidden_states SET data = zeroblob(12) WHERE step = 25", "checkpoint 4", "history digest"),
      Damage("UPDATE hidden_states SET shape = '[2,3]' WHERE step = 25", "checkpoint 4", "has 3 values"),
      Damage("DELETE FROM evaluations WHERE step = 20", "checkpoint 3", "history digest"),
      Damage("DELETE FROM steps WHERE step = 15", "run 1", "39 step rows from 1 to 40, but must have 40"),
      Damage("DELETE FROM steps WHERE step = 40", "run 1", "39 step rows"),
      Damage("UPDATE runs SET steps_done = 41", "run 1", "40 step rows"),
      Damage("UPDATE steps SET loss = 9e999 WHERE step = 15", "run 1, step 15", "not finite"),
      Damage("UPDATE steps SET accuracy = 0.5 WHERE step = 15", "checkpoint 3", "history digest"),
      Damage("UPDATE evaluations SET accuracy = 0.5 WHERE step = 10", "checkpoint 2", "history digest"),
      Damage("UPDATE steps SET accuracy = 1.5 WHERE step = 15", "run 1, step 15", "a step has an accuracy that is not"),
      Damage("UPDATE steps SET accuracy = -9e999 WHERE step = 15", "run 1, step 15", "not from 0 to 1"),
      Damage("UPDATE evaluations SET accuracy = -0.5 WHERE step = 40", "run 1, step 40", "evaluation has an accuracy"),
      Damage("UPDATE evaluations SET step = 99 WHERE step = 40", "run 1, step 99", "no row"),
      Damage("UPDATE segments SET ended_at = 'x'", "run 1", "0 open segments where 1"),
      Damage("UPDATE segments SET last_step = 39", "run 1", "its segments end at step 39, and its steps_done is 40"),
      Damage("UPDATE segments SET last_step = 56", "run 1", "its segments end at step 56"),
      Damage("UPDATE segments SET numerics_version = 0", "run 1", "numerics_version is none"),
      Damage("UPDATE runs SET status = 'finished'", "run 1", "1 open segments where 0"),
      Damage("DELETE FROM checkpoints", "run 1", "no checkpoint"),
      Damage("UPDATE checkpoints SET history_digest = digest WHERE step = 0", "checkpoint 1", "begins no chain"),
      Damage("DELETE FROM runs", "the database", "refers to a row of runs"),
      Damage("PRAGMA ignore_check_constraints = ON; UPDATE runs SET status = 'asleep'", "run 1", "unknown status"),
    ])
  func namesDamage(damage: Damage) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    for _ in 1...4 { try trainer.train(10) }
    #expect(try store.reader.check().findings == [])
    try folder.sqlite3(damage.sql)
    let findings = try store.reader.check().findings
    #expect(
      findings.contains { $0.subject.hasPrefix(damage.subject) && $0.message.contains(damage.message) }, "\(findings)")
  }

  @Test("a damaged checkpoint is not handed out, and the newest sound one is offered")
  func refusesDamagedTensors() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    for _ in 1...3 { try trainer.train(10) }
    let rows = try trainer.checkpoints
    try folder.sqlite3(
      "UPDATE tensors SET data = CAST(x'01' || substr(data, 2) AS BLOB) WHERE checkpoint_id IN (\(rows[3].id), \(rows[2].id)) AND name = 'b_h'"
    )
    let error = try storeError { _ = try store.reader.tensors(checkpointID: rows[3].id) }
    #expect(error.kind == .damaged)
    #expect(error.message.contains("checkpoint \(rows[3].id) (run 1, step 30)"))
    #expect(error.message.contains(rows[3].digest))
    #expect(error.message.contains(folder.path()))
    #expect(error.hint?.contains("@10") == true)
    #expect(try store.reader.tensors(checkpointID: rows[1].id).count == 7)
    try folder.sqlite3("UPDATE tensors SET data = CAST(x'01' || substr(data, 2) AS BLOB)")
    #expect(
      try storeError { _ = try store.reader.tensors(checkpointID: rows[3].id) }.hint?.contains("no checkpoint") == true)
    #expect(try storeError { _ = try store.reader.tensors(checkpointID: 999) }.kind == .missing)
  }

  @Test(
    "the versions of SQLite with the WAL-reset bug",
    arguments: [
      ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false), ("3.45.0", true),
      ("3.50.6", true), ("3.50.7", false), ("3.51.2", true), ("3.51.3", false), ("3.52.0", false), ("4.0.0", false),
    ])
  func walResetBug(version: String, isAtRisk: Bool) {
    #expect(StoreFacts.hasWALResetBug(sqliteVersion: version) == isAtRisk)
  }
}

/// A change from outside, and what must be said about it.
struct Damage: CustomTestStringConvertible, Sendable {
  var sql: String
  var subject: String
  var message: String

  init(_ sql: String, _ subject: String, _ message: String) {
    self.sql = sql
    self.subject = subject
    self.message = message
  }

  var testDescription: String { sql }
}
