import Foundation
import RunStore
import Testing

/// Stores of every version that people have, of which `Fixtures/README.md` tells.
@Suite("Stores of every version")
struct MigrationFixtureTests {
  static let versions = [1, 2]

  @Test("there is a fixture of each version, up to the one that this program writes")
  func complete() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    let newest = try StoreReader(path: folder.path()).check().facts.version
    #expect(Self.versions == Array(1...newest))
    for version in Self.versions {
      let name = "version-\(version).db"
      try folder.addFixture(version, as: name)
      #expect(try folder.sqlite3("PRAGMA user_version", database: name) == "\(version)\n")
    }
  }

  @Test("opening brings it to the newest version and changes no row and no digest", arguments: versions)
  func opens(version: Int) throws {
    let folder = try TemporaryFolder()
    try folder.addFixture(version)
    let tables = try folder.tables()
    #expect(tables.count == 11 && tables.allSatisfy { !$0.rows.isEmpty }, "\(tables.map(\.name))")
    try Store(path: folder.path("new.db")).close()
    try Store(path: folder.path()).close()
    #expect(try folder.tables(like: tables) == tables)
    #expect(try folder.schema() == folder.schema("new.db"))
    let report = try StoreReader(path: folder.path()).check()
    #expect(report.findings == [] && report.facts.version == Self.versions.last)
  }

  /// What makes the first, the second and the third statement of the migration fail, and what mends it.
  static let obstacles = [
    ("ALTER TABLE steps ADD COLUMN accuracy REAL", "ALTER TABLE steps DROP COLUMN accuracy"),
    ("ALTER TABLE evaluations ADD COLUMN accuracy REAL", "ALTER TABLE evaluations DROP COLUMN accuracy"),
    ("DROP VIEW run_summary", "CREATE VIEW run_summary AS SELECT 1"),
  ]

  @Test("an upgrade that fails half way leaves the older store whole", arguments: obstacles)
  func failsHalfWay(obstacle: String, mend: String) throws {
    let folder = try TemporaryFolder()
    try folder.addFixture(1)
    try folder.sqlite3(obstacle)
    let (tables, schema) = (try folder.tables(), try folder.schema())
    for _ in 1...2 {
      let error = try storeError { _ = try Store(path: folder.path()) }
      #expect(error.kind == .database && error.message.contains("cannot open \(folder.path())"), "\(error.message)")
      #expect(try folder.tables() == tables && folder.schema() == schema)
      #expect(try folder.sqlite3("PRAGMA user_version; PRAGMA integrity_check") == "1\nok\n")
      #expect(try folder.files == ["keepstep.db", "keepstep.db-lock"])
      #expect(try StoreReader(path: folder.path()).steps(runID: 1, in: 1...100).count == 60)
    }
    try folder.sqlite3(mend)
    try Store(path: folder.path()).close()
    #expect(try StoreReader(path: folder.path()).check().findings == [])
  }

  @Test("a store of a newer version is refused with both versions, and not changed")
  func newer() throws {
    let folder = try TemporaryFolder()
    try folder.addFixture(2)
    try folder.sqlite3("PRAGMA user_version = 7")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
    let opening: [() throws -> Void] = [
      { _ = try Store(path: folder.path()) }, { _ = try StoreReader(path: folder.path()) },
    ]
    for open in opening {
      let error = try storeError(open)
      #expect(error.kind == .newerStore && error.hint == "use a newer Keepstep")
      #expect(error.message.hasSuffix("is a store of version 7; this program knows versions up to 2"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == bytes)
  }
}

/// A table's rows in some order that depends on nothing but them.
private struct FixtureTable: Hashable {
  var name: String
  var columns: [String]
  var rows: String
}

extension TemporaryFolder {
  /// Puts a copy of a fixture into the folder, with the lock file that lies beside every store.
  func addFixture(_ version: Int, as name: String = "keepstep.db") throws {
    let fixture = try #require(Bundle.module.url(forResource: "Fixtures/version-\(version)", withExtension: "db"))
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: path(name)))
    #expect(chmod(path(name), 0o644) == 0)
    try Data().write(to: URL(fileURLWithPath: path(name + "-lock")))
  }

  /// All rows of all tables, or of those tables and columns that another look found, by the real sqlite3 program.
  fileprivate func tables(like others: [FixtureTable]? = nil) throws -> [FixtureTable] {
    try (others ?? named()).map { table in
      let list = table.columns.joined(separator: ", ")
      let quoted = table.columns.map { "quote(\($0))" }.joined(separator: ", ")
      let rows = try sqlite3("SELECT \(quoted) FROM \(table.name) ORDER BY \(list)")
      return FixtureTable(name: table.name, columns: table.columns, rows: rows)
    }
  }

  private func named() throws -> [FixtureTable] {
    let lines = try sqlite3("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return try lines.split(separator: "\n").map { name in
      let columns = try sqlite3("SELECT name FROM pragma_table_info('\(name)')")
      return FixtureTable(name: String(name), columns: columns.split(separator: "\n").map(String.init), rows: "")
    }
  }

  /// What makes the schema, as SQLite keeps it.
  fileprivate func schema(_ name: String = "keepstep.db") throws -> String {
    try sqlite3("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name", database: name)
  }
}
