import GRDB

/// Brings the rows of a damaged store that can be read into a new one, table by table, as they are. Whether they are
/// right is looked at later, in the new store, where all can be read.
struct RecoverySalvage {
  /// The tables, in the order in which they were read.
  private(set) var tables: [RecoveryReport.Table] = []
  private let schema: RecoverySchema
  private let mostRows: Int

  init(_ schema: RecoverySchema, bytes: Int) {
    self.schema = schema
    mostRows = bytes / 8 + 1_000
  }

  /// Reads and writes all tables.
  ///
  /// - throws: `DatabaseError` when the new store cannot be written.
  mutating func run(from source: DatabaseQueue, into target: DatabaseQueue) throws {
    // What the others look for where they are damaged is in the tables with rowids.
    for table in schema.tables.filter(\.hasRowID) + schema.tables.filter({ !$0.hasRowID }) {
      tables.append(
        // Without a transaction, whose end would tell the errors of the damaged file again.
        try source.unsafeRead { from in
          try target.write { try take(table, from, $0) }
        })
    }
  }

  private func take(_ table: RecoverySchema.Table, _ source: Database, _ target: Database) throws
    -> RecoveryReport.Table
  {
    let columns = table.columnsWithKey
    let insertion = try target.makeStatement(
      sql: """
        INSERT INTO \(table.name) (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """)
    var refused: Set<[DatabaseValue]> = []
    var reasons: Set<String> = []
    var scan = RecoveryScan(table, source, mostRows: mostRows) { row in
      let values = Array(row.databaseValues)
      do {
        try insertion.execute(arguments: StatementArguments(values))
      } catch let error as DatabaseError where Self.isOfRow(error) {
        if Self.isRepetition(error) { return }
        refused.insert(table.key.map { row[$0] as DatabaseValue })
        reasons.insert(error.message ?? error.resultCode.description)
      }
    }
    try scan.readAll(runs: table.numbersInKey == 0 || table.hasRowID ? [:] : try runs(target))
    var remarks = scan.unreadable.isEmpty ? [] : [unreadable(scan)]
    if scan.unreadable.isEmpty, !scan.errors.isEmpty {
      remarks.append("pages are damaged (\(scan.errors.sorted().joined(separator: "; ")))")
    }
    if !refused.isEmpty { remarks.append("no rows of a store: \(reasons.sorted().prefix(3).joined(separator: "; "))") }
    return RecoveryReport.Table(name: table.name, taken: 0, left: refused.count, remarks: remarks)
  }

  private func unreadable(_ scan: RecoveryScan) -> String {
    let ranges = scan.unreadable.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
    let more = ranges.count > 5 ? ", and \(ranges.count - 5) more stretches" : ""
    let key = scan.table.key[scan.table.hasRowID ? 0 : scan.table.numbersInKey - 1]
    return "cannot be read at \(key) \(ranges.prefix(5).joined(separator: ", "))\(more) "
      + "(\(scan.errors.sorted().joined(separator: "; ")))"
  }

  /// The runs that the tables with rowids tell of, and the last step of each.
  private func runs(_ target: Database) throws -> [Int64: Int64] {
    let rows = try Row.fetchAll(
      target,
      sql: """
        SELECT run_id, max(step) FROM (
          SELECT id AS run_id, steps_done AS step FROM runs UNION ALL SELECT run_id, step FROM checkpoints)
        GROUP BY run_id
        """)
    return try Dictionary(rows.map { (try $0.integer(0), min(try $0.integer(1), Int64(mostRows))) }) { first, _ in first
    }
  }

  /// Whether it is the row that SQLite will not have, and not the disk.
  private static func isOfRow(_ error: DatabaseError) -> Bool {
    switch error.resultCode {
    case .SQLITE_CONSTRAINT, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_TOOBIG: true
    default: false
    }
  }

  /// Whether the row is there already.
  private static func isRepetition(_ error: DatabaseError) -> Bool {
    [.SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID].contains(error.extendedResultCode)
  }
}
