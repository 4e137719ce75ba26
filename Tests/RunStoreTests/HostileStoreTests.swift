import Foundation
import RunStore
import Testing

/// Stores from strangers: what stands in them is refused with a message, or read, and never run.
struct HostileStoreTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store, sampleRun(dataset: sampleDataset()))
    try trainer.train(10, monitor: 1, end: RunEnd(status: .interrupted))
    trainer.lock.unlock()
    try store.close()
  }

  /// Writes what no Keepstep writes: past the CHECK constraints, and into tables without STRICT.
  private func forge(_ sql: String) throws {
    try folder.sqlite3(
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_master SET sql = replace(replace(sql, ') STRICT, WITHOUT', ') WITHOUT'), ') STRICT', ')');
      PRAGMA writable_schema = RESET; PRAGMA ignore_check_constraints = ON; \(sql)
      """)
  }

  /// Everything that reads; each may throw a `StoreError` and nothing else may happen. Returns how many refused or found
  /// something.
  private func readAll() throws -> Int {
    var refusals = 0
    func attempt(_ body: () throws -> Void) throws {
      do {
        try body()
      } catch let error as StoreError {
        #expect(!error.message.isEmpty)
        refusals += 1
      }
    }
    let reader = try StoreReader(path: folder.path())
    try attempt { refusals += try reader.check().findings.count }
    try attempt { _ = try reader.runs() }
    try attempt { _ = try reader.run("last") }
    try attempt { _ = try reader.hyperparameters(runID: 1) }
    try attempt { _ = try reader.segments(runID: 1) }
    try attempt { _ = try reader.steps(runID: 1, in: .min ... .max) }
    try attempt { _ = try reader.evaluations(runID: 1, in: .min ... .max) }
    try attempt { _ = try reader.hiddenStates(runID: 1, in: .min ... .max) }
    try attempt { _ = try reader.dataset(id: 1) }
    for selector in [CheckpointSelector.best, .last, .step(0), .step(.min), .step(.max)] {
      try attempt { _ = try reader.checkpoint(runID: 1, selector) }
    }
    for id in [Int64(1), 2] { try attempt { _ = try reader.tensors(checkpointID: id) } }
    return refusals
  }

  /// Two of the steps that are asked for are not there.
  @Test func anHonestStoreIsNotRefused() throws {
    #expect(try readAll() == 2)
  }

  @Test(
    arguments: [
      "UPDATE runs SET steps_done = 9223372036854775807", "UPDATE runs SET steps_done = -9223372036854775808",
      "UPDATE checkpoints SET step = 9223372036854775807 WHERE id = 1",
      "UPDATE checkpoints SET step = -9223372036854775808 WHERE id = 1", "UPDATE steps SET step = -1 WHERE step = 1",
      "UPDATE steps SET step = 'x' WHERE step = 1", "UPDATE tensors SET part = 9223372036854775807 WHERE name = 'H'",
      "UPDATE tensors SET shape = '[4294967296,4294967296]'", "UPDATE tensors SET shape = '[9223372036854775807]'",
      "UPDATE tensors SET shape = '[-1]'", "UPDATE tensors SET shape = '[1e400]'", "UPDATE tensors SET data = x'00'",
      "UPDATE tensors SET data = 'text'", "UPDATE tensors SET data = zeroblob(4000000) WHERE name = 'H'",
      "UPDATE hidden_states SET shape = '[0,0]'", "UPDATE hidden_states SET data = 1.5",
      "UPDATE datasets SET rows = -9223372036854775808", "UPDATE datasets SET rows = 9223372036854775807",
      "UPDATE datasets SET columns = '[[]]'", "UPDATE datasets SET columns = replace(hex(zeroblob(5000)), '00', '[')",
      "UPDATE runs SET uuid = x'ff'", "UPDATE runs SET status = 'dancing'",
      "UPDATE checkpoints SET history_digest = 'x'", "UPDATE checkpoints SET monitor_value = 'x'",
      "DELETE FROM checkpoints", "DROP VIEW run_summary", "DROP TABLE steps",
    ])
  func forgedValuesAreRefused(_ sql: String) throws {
    try forge(sql)
    #expect(try readAll() > 2, "\(sql)")
  }

  /// Run 0 would be trained under the lock of the whole store.
  @Test func runsWithoutAPositiveNumberAreRefused() throws {
    try forge("PRAGMA foreign_keys = OFF; UPDATE runs SET id = 0")
    let error = try storeError { _ = try StoreReader(path: folder.path()).run("0") }
    #expect(error.kind == .damaged && error.message.contains("number of a run"), "\(error)")
  }

  @Test func triggersOfOthersNeverRun() throws {
    try folder.sqlite3(
      "CREATE TRIGGER t AFTER INSERT ON steps BEGIN UPDATE runs SET note = 'ran'; END")
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(5)
    trainer.lock.unlock()
    #expect(try store.reader.run("1").note == nil)
    #expect(try store.reader.steps(runID: trainer.run.id, in: 1...9).count == 5)
    try store.close()
  }

  /// Removing a run still takes its rows along, which SQLite does by triggers of its own.
  @Test func foreignKeysStillCascade() throws {
    let store = try Store(path: folder.path())
    try store.removeRun(1)
    try store.close()
    let counts = try folder.sqlite3("SELECT (SELECT count(*) FROM steps) + (SELECT count(*) FROM tensors)")
    #expect(counts == "0\n")
  }

  /// fts3_tokenizer and load_extension are code; so is what a view of a stranger's calls.
  @Test func viewsCallNothingThatReachesOutside() throws {
    try folder.sqlite3("CREATE VIEW v AS SELECT load_extension('x'); CREATE VIEW w AS SELECT count(*) FROM dbstat")
    let reader = try StoreReader(path: folder.path())
    for view in ["v", "w"] { #expect(throws: StoreError.self) { try reader.query("SELECT * FROM \(view)") } }
    #expect(try reader.check().findings.isEmpty)
  }

  @Test func connectionsAreDefended() throws {
    let reader = try StoreReader(path: folder.path())
    for (pragma, value) in [("trusted_schema", 0), ("cell_size_check", 1), ("mmap_size", 0)] {
      #expect(try reader.query("PRAGMA \(pragma)").rows == [[.integer(Int64(value))]], "\(pragma)")
    }
  }

  /// The json_type that our CHECK constraints call under those defences refuses what SQLite's own refuses.
  @Test func constraintsStillHold() throws {
    let reader = try StoreReader(path: folder.path())
    let samples = ["[]", " [1, {\"a\": null}] ", "{}", "\"\\u00e9\"", "1", "-0.5e3", "true", "false", "null"]
    for json in samples {
      let own = try reader.query("SELECT json_type('\(json)')").rows
      #expect(own == (try reader.query("SELECT json_type('\(json)', '$')").rows), "\(json)")
    }
    for json in ["", "[", "[1,]", "{\"a\"}", "01", "1.", "nul", "[1] x", "\"\\x\""] {
      #expect(throws: StoreError.self, "\(json)") { try reader.query("SELECT json_type('\(json)')") }
    }
  }
}
