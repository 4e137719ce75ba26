import GRDB

/// Makes a store of the rows that were read: removes what belongs to nothing, and has each run proved.
struct RecoverySettlement {
  private let queue: DatabaseQueue
  private let reader: StoreReader
  private let judge: Recovery.Judge
  private(set) var runs: [RecoveryReport.Run] = []

  init(_ queue: DatabaseQueue, _ reader: StoreReader, _ judge: @escaping Recovery.Judge) {
    self.queue = queue
    self.reader = reader
    self.judge = judge
  }

  /// Settles all runs.
  mutating func run() throws {
    let ids = try queue.write { db in
      try db.mendDatasets()
      try db.removeBrokenHiddenStates()
      return try Int64.fetchAll(db, sql: "SELECT id FROM runs ORDER BY id")
    }
    let forks = try queue.read {
      try Int64.fetchAll($0, sql: "SELECT id FROM runs WHERE parent_checkpoint_id IS NOT NULL")
    }
    runs = try queue.write { try $0.removeOrphans() }
    for id in ids { runs.append(try settle(id)) }
    try noteLostParents(of: forks)
    runs.sort { $0.id < $1.id }
    try queue.write { db in
      try db.run("DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM runs WHERE dataset_id IS NOT NULL)")
    }
  }

  private mutating func noteLostParents(of forks: [Int64]) throws {
    let parentless = try queue.read { db in
      Set(try Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE parent_checkpoint_id IS NULL"))
    }
    for index in runs.indices where forks.contains(runs[index].id) && parentless.contains(runs[index].id) {
      runs[index].losses.append("the checkpoint that it was forked from is left out; its own copy of it is there")
    }
  }

  private func settle(_ id: Int64) throws -> RecoveryReport.Run {
    do {
      var run = try queue.write { db in
        var run = try RecoveryRun(id, db)
        try run.settle(db)
        return run
      }
      try prove(&run)
      return try queue.read { db in
        RecoveryReport.Run(
          id: id, name: try String.fetchOne(db, sql: "SELECT name FROM runs WHERE id = ?", arguments: [id]),
          isTaken: true, stepsDone: run.end, stepsDoneBefore: run.record.stepsDone,
          checkpoints: try Int.fetchOne(
            db, sql: "SELECT count(*) FROM checkpoints WHERE run_id = ?", arguments: [id]) ?? 0,
          losses: run.losses, remarks: run.remarks)
      }
    } catch let unusable as RecoveryRun.Unusable {
      return try queue.write { try $0.removeRun(id, unusable.reason) }
    }
  }

  /// Has the run trained again. What no digest covers goes first when that shows a difference, then the run.
  private func prove(_ run: inout RecoveryRun) throws {
    switch try verdict(run.id) {
    case .proved(let words), .unproved(let words):
      run.add(remark: words)
    case .dataDamaged(let words):
      run.add(loss: words)
      try queue.write { db in
        try db.run("UPDATE datasets SET data = NULL WHERE id = (SELECT dataset_id FROM runs WHERE id = ?)", [run.id])
      }
      if case .disproved(let words) = try verdict(run.id) { throw RecoveryRun.Unusable(words) }
    case .disproved(let words):
      let isCut = try queue.write { db in
        guard try run.leaveUnproven(because: words, db) else { return false }
        try run.settle(db)
        return true
      }
      guard isCut else { throw RecoveryRun.Unusable(words) }
      try prove(&run)
    }
  }

  private func verdict(_ id: Int64) throws -> RecoveryVerdict {
    do {
      return try judge(id, reader)
    } catch let error as StoreError where error.kind == .damaged {
      return .disproved(error.message)
    }
  }
}

extension Database {
  /// Data whose row is lost has one that says so, and values that fit no table go: no run is to be taken for one of
  /// the sine task, which has none.
  fileprivate func mendDatasets() throws {
    try run(
      """
      INSERT INTO datasets (id, sha256, source, columns, rows)
      SELECT DISTINCT dataset_id, printf('%064d', dataset_id), '(lost)', '[]', 0 FROM runs
      WHERE dataset_id IS NOT NULL AND dataset_id NOT IN (SELECT id FROM datasets)
      """)
    for id in try Int64.fetchAll(self, sql: "SELECT id FROM datasets") {
      let row = try Row.fetchOne(
        self, sql: "SELECT id, sha256, source, columns, rows, data FROM datasets WHERE id = ?", arguments: [id])
      if let row, (try? DatasetRecord(row: row)) == nil {
        try run("UPDATE datasets SET data = NULL, columns = '[]' WHERE id = ?", [id])
      }
    }
  }

  /// Removes hidden states whose values do not fit their shapes; the history digests tell that they are missing.
  fileprivate func removeBrokenHiddenStates() throws {
    let rows = try Row.fetchCursor(self, sql: "SELECT step, name, shape, data, run_id FROM hidden_states")
    var broken: [StatementArguments] = []
    while let row = try rows.next() {
      if (try? HiddenStateRecord(row: row)) == nil {
        broken.append([try row.integer(4), try row.integer(0), try row.text(1)])
      }
    }
    for key in broken { try run("DELETE FROM hidden_states WHERE run_id = ? AND step = ? AND name = ?", key) }
  }

  /// Removes the rows whose run or checkpoint is lost.
  ///
  /// - returns: those runs.
  fileprivate func removeOrphans() throws -> [RecoveryReport.Run] {
    let lost = try Row.fetchAll(
      self,
      sql: """
        SELECT run_id, sum(steps), sum(checkpoints), max(step) FROM (
          SELECT run_id, 1 AS steps, 0 AS checkpoints, step FROM steps
          UNION ALL SELECT run_id, 0, 1, step FROM checkpoints
          UNION ALL SELECT run_id, 0, 0, 0 FROM segments UNION ALL SELECT run_id, 0, 0, 0 FROM hyperparameters)
        WHERE run_id NOT IN (SELECT id FROM runs) GROUP BY run_id
        """
    ).map { row in
      RecoveryReport.Run(
        id: try row.integer(0), name: nil, isTaken: false, stepsDone: 0, stepsDoneBefore: try row.int(3),
        checkpoints: 0,
        losses: [
          "its row is lost, and with it its seed and its planned end; \(try row.int(1)) steps and "
            + "\(try row.int(2)) checkpoints of it are left"
        ], remarks: [])
    }
    for table in ["hyperparameters", "segments", "steps", "evaluations", "checkpoints", "hidden_states", "tags"] {
      try run("DELETE FROM \(table) WHERE run_id NOT IN (SELECT id FROM runs)")
    }
    try run("DELETE FROM tensors WHERE checkpoint_id NOT IN (SELECT id FROM checkpoints)")
    try run(
      "UPDATE runs SET parent_checkpoint_id = NULL WHERE parent_checkpoint_id NOT IN (SELECT id FROM checkpoints)")
    return lost
  }

  fileprivate func removeRun(_ id: Int64, _ reason: String) throws -> RecoveryReport.Run {
    let row = try Row.fetchOne(self, sql: "SELECT name, steps_done FROM runs WHERE id = ?", arguments: [id])
    try run("DELETE FROM runs WHERE id = ?", [id])
    return RecoveryReport.Run(
      id: id, name: try? row?.text(0), isTaken: false, stepsDone: 0, stepsDoneBefore: (try? row?.int(1)) ?? 0,
      checkpoints: 0, losses: [reason], remarks: [])
  }
}
