import GRDB

/// How people name a run: `last`, an id, a name, or a uuid's first letters.
enum RunSelector {
  /// The id of the run that `selector` names.
  ///
  /// - throws: `StoreError` listing what there is when no run or several runs fit.
  static func resolve(_ selector: String, _ db: Database, path: String) throws -> Int64 {
    if selector == "last" {
      if let id = try Int64.fetchOne(db, sql: "SELECT max(id) FROM runs") { return id }
      throw StoreError(.missing, "\(path) has no runs yet", hint: "keepstep train makes one")
    }
    let exact = "SELECT id FROM runs WHERE id = ? OR name = ? ORDER BY id = ? DESC LIMIT 1"
    let number = Int64(selector)
    if let id = try Int64.fetchOne(db, sql: exact, arguments: [number, selector, number]) { return id }
    return try resolve(prefix: selector.lowercased(), selector, db, path: path)
  }

  private static func resolve(prefix: String, _ selector: String, _ db: Database, path: String) throws -> Int64 {
    guard prefix.utf8.count >= 4 else { throw try unknown(selector, db, path: path) }
    // substr, not LIKE: a selector's % and _ are no wild cards.
    let rows = try Row.fetchAll(
      db, sql: "SELECT id, name, uuid FROM runs WHERE substr(uuid, 1, length(?1)) = ?1 ORDER BY id LIMIT 10",
      arguments: [prefix])
    guard let first = rows.first else { throw try unknown(selector, db, path: path) }
    guard rows.count == 1 else {
      let list = try rows.map { "\(try $0.integer(0)) \(try $0.text(1)) (\(try $0.text(2)))" }
      throw StoreError(
        .ambiguous, "\"\(selector)\" fits \(rows.count) runs of \(path): \(list.joined(separator: ", "))",
        hint: "use an id, a name, or more letters of the uuid")
    }
    return try first.integer(0)
  }

  private static func unknown(_ selector: String, _ db: Database, path: String) throws -> StoreError {
    let rows = try Row.fetchAll(db, sql: "SELECT id, name FROM runs ORDER BY id DESC LIMIT 10")
    let list = try rows.map { "\(try $0.integer(0)) \(try $0.text(1))" }.joined(separator: ", ")
    return unknown(selector, path: path, known: rows.isEmpty ? "it has no runs yet" : "its newest are \(list)")
  }

  /// The error for a run that is not there.
  static func unknown(_ selector: String, path: String, known: String? = nil) -> StoreError {
    StoreError(
      .missing, "there is no run \"\(selector)\" in \(path)" + (known.map { "; \($0)" } ?? ""),
      hint: "name a run by its id, its name, four or more letters of its uuid, or last; keepstep runs lists them")
  }
}
