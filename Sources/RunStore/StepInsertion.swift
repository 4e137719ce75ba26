import GRDB
import GRDBSQLite

/// The statement that inserts rows of `steps`, of which a training may bring hundreds of thousands a second.
///
/// It binds by SQLite's own calls, as a row's values as an array cost more than the insertion. Made for one transaction.
struct StepInsertion {
  private let database: Database
  private let statement: Statement
  private let hasAccuracy: Bool

  /// - Parameter hasAccuracy: do the rows have one? NULL is not bound but part of the statement.
  init(_ database: Database, runID: Int64, hasAccuracy: Bool) throws {
    self.database = database
    self.hasAccuracy = hasAccuracy
    statement = try database.cachedStatement(
      sql: "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, \(hasAccuracy ? "?" : "NULL"))")
    sqlite3_reset(statement.sqliteStatement)  // says again how its last execution failed, if it did
    try check(sqlite3_bind_int64(statement.sqliteStatement, 1, runID), SQLITE_OK)
  }

  /// Inserts one row. Zeros lose their sign: x + 0.0 is zero for minus zero.
  func insert(_ row: StepRecord) throws {
    let handle = statement.sqliteStatement
    try check(sqlite3_bind_int64(handle, 2, Int64(row.step)), SQLITE_OK)
    try check(sqlite3_bind_double(handle, 3, row.loss + 0.0), SQLITE_OK)
    try check(sqlite3_bind_double(handle, 4, row.learningRate + 0.0), SQLITE_OK)
    try check(sqlite3_bind_double(handle, 5, row.gradientNorm + 0.0), SQLITE_OK)
    try check(sqlite3_bind_double(handle, 6, row.trainSeconds + 0.0), SQLITE_OK)
    if hasAccuracy, let accuracy = row.accuracy {
      try check(sqlite3_bind_double(handle, 7, accuracy + 0.0), SQLITE_OK)
    }
    try check(sqlite3_step(handle), SQLITE_DONE)
    try check(sqlite3_reset(handle), SQLITE_OK)
  }

  private func check(_ code: CInt, _ expected: CInt) throws {
    guard code != expected else { return }
    let error = DatabaseError(
      resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: statement.sql)
    sqlite3_reset(statement.sqliteStatement)
    throw error
  }
}
