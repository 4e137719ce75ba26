import GRDB

extension StoreReader {
  /// The step rows of a run within `range`, in ascending order.
  public func steps(runID: Int64, in range: ClosedRange<Int>) throws -> [StepRecord] {
    try read("read the steps in") { db in
      let rows = try StepCursor(db, runID, range)
      var records: [StepRecord] = []
      while let record = try rows.next() { records.append(record) }
      return records
    }
  }

  /// The evaluations of a run within `range`, in the order of (step, split).
  public func evaluations(runID: Int64, in range: ClosedRange<Int>) throws -> [EvaluationRecord] {
    try read("read the evaluations in") { db in
      try db.evaluationRows(runID, range).map(EvaluationRecord.init(row:))
    }
  }

  /// The hidden states of a run within `range`, in the order of (step, name).
  public func hiddenStates(runID: Int64, in range: ClosedRange<Int>) throws -> [HiddenStateRecord] {
    try read("read the hidden states in") { db in
      try db.hiddenStateRows(runID, range).map(HiddenStateRecord.init(row:))
    }
  }

  /// The hidden states of a run at so many of the recorded steps, evenly chosen from the first to the last, in the order
  /// of (step, name). What is between them is not read.
  public func hiddenStates(runID: Int64, atMost count: Int) throws -> [HiddenStateRecord] {
    try read("read the hidden states in") { db in
      let steps = try db.hiddenStateSteps(runID, atMost: count)
      return try steps.flatMap { try db.hiddenStateRows(runID, $0...$0).map(HiddenStateRecord.init(row:)) }
    }
  }

  /// A dataset with its values, if they are embedded. Its digest is the business of whoever knows the data.
  public func dataset(id: Int64) throws -> DatasetRecord {
    try read("read the data in") { db in
      guard
        let row = try Row.fetchOne(
          db, sql: "SELECT id, sha256, source, columns, rows, data FROM datasets WHERE id = ?", arguments: [id])
      else { throw StoreError(.missing, "there is no dataset \(id) in \(path)") }
      return try DatasetRecord(row: row)
    }
  }
}

extension Database {
  /// A cursor over a run's rows of `steps`, for `StepRecord`.
  func stepRows(_ runID: Int64, _ range: ClosedRange<Int>) throws -> RowCursor {
    try Row.fetchCursor(
      self.stepStatement(), arguments: [runID, range.lowerBound, range.upperBound])
  }

  /// Selects a run's rows of `steps` between two of them; see `StepCursor`.
  func stepStatement() throws -> Statement {
    try makeStatement(
      sql: """
        SELECT step, loss, learning_rate, gradient_norm, train_seconds, \(try accuracyColumn()) FROM steps
        WHERE run_id = ? AND step BETWEEN ? AND ? ORDER BY step
        """)
  }

  /// A cursor over a run's rows of `evaluations`, for `EvaluationRecord`.
  func evaluationRows(_ runID: Int64, _ range: ClosedRange<Int>) throws -> RowCursor {
    try rows("step, split, loss, \(try accuracyColumn())", of: "evaluations", runID, range, "step, split")
  }

  /// A cursor over a run's rows of `hidden_states`, for `HiddenStateRecord`.
  func hiddenStateRows(_ runID: Int64, _ range: ClosedRange<Int>) throws -> RowCursor {
    try rows("step, name, shape, data", of: "hidden_states", runID, range, "step, name")
  }

  /// Steps with recorded hidden states, evenly chosen; a seek for each.
  func hiddenStateSteps(_ runID: Int64, atMost count: Int) throws -> [Int] {
    let ends = try ["min", "max"].map { end in
      try Int.fetchOne(self, sql: "SELECT \(end)(step) FROM hidden_states WHERE run_id = ?", arguments: [runID])
    }
    let counts = 0...1 << 53  // more is no step: see Row.step
    guard count > 0, let first = ends[0], let last = ends[1], counts.contains(first), counts.contains(last) else {
      return []
    }
    let next = try makeStatement(sql: "SELECT min(step) FROM hidden_states WHERE run_id = ? AND step >= ?")
    var steps: [Int] = []
    for index in 0..<count {
      let part = count > 1 ? Double(index) / Double(count - 1) : 1
      let wanted = first + Int((Double(last - first) * part).rounded(.down))
      guard steps.last.map({ $0 < wanted }) ?? true else { continue }
      if let step = try Int.fetchOne(next, arguments: [runID, wanted]) { steps.append(step) }
    }
    return steps
  }

  private func rows(
    _ columns: String, of table: String, _ runID: Int64, _ range: ClosedRange<Int>, _ order: String
  ) throws -> RowCursor {
    try Row.fetchCursor(
      self, sql: "SELECT \(columns) FROM \(table) WHERE run_id = ? AND step BETWEEN ? AND ? ORDER BY \(order)",
      arguments: [runID, range.lowerBound, range.upperBound])
  }
}

extension RowCursor {
  fileprivate func map<Record>(_ record: (Row) throws -> Record) throws -> [Record] {
    var records: [Record] = []
    while let row = try next() { records.append(try record(row)) }
    return records
  }
}

extension StepRecord {
  init(row: Row) throws {
    self.init(
      step: try row.step(0), loss: try row.double(1), learningRate: try row.double(2), gradientNorm: try row.double(3),
      trainSeconds: try row.double(4), accuracy: try row.optional(5, row.double))
  }
}

extension EvaluationRecord {
  init(row: Row) throws {
    self.init(
      step: try row.step(0), split: try row.text(1), loss: try row.double(2), accuracy: try row.optional(3, row.double))
  }
}

extension HiddenStateRecord {
  init(row: Row) throws {
    self.init(step: try row.step(0), name: try row.text(1), shape: try row.shape(2), values: [])
    FloatBlob.append(try row.blob(3), to: &values)
    guard FloatBlob.count(shape) == values.count else {
      throw StoreError(
        .damaged,
        "hidden state \(name) of step \(step) has \(values.count) values, its shape is \(FloatBlob.json(shape))")
    }
  }
}
