import Foundation
import GRDB

/// A value of a query's result.
public enum StoreValue: Hashable, Sendable {
  /// NULL.
  case null
  /// A whole number.
  case integer(Int64)
  /// A floating-point number.
  case real(Double)
  /// A text.
  case text(String)
  /// Bytes.
  case blob(Data)
}

/// The result of a query.
public struct QueryResult: Hashable, Sendable {
  /// The columns' names, as many as each row has values.
  public var columns: [String]
  /// The rows.
  public var rows: [[StoreValue]]
  /// Whether there were more rows than were asked for.
  public var isTruncated: Bool
}

extension StoreReader {
  /// Runs one statement that only reads, and returns its rows.
  ///
  /// - parameter sql: one statement.
  /// - parameter maximumRows: the rows after so many are left out; `nil` for all.
  /// - throws: `StoreError` for several statements, one that does not only read or returns no columns, or SQLite's words.
  public func query(_ sql: String, maximumRows: Int? = nil) throws -> QueryResult {
    var result = QueryResult(columns: [], rows: [], isTruncated: false)
    try query(sql) {
      result.columns = $0
    } row: { row in
      if let maximumRows, result.rows.count >= maximumRows {
        result.isTruncated = true
        return false
      }
      result.rows.append(row)
      return true
    }
    return result
  }

  /// Runs one statement that only reads, and hands out its rows one by one.
  ///
  /// - parameter sql: one statement.
  /// - parameter columns: called once, before the rows, with the columns' names.
  /// - parameter body: called with each row's values; `false` ends the query.
  /// - throws: `StoreError` as `query(_:maximumRows:)` does, or what the closures throw.
  public func query(
    _ sql: String, columns: ([String]) throws -> Void, row body: ([StoreValue]) throws -> Bool
  ) throws {
    let authorizer = QueryAuthorizer()
    do {
      try readOnly(authorizer) { db in
        let statement = try db.makeStatement(sql: sql)
        guard statement.isReadonly, statement.columnCount > 0 else { throw Self.notReading(sql, authorizer) }
        guard statement.parameterCount == 0 else {
          throw StoreError(
            .invalid, "cannot run the query \"\(sql)\": \(StoreError.parameterWords)",
            hint: "as in: SELECT step, loss FROM steps WHERE run_id = 1")
        }
        try columns(statement.columnNames)
        let cursor = try Row.fetchCursor(statement)
        while let row = try cursor.next() {
          guard try body(row.databaseValues.map(StoreValue.init)) else { return }
        }
      }
    } catch let error as DatabaseError {
      if authorizer.refused != nil { throw Self.notReading(sql, authorizer) }
      if let words = StoreError.refusalOfSQL(error) {
        throw StoreError(
          .invalid, "cannot run the query \"\(sql)\": \(words)",
          hint: "keepstep query 'SELECT sql FROM sqlite_master' prints the tables and views")
      }
      throw StoreError.wrapping(error, "query", path: path)
    }
  }

  /// Runs `body` on a connection of its own, on which SQLite refuses all that `authorizer` does not take for reading.
  ///
  /// A person's SQL has none of this reader's connections: GRDB needs the authorizer that it sets on those.
  func readOnly<Result>(_ authorizer: QueryAuthorizer, _ body: (Database) throws -> Result) throws -> Result {
    let queue = try DatabaseQueue(
      path: isImmutable ? file.immutableURI : file.absolutePath, configuration: StoreFile.configuration(.reading))
    defer { try? queue.close() }
    return try queue.read { db in
      authorizer.install(on: db)
      defer { authorizer.remove(from: db) }
      return try authorizer.whileAsked { try body(db) }
    }
  }

  private static func notReading(_ sql: String, _ authorizer: QueryAuthorizer) -> StoreError {
    let what = authorizer.refused.map { "would \($0)" } ?? "does not"
    return StoreError(
      .invalid, "a query only reads, and this statement \(what): \(sql)", hint: "begin with SELECT, WITH or EXPLAIN")
  }
}

extension StoreValue {
  /// A value as SQLite has it.
  init(_ value: DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let value): self = .integer(value)
    case .double(let value): self = .real(value)
    case .string(let value): self = .text(value)
    case .blob(let value): self = .blob(value)
    }
  }
}
