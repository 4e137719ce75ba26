import GRDB

extension Database {
  /// The tables, indexes and views are those of the store's version, to the letter: a bit that flipped in their definitions
  /// changes what rows mean. What others have added is theirs.
  func schemaFindings() -> [CheckFinding] {
    do {
      let own = try schema()
      let expected = try Migrations.schema(ofVersion: try storeVersion())
      return expected.sorted { $0.key < $1.key }.compactMap { name, definition in
        guard own[name] != definition else { return nil }
        return CheckFinding(
          subject: "the schema",
          message: own[name] == nil
            ? "\(name) is missing" : "the definition of \(name) is not that of the store's version")
      }
    } catch {
      return [CheckFinding(subject: "the schema", message: "cannot be read to the end: \(error.inWords)")]
    }
  }

  /// The definitions by kind and name.
  fileprivate func schema() throws -> [String: String] {
    let rows = try Row.fetchAll(
      self, sql: "SELECT type || ' ' || name, tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema")
    return try Dictionary(rows.map { (try $0.text(0), try $0.text(1)) }) { first, _ in first }
  }
}

extension Migrations {
  /// What a new store of a version is made of.
  fileprivate static func schema(ofVersion version: Int) throws -> [String: String] {
    let queue = try DatabaseQueue()
    return try queue.write { db in
      for script in scripts.prefix(version) { try db.execute(sql: String(decoding: script, as: UTF8.self)) }
      return try db.schema()
    }
  }
}

extension Error {
  /// An error of SQLite's in a few words.
  var inWords: String {
    (self as? DatabaseError).map { "\($0.message ?? "unknown error") (SQLite \($0.extendedResultCode.rawValue))" }
      ?? (self as? StoreError)?.message ?? localizedDescription
  }
}
