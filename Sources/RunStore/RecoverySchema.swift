import Foundation
import GRDB
import GRDBSQLite

/// The tables of a store as SQLite lays them out in its file: learnt from an empty store in memory, so that the
/// migrations stay the only place that knows the schema.
///
/// Every store begins with the same statements, so its tables begin at the same pages as those of an empty one,
/// whatever version it was made with. A store whose schema is damaged can be read by that.
struct RecoverySchema {
  struct Table {
    var name: String
    /// In the order of the record.
    var columns: [(name: String, type: String)]
    /// The key's columns; `rowid` where the table has none of its own.
    var key: [String]
    /// How many of them, from the first on, are whole numbers.
    var numbersInKey: Int
    /// Whether it is a b-tree by rowid, not by its key.
    var hasRowID: Bool
    /// Where its b-tree begins, counted from 1.
    var rootPage: Int

    /// All that identifies a row and all that is in it.
    var columnsWithKey: [String] { (key == ["rowid"] ? key : []) + columns.map(\.name) }
  }

  /// In the order in which they are created.
  var tables: [Table]
  /// SQLite's own, which stores are made with.
  static let pageSize = 4096

  init() throws {
    let queue = try DatabaseQueue()
    tables = try queue.writeWithoutTransaction { db in
      try Migrations.run(on: db)
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT name, rootpage, (SELECT wr FROM pragma_table_list(sqlite_master.name)) FROM sqlite_master
          WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid
          """)
      return try rows.map { try Table(name: try $0.text(0), root: try $0.int(1), hasRowID: try $0.int(2) == 0, db) }
    }
  }

  /// A database's first page that says of these tables what SQLite must know to read their rows, and nothing else: no
  /// index, no constraint.
  ///
  /// - parameter pageCount: pages of the file that it is for.
  func firstPage(pageSize: Int, pageCount: Int) throws -> Data {
    let queue = try DatabaseQueue()
    var page = try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA page_size = \(pageSize)")
      try db.execute(sql: "PRAGMA writable_schema = ON")
      for table in tables {
        try db.execute(
          sql: "INSERT INTO sqlite_master VALUES ('table', ?1, ?1, ?2, ?3)",
          arguments: [table.name, table.rootPage, table.plainSQL])
      }
      return try db.serialized()
    }
    guard page.count == pageSize else {
      throw StoreError(.damaged, "pages of \(pageSize) bytes are too small to be a store's")
    }
    page.setBigEndian(UInt32(clamping: pageCount), at: 28)
    // The count of pages is believed where these two agree.
    page.setBigEndian(1, at: 24)
    page.setBigEndian(1, at: 92)
    return page
  }
}

extension RecoverySchema.Table {
  fileprivate init(name: String, root: Int, hasRowID: Bool, _ db: Database) throws {
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", arguments: [name])
    let columns = try rows.map { (name: try $0.text(0), type: try $0.text(1), place: try $0.int(2)) }
    let key = columns.filter { $0.place > 0 }.sorted { $0.place < $1.place }
    self.init(
      name: name, columns: columns.map { ($0.name, $0.type) }, key: key.isEmpty ? ["rowid"] : key.map(\.name),
      numbersInKey: key.isEmpty ? 1 : key.prefix { $0.type == "INTEGER" }.count, hasRowID: hasRowID, rootPage: root)
  }

  /// As short as it can be: all tables have to find room in one page.
  fileprivate var plainSQL: String {
    // ANY outside a STRICT table would mean numbers.
    let definitions = columns.map { column in
      let type = column.type == "ANY" ? "" : " \(column.type)"
      return "\(column.name)\(type)\(hasRowID && [column.name] == key ? " PRIMARY KEY" : "")"
    }
    return hasRowID
      ? "CREATE TABLE \(name)(\(definitions.joined(separator: ",")))"
      : "CREATE TABLE \(name)(\(definitions.joined(separator: ",")),PRIMARY KEY(\(key.joined(separator: ","))))WITHOUT ROWID"
  }
}

extension Database {
  /// The database as the bytes of its file.
  fileprivate func serialized() throws -> Data {
    var size: sqlite3_int64 = 0
    guard let bytes = sqlite3_serialize(sqliteConnection, "main", &size, 0) else {
      throw DatabaseError(resultCode: .SQLITE_NOMEM)
    }
    defer { sqlite3_free(bytes) }
    return Data(bytes: bytes, count: Int(size))
  }
}

extension Data {
  /// Writes a number as SQLite's files have them.
  mutating func setBigEndian(_ value: UInt32, at offset: Int) {
    for index in 0..<4 { self[startIndex + offset + index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * index)) }
  }

  /// Reads such a number; 0 where the data ends before.
  func bigEndian(at offset: Int) -> UInt32 {
    guard offset + 4 <= count else { return 0 }
    return (0..<4).reduce(0) { $0 << 8 | UInt32(self[startIndex + offset + $1]) }
  }
}
