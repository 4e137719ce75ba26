import GRDB

/// Which runs are listed, with what of each, and in which order.
public struct RunListing: Hashable, Sendable {
  /// What is told of each run: columns of `run_summary`, `uuid`, `seed`, `updated_at`, `finished_at`, `failure`, `note`,
  /// `tags`, or a hyperparameter's name.
  public var columns: [String]
  /// An SQL condition on the columns of `run_summary`; nil for all runs.
  public var condition: String?
  /// Only runs that have all of these tags.
  public var tags: [String]
  /// A column to sort by, of those that `columns` may name; runs without a value come last. nil: by id.
  public var sort: String?
  /// The largest first.
  public var isDescending: Bool
  /// At most so many runs; nil for all.
  public var limit: Int?

  /// The columns of `run_summary` of every version.
  public static let summaryColumns = [
    "id", "name", "status", "cell", "hidden_size", "num_layers", "steps_done", "steps_planned", "last_loss",
    "best_loss", "best_step", "train_seconds", "created_at",
  ]

  static let furtherColumns = ["last_accuracy", "uuid", "seed", "updated_at", "finished_at", "failure", "note", "tags"]

  /// A listing.
  public init(
    columns: [String] = summaryColumns, condition: String? = nil, tags: [String] = [], sort: String? = nil,
    isDescending: Bool = false, limit: Int? = nil
  ) {
    self.columns = columns
    self.condition = condition
    self.tags = tags
    self.sort = sort
    self.isDescending = isDescending
    self.limit = limit
  }
}

extension StoreReader {
  /// Lists runs.
  ///
  /// - throws: `StoreError` of kind `invalid` for a column that no run has, a limit below 1, or a condition that SQLite
  ///   does not understand.
  public func list(_ listing: RunListing) throws -> QueryResult {
    if let limit = listing.limit, limit < 1 {
      throw StoreError(.invalid, "a list of \(limit) runs is none", hint: "a limit is 1 or more")
    }
    return try withCondition(listing.condition) { db in
      let statement = try db.makeStatement(sql: try sql(of: listing, db))
      try statement.requireParameters(listing.tags.count, inCondition: listing.condition)
      var result = QueryResult(columns: listing.columns, rows: [], isTruncated: false)
      let rows = try Row.fetchCursor(statement, arguments: StatementArguments(listing.tags))
      while let row = try rows.next() { result.rows.append(row.databaseValues.map(StoreValue.init)) }
      return result
    }
  }

  private func sql(of listing: RunListing, _ db: Database) throws -> String {
    let expressions = try listing.columns.map { try expression($0, db) }
    let order =
      try listing.sort.map { column in
        let value = try expression(column, db)
        return "(\(value)) IS NULL, (\(value)) \(listing.isDescending ? "DESC" : "ASC"), "
      } ?? ""
    let tags = String(
      repeating: "AND EXISTS (SELECT 1 FROM tags WHERE run_id = run_summary.id AND tag = ?) ", count: listing.tags.count
    )
    return """
      \(try summaryTable(db))
      SELECT \(expressions.joined(separator: ", ")) FROM run_summary WHERE (
      \(listing.condition ?? "true")
      ) \(tags) ORDER BY \(order)run_summary.id\(listing.isDescending && listing.sort == nil ? " DESC" : "")
      LIMIT \(listing.limit ?? -1)
      """
  }

  /// A column as an expression on a line of `run_summary`.
  private func expression(_ column: String, _ db: Database) throws -> String {
    switch column {
    case "tags": return "(SELECT group_concat(tag, ' ') FROM tags WHERE run_id = run_summary.id)"
    case "uuid", "seed", "updated_at", "finished_at", "failure", "note":
      return "(SELECT \(column) FROM runs WHERE runs.id = run_summary.id)"
    case "last_accuracy": return column
    case _ where RunListing.summaryColumns.contains(column): return column
    default:
      // Quoted as a text of SQL's.
      let name = column.replacingOccurrences(of: "'", with: "''")
      try requireHyperparameter(column, db)
      return "(SELECT value FROM hyperparameters WHERE run_id = run_summary.id AND name = '\(name)')"
    }
  }

  private func requireHyperparameter(_ name: String, _ db: Database) throws {
    let sql = "SELECT EXISTS (SELECT 1 FROM runs JOIN hyperparameters ON run_id = id AND hyperparameters.name = ?)"
    guard try Bool.fetchOne(db, sql: sql, arguments: [name]) != true else { return }
    let known = RunListing.summaryColumns + RunListing.furtherColumns
    throw StoreError(
      .invalid, "no run of \(path) has a column or hyperparameter \(name.debugDescription)",
      hint: "the columns are \(known.joined(separator: ", ")), and the hyperparameters that `keepstep show RUN` lists")
  }
}
