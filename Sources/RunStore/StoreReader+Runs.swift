import GRDB

extension StoreReader {
  /// The run that `selector` names: `last` (the newest), an id, a name, or four or more letters that its uuid begins with.
  ///
  /// - throws: `StoreError` listing what there is when no run or several runs fit.
  public func run(_ selector: String) throws -> RunRecord {
    try read("find a run in") { db in
      let id = try RunSelector.resolve(selector, db, path: path)
      guard var run = try RunRecord.fetch(db, id: id) else { throw RunSelector.unknown(selector, path: path) }
      run.status = status(run.status, of: id)
      return run
    }
  }

  /// The lines of `run_summary`, in the order of ids.
  ///
  /// - parameter filter: an SQL condition on the view's columns: `best_loss < 0.01 AND cell = 'lstm'`. The `status` it
  ///   sees is `interrupted` for a run whose trainer is dead.
  /// - throws: `StoreError` with SQLite's words for a condition that it does not understand.
  public func runs(where filter: String? = nil) throws -> [RunSummary] {
    try withCondition(filter) { db in
      let sql = """
        \(try summaryTable(db))
        SELECT * FROM run_summary WHERE (
        \(filter ?? "true")
        ) ORDER BY id
        """
      let statement = try db.makeStatement(sql: sql)
      try statement.requireParameters(0, inCondition: filter)
      return try Row.fetchAll(statement).map(RunSummary.init(row:))
    }
  }

  /// A run's line of `run_summary`; `nil` when the run is not there any more.
  ///
  /// - throws: `StoreError` when the store cannot be read.
  public func summary(runID: Int64) throws -> RunSummary? {
    try runs(where: "id = \(runID)").first
  }

  /// Runs `body`, whose SQL has a person's condition in parentheses, on a connection that only reads.
  func withCondition<Result>(_ filter: String?, _ body: (Database) throws -> Result) throws -> Result {
    let authorizer = QueryAuthorizer()
    do {
      if let filter, SQLCondition.escapesParentheses(filter) {
        throw StoreError.noCondition(filter, "it closes a parenthesis that it does not open")
      }
      return try readOnly(authorizer) { try body($0) }
    } catch {
      if let filter, let error = error as? DatabaseError {
        if let refused = authorizer.refused {
          throw StoreError.noCondition(filter, "a condition only reads, and it would \(refused)")
        }
        if let words = StoreError.refusalOfSQL(error) { throw StoreError.noCondition(filter, words) }
      }
      throw StoreError.wrapping(error, "list the runs of", path: path)
    }
  }

  /// `WITH run_summary AS …`: the view with the status of runs whose trainer is dead put right. The name shadows the view's,
  /// so that conditions may also call the columns run_summary.name.
  func summaryTable(_ db: Database) throws -> String {
    let dead = try Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE status = 'running'")
      .filter { hold(on: $0) == .free }
    return """
      WITH run_summary AS (
        SELECT id, name, CASE WHEN id IN (\(dead.map(String.init).joined(separator: ", "))) THEN 'interrupted'
          ELSE status END AS status, cell, hidden_size, num_layers, steps_done, steps_planned, last_loss, best_loss,
          best_step, train_seconds, created_at, \(try db.accuracyColumn("last_accuracy")) FROM main.run_summary)
      """
  }

  /// All hyperparameters of a run.
  ///
  /// - throws: `StoreError` of kind `damaged` when they are not what their digest covers; see `RunDigest`.
  public func hyperparameters(runID: Int64) throws -> [String: HyperparameterValue] {
    try read("read the hyperparameters in") { try $0.soundHyperparameters(runID: runID) }
  }

  /// The segments of a run, in the order in which they began.
  public func segments(runID: Int64) throws -> [SegmentRecord] {
    try read("read the segments in") { try SegmentRecord.fetchAll($0, runID: runID) }
  }
}

extension RunRecord {
  /// The row as it is recorded.
  static func fetch(_ db: Database, id: Int64) throws -> RunRecord? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT id, uuid, name, status, parent_checkpoint_id, dataset_id, seed, steps_planned, steps_done, created_at,
          updated_at, finished_at, failure, note FROM runs WHERE id = ?
        """, arguments: [id]
    ).map(RunRecord.init(row:))
  }

  fileprivate init(row: Row) throws {
    self.init(
      id: try row.runID(0), uuid: try row.text(1), name: try row.text(2), status: try row.choice(3),
      parentCheckpointID: try row.optional(4, row.integer), datasetID: try row.optional(5, row.integer),
      seed: try row.integer(6), stepsPlanned: try row.int(7), stepsDone: try row.step(8), createdAt: try row.text(9),
      updatedAt: try row.text(10), finishedAt: try row.optional(11, row.text), failure: try row.optional(12, row.text),
      note: try row.optional(13, row.text))
  }
}

extension RunSummary {
  fileprivate init(row: Row) throws {
    self.init(
      id: try row.integer(0), name: try row.text(1), status: try row.choice(2), cell: try row.optional(3, row.text),
      hiddenSize: try row.optional(4, row.int), numLayers: try row.optional(5, row.int), stepsDone: try row.int(6),
      stepsPlanned: try row.int(7), lastLoss: try row.optional(8, row.double),
      bestLoss: try row.optional(9, row.double), bestStep: try row.optional(10, row.int),
      trainSeconds: try row.optional(11, row.double), createdAt: try row.text(12),
      lastAccuracy: try row.optional(13, row.double))
  }
}

extension SegmentRecord {
  /// All of a run, in the order in which they began.
  static func fetchAll(_ db: Database, runID: Int64) throws -> [SegmentRecord] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT id, run_id, first_step, last_step, started_at, ended_at, end_reason, host, pid, keepstep_version,
          numerics_version, instruction_set, threads FROM segments WHERE run_id = ? ORDER BY id
        """, arguments: [runID]
    ).map(SegmentRecord.init(row:))
  }

  fileprivate init(row: Row) throws {
    self.init(
      id: try row.integer(0), runID: try row.integer(1), firstStep: try row.int(2), lastStep: try row.int(3),
      startedAt: try row.text(4), endedAt: try row.optional(5, row.text), endReason: try row.optional(6, row.text),
      host: try row.text(7), pid: try row.int(8), keepstepVersion: try row.text(9), numericsVersion: try row.int(10),
      instructionSet: try row.text(11), threads: try row.int(12))
  }
}

extension HyperparameterValue {
  /// All of a run, by name, their digest among them.
  static func fetchAll(_ db: Database, runID: Int64) throws -> [String: HyperparameterValue] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, value FROM hyperparameters WHERE run_id = ?", arguments: [runID])
    return try Dictionary(rows.map { (try $0.text(0), try $0.hyperparameter(1)) }) { first, _ in first }
  }

  /// The value as SQLite stores it: numbers stay numbers.
  var databaseValue: DatabaseValue {
    switch self {
    case .integer(let value): value.databaseValue
    case .real(let value): (value + 0.0).databaseValue
    case .text(let value): value.databaseValue
    }
  }
}

extension Row {
  /// A column that holds a hyperparameter's value.
  func hyperparameter(_ index: Int) throws -> HyperparameterValue {
    switch (self[index] as DatabaseValue).storage {
    case .int64(let value): .integer(value)
    case .double(let value): .real(value)
    default: .text(try text(index))
    }
  }
}

extension StoreError {
  static func noCondition(_ filter: String, _ words: String) -> StoreError {
    StoreError(
      .invalid, "the filter \"\(filter)\" is no SQL condition on run_summary: \(words)",
      hint: "as in: best_loss < 0.01 AND cell = 'lstm'")
  }
}
