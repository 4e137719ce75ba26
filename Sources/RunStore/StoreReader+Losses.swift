import GRDB

extension StoreReader {
  /// The mean loss of the steps of a run within `range`; nil where it has none.
  public func meanLoss(runID: Int64, steps range: ClosedRange<Int>) throws -> Double? {
    try read("read the losses in") { db in
      try Double.fetchOne(
        db, sql: "SELECT avg(loss) FROM steps WHERE run_id = ? AND step BETWEEN ? AND ?",
        arguments: [runID, range.lowerBound, range.upperBound])
    }
  }

  /// The losses of a run's steps within `range`, in ascending order.
  public func losses(runID: Int64, in range: ClosedRange<Int>) throws -> [LossRecord] {
    try read("read the losses in") { db in
      let rows = try StepCursor(db, runID, range)
      var losses: [LossRecord] = []
      while let row = try rows.next() {
        losses.append(LossRecord(step: row.step, loss: row.loss, trainSeconds: row.trainSeconds))
      }
      return losses
    }
  }

  /// The parts of the data that runs were evaluated on, in alphabetic order: `training`, `validation`.
  public func evaluatedSplits(runIDs: [Int64]) throws -> [String] {
    let splits = try read("look for evaluations in") { db in
      let statement = try db.makeStatement(sql: "SELECT DISTINCT split FROM evaluations WHERE run_id = ?")
      return try runIDs.flatMap { try String.fetchAll(statement, arguments: [$0]) }
    }
    return Set(splits).sorted()
  }

  /// The steps that a run has rows of; nil when it has none. A fork's begin after its checkpoint.
  public func recordedSteps(runID: Int64) throws -> ClosedRange<Int>? {
    try read("find the steps in") { db in
      let ends = try ["min", "max"].map { end in
        try Int.fetchOne(db, sql: "SELECT \(end)(step) FROM steps WHERE run_id = ?", arguments: [runID])
      }
      guard let first = ends[0], let last = ends[1] else { return nil }
      return first...last
    }
  }

  /// The last step of a run within its first `seconds` of training; nil when its first took longer.
  ///
  /// Training time only grows with the steps, so that few rows are looked at.
  public func lastStep(runID: Int64, within seconds: Double) throws -> Int? {
    guard let steps = try recordedSteps(runID: runID) else { return nil }
    return try read("read the training times in") { db in
      let statement = try db.makeStatement(sql: "SELECT train_seconds FROM steps WHERE run_id = ? AND step = ?")
      var (low, high) = (steps.lowerBound, steps.upperBound + 1)
      while low < high {
        let middle = low + (high - low) / 2
        let time = try Double.fetchOne(statement, arguments: [runID, middle]) ?? .infinity
        if time <= seconds { low = middle + 1 } else { high = middle }
      }
      return low > steps.lowerBound ? low - 1 : nil
    }
  }
}
