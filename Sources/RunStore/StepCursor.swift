import GRDB
import GRDBSQLite

/// The rows of a run's steps, read by SQLite's own calls: a history of millions of rows is looked through before a run goes
/// on, and a value a column as an object costs ten times what the row does.
struct StepCursor {
  private let statement: Statement
  private let rows: RowCursor

  /// The rows of a run within `range`, in ascending order.
  init(_ database: Database, _ runID: Int64, _ range: ClosedRange<Int>) throws {
    statement = try database.stepStatement()
    rows = try Row.fetchCursor(statement, arguments: [runID, range.lowerBound, range.upperBound])
  }

  /// - throws: `StoreError` of kind `damaged` for a value that is none of its column's.
  func next() throws -> StepRecord? {
    guard let row = try rows.next() else { return nil }
    let handle = statement.sqliteStatement
    let isUsual =
      sqlite3_column_type(handle, 0) == SQLITE_INTEGER
      && (1..<CInt(5)).allSatisfy { sqlite3_column_type(handle, $0) == SQLITE_FLOAT }
      && sqlite3_column_type(handle, 5) == SQLITE_NULL
    // All else, an error among it, is rare enough for the slow way.
    guard isUsual, (0...1 << 53).contains(sqlite3_column_int64(handle, 0)) else { return try StepRecord(row: row) }
    return StepRecord(
      step: Int(sqlite3_column_int64(handle, 0)), loss: sqlite3_column_double(handle, 1),
      learningRate: sqlite3_column_double(handle, 2), gradientNorm: sqlite3_column_double(handle, 3),
      trainSeconds: sqlite3_column_double(handle, 4), accuracy: nil)
  }
}
