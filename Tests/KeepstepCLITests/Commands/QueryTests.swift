import Foundation
import Testing

@Suite("keepstep query")
struct QueryTests {
  private static let mixed = "SELECT 1.5 AS a, NULL AS b, 'x,\"y\"' AS c, x'00ff' AS d, '=1+1' AS e"

  static let formats = [
    ("table", "  a  b  c      d          e\n1.5     x,\"y\"  <2 bytes>  =1+1\n"),
    // A spreadsheet would run the last cell as a formula.
    ("csv", "a,b,c,d,e\n1.5,,\"x,\"\"y\"\"\",00ff,'=1+1\n"),
    ("json", "[\n  {\"a\": 1.5, \"b\": null, \"c\": \"x,\\\"y\\\"\", \"d\": \"00ff\", \"e\": \"=1+1\"}\n]\n"),
  ]

  @Test("prints rows in each format", arguments: formats)
  func printsRows(format: String, expected: String) throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    #expect(try place.keepstep(["query", Self.mixed, "--format", format]).output == expected)
  }

  static let refused = [
    "INSERT INTO tags VALUES (1, 'a')", "UPDATE runs SET name = 'x'", "DELETE FROM steps", "DROP TABLE runs",
    "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "ATTACH 'x.db' AS x", "DETACH main", "VACUUM",
    "VACUUM INTO 'y.db'",
    "PRAGMA user_version = 5", "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA writable_schema = 1", "PRAGMA query_only = 0", "REINDEX", "ANALYZE", "BEGIN IMMEDIATE", "ROLLBACK",
    "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE runs", "", "SELECT nonsense", "SELECT load_extension('x.so')",
    "WITH a AS (SELECT 1) INSERT INTO tags SELECT 1, 'b'", "EXPLAIN; DROP TABLE runs",
  ]

  @Test("refuses what does not only read, and changes nothing", arguments: refused)
  func refuses(sql: String) throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    let before = try place.data("keepstep.db")
    let outcome = try place.keepstep(["query", sql])
    #expect(outcome.status == 1 && outcome.output == "", "\(outcome.output)")
    #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains("\nhint: "), "\(outcome.errors)")
    #expect(try place.data("keepstep.db") == before)
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
  }

  @Test("prints the schema with a comment on every column")
  func schema() throws {
    let place = try Workplace()
    try place.succeed("train --steps 1")
    let outcome = try place.keepstep(["query", "SELECT sql FROM sqlite_master", "--format", "csv"])
    #expect(outcome.output.contains("-- its highest recorded step"))
  }
}
