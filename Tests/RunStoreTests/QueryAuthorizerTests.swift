import Foundation
import RunStore
import Testing

/// What a person's SQL may do: read, whatever it is written like.
struct QueryAuthorizerTests {
  let folder: TemporaryFolder
  let reader: StoreReader

  init() throws {
    folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(5)
    trainer.lock.unlock()
    try store.close()
    reader = try StoreReader(path: folder.path())
  }

  @Test(
    arguments: [
      "SELECT count(*) FROM steps", "WITH last AS (SELECT max(step) AS step FROM steps) SELECT * FROM last",
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT sum(i) FROM n",
      "EXPLAIN SELECT * FROM runs", "EXPLAIN QUERY PLAN SELECT * FROM run_summary", "VALUES (1, 2)",
      "PRAGMA table_info(runs)", "PRAGMA integrity_check", "PRAGMA foreign_key_check", "PRAGMA user_version",
      "SELECT name FROM pragma_table_info('steps')", "SELECT value FROM json_each('[1,2]')",
      "SELECT json_type(columns) FROM datasets", "SELECT sql FROM sqlite_master",
    ])
  func reads(_ sql: String) throws {
    #expect(!(try reader.query(sql).columns.isEmpty))
  }

  @Test("a parameter, which nobody can give a value", arguments: ["?", "?3", ":step", "@step", "$step"])
  func parameters(_ parameter: String) throws {
    let condition = "steps_done > \(parameter)"
    for ask in [
      { _ = try reader.query("SELECT * FROM run_summary WHERE \(condition)") },
      { _ = try reader.runs(where: condition) },
      { _ = try reader.list(RunListing(condition: condition)) },
      { _ = try reader.list(RunListing(condition: condition, tags: ["a", "b", "c"])) },
    ] as [() throws -> Void] {
      let error = try storeError(ask)
      #expect(error.kind == .invalid && error.message.contains("it has a parameter"), "\(error.message)")
      #expect(error.message.contains(condition) && error.hint != nil)
    }
  }

  @Test(
    arguments: [
      ("ATTACH 'other.db' AS other", "attach"), ("DETACH main", "detach"), ("DELETE FROM runs", "delete"),
      ("INSERT INTO tags VALUES (1, 'x') RETURNING tag", "insert"),
      ("UPDATE runs SET note = 'x' RETURNING id", "change"),
      ("WITH n AS (SELECT 1) DELETE FROM steps RETURNING step", "delete"), ("EXPLAIN DELETE FROM runs", "delete"),
      ("PRAGMA user_version = 9", "pragma"), ("PRAGMA writable_schema = ON", "pragma"), ("PRAGMA optimize", "pragma"),
      ("PRAGMA journal_mode", "pragma"), ("PRAGMA journal_mode = DELETE", "pragma"),
      ("PRAGMA wal_checkpoint", "pragma"),
      ("pRaGmA/**/main.synchronous=/* */OFF", "pragma"), ("PRAGMA query_only = OFF", "pragma"),
      ("SELECT load_extension('x')", "load_extension"), ("CREATE TEMP TABLE t (a)", "insert"),
      ("CREATE TEMP VIEW v AS SELECT 1", "insert"), ("BEGIN", "transaction"), ("SAVEPOINT s", "savepoint"),
      ("REINDEX", "rebuild"), ("VACUUM INTO 'copy.db'", "does not"), ("VACUUM", "does not"),
      ("CREATE TABLE x (a)", "does not"),
      ("CREATE TABLE x AS SELECT 1 AS a", "does not"),
      ("INSERT INTO sqlite_master DEFAULT VALUES", "may not be modified"),
      ("DELETE FROM sqlite_master RETURNING name", "may not be modified"),
    ])
  func refuses(_ sql: String, _ reason: String) throws {
    let before = try folder.files
    let error = try storeError { _ = try reader.query(sql) }
    #expect(error.kind == .invalid && error.message.contains(reason) && error.message.contains(sql), "\(error)")
    #expect(try folder.files == before)
  }

  /// The pragma's own statement is compiled only when its rows are asked for.
  @Test func pragmasAsTablesAreAskedAbout() throws {
    #expect(throws: StoreError.self) { try reader.query("SELECT * FROM pragma_optimize") }
    #expect(try reader.query("SELECT * FROM pragma_integrity_check").rows == [[.text("ok")]])
  }

  /// Reading goes on as before after a refusal.
  @Test func refusalsLeaveNothingBehind() throws {
    _ = try storeError { _ = try reader.query("DROP TABLE steps") }
    #expect(try reader.steps(runID: 1, in: 1...9).count == 5)
    #expect(try reader.check().findings.isEmpty)
  }

  @Test(
    arguments: [
      "1) UNION ALL SELECT * FROM run_summary WHERE (1", "true) -- ", "id = 1); DELETE FROM runs; SELECT (1",
      "')') ", "/* ( */ 1) --", "id IN (SELECT 1)) OR (1",
    ])
  func conditionsStayInTheirPlace(_ condition: String) throws {
    let error = try storeError { _ = try reader.runs(where: condition) }
    #expect(error.kind == .invalid && error.message.contains("closes a parenthesis"), "\(error)")
  }

  @Test(
    arguments: [
      "name <> ')'", "name = \"name\" OR name = '(('", "id IN (SELECT id FROM runs) -- all", "(id) = ((1)) /* ) */",
      "[name] LIKE 'run%'", "name <> 'it''s :)'",
    ])
  func conditionsWithParenthesesInTextsWork(_ condition: String) throws {
    #expect(try reader.runs(where: condition).map(\.id) == [1])
  }

  @Test func conditionsOnlyRead() throws {
    let error = try storeError { _ = try reader.runs(where: "load_extension('x')") }
    #expect(error.message.contains("would call load_extension"), "\(error)")
    #expect(throws: StoreError.self) { try reader.runs(where: "1; DELETE FROM runs") }
  }
}
