import GRDB
import GRDBSQLite

/// Reads all rows of a table that can be read, whatever pages are damaged.
///
/// From the first key forwards until an error, from the last one backwards until an error, and what lies between in
/// halves, each likewise, down to single keys. Rows may come twice; whoever takes them tells them apart by their key.
struct RecoveryScan {
  let table: RecoverySchema.Table
  let db: Database
  /// No file of this size has more rows; a damaged b-tree that leads in circles would never end.
  let mostRows: Int
  let take: (Row) throws -> Void

  /// Keys that could not be read: the first and the last of a stretch, by the number that was halved.
  private(set) var unreadable: [ClosedRange<Int64>] = []
  private(set) var errors: Set<String> = []
  /// Reads that may still fail before the rest is given up.
  private var failuresLeft = 100_000

  /// Where nothing behind a damaged page can be read, so many keys behind it are tried one by one.
  private static let reach: Int64 = 512

  init(_ table: RecoverySchema.Table, _ db: Database, mostRows: Int, take: @escaping (Row) throws -> Void) {
    self.table = table
    self.db = db
    self.mostRows = mostRows
    self.take = take
  }

  /// Reads the whole table.
  ///
  /// - parameter runs: of a table whose key begins with a run: the runs to look for where it is damaged, and the last
  ///   step of each.
  /// - throws: what `take` throws; no error of the damaged file is thrown.
  mutating func readAll(runs: [Int64: Int64]) throws {
    let everything = 1...Int64.max  // all keys of a store count from 1
    if table.hasRowID { return try read([], everything) }
    // The key begins with the run: few values, each with many rows.
    if try ends([], everything, ascending: true).isComplete { return }
    if try ends([], everything, ascending: false).isComplete { return }
    for (run, lastStep) in runs.sorted(by: { $0.key < $1.key }) {
      if table.numbersInKey > 1 {
        try read([run], 1...max(1, lastStep))
      } else if try !ends([], run...run, ascending: true).isComplete {
        if try !ends([], run...run, ascending: false).isComplete { note(run...run) }
      }
    }
  }

  private mutating func read(_ prefix: [Int64], _ range: ClosedRange<Int64>) throws {
    let forward = try ends(prefix, range, ascending: true)
    if forward.isComplete { return }
    if range.count == 1, prefix.count + 1 == table.key.count { return note(range) }
    // Rows of the last key that was read may be missing.
    let low = forward.last ?? range.lowerBound
    let backward = try ends(prefix, low...range.upperBound, ascending: false)
    if backward.isComplete { return }
    var high = backward.last ?? range.upperBound
    if backward.last == nil, high == .max { high = min(low, .max - Self.reach) + Self.reach }
    let gapFrom = forward.last == nil ? low : low + 1
    let gapTo = backward.last == nil ? high : high - 1
    guard gapFrom <= gapTo else { return }
    guard gapFrom < gapTo, failuresLeft > 0 else { return note(gapFrom...gapTo) }
    let middle = gapFrom + (gapTo - gapFrom) / 2
    try read(prefix, gapFrom...middle)
    try read(prefix, (middle + 1)...gapTo)
  }

  private mutating func note(_ range: ClosedRange<Int64>) {
    if let last = unreadable.last, last.upperBound < .max, last.upperBound + 1 == range.lowerBound {
      unreadable[unreadable.count - 1] = last.lowerBound...range.upperBound
    } else {
      unreadable.append(range)
    }
  }

  /// Reads from one end until the other or an error.
  ///
  /// - returns: the key of the last row that was read, and whether the other end was reached.
  private mutating func ends(
    _ prefix: [Int64], _ range: ClosedRange<Int64>, ascending: Bool
  ) throws -> (last: Int64?, isComplete: Bool) {
    var last: Int64?
    do {
      let cursor = try rows(prefix, range, ascending: ascending)
      var lastKey: [Int64]?
      var count = 0
      while let row = try cursor.next() {
        let key = Array(table.key.prefix(table.numbersInKey)).compactMap { (row[$0] as DatabaseValue).wholeNumber }
        count += 1
        guard key.count == table.numbersInKey, count <= mostRows, isInOrder(lastKey, key, ascending) else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "keys are not in order")
        }
        lastKey = key
        last = key[prefix.count]
        do { try take(row) } catch { throw Taking(error: error) }
      }
      return (last, true)
    } catch let error as Taking {
      throw error.error
    } catch let error as DatabaseError {
      failuresLeft -= 1
      errors.insert(error.message ?? error.resultCode.description)
      return (last, false)
    }
  }

  /// A b-tree whose pages lead in circles shows itself by its order.
  private func isInOrder(_ former: [Int64]?, _ key: [Int64], _ ascending: Bool) -> Bool {
    guard let former else { return true }
    if former == key { return table.numbersInKey < table.key.count }
    return former.lexicographicallyPrecedes(key) == ascending
  }

  private func rows(_ prefix: [Int64], _ range: ClosedRange<Int64>, ascending: Bool) throws -> RowCursor {
    let direction = ascending ? "ASC" : "DESC"
    let conditions = table.key.prefix(prefix.count).map { "\($0) = ? AND " }.joined()
    let order = table.key.dropFirst(prefix.count).map { "\($0) \(direction)" }.joined(separator: ", ")
    let statement = try db.cachedStatement(
      sql: """
        SELECT \(table.columnsWithKey.joined(separator: ", ")) FROM \(table.name)
        WHERE \(conditions)\(table.key[prefix.count]) BETWEEN ? AND ? ORDER BY \(order)
        """)
    sqlite3_reset(statement.sqliteStatement)  // says again how its last execution failed, if it did
    return try Row.fetchCursor(
      statement, arguments: StatementArguments(prefix + [range.lowerBound, range.upperBound]))
  }
}

/// An error of whoever takes rows, which is none of the damaged file.
private struct Taking: Error {
  var error: any Error
}

extension DatabaseValue {
  fileprivate var wholeNumber: Int64? {
    if case .int64(let value) = storage { value } else { nil }
  }
}
