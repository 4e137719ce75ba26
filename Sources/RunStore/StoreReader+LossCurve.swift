import GRDB

/// A point of a loss curve.
public struct LossPoint: Hashable, Sendable {
  /// The step.
  public let step: Int
  /// The loss.
  public let loss: Double

  /// A point.
  public init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}

extension StoreReader {
  /// The losses of a run's steps within `range`, as few of them as draw the same curve.
  ///
  /// The range is cut into stretches, and each gives its first and last row, its lowest and its highest: one stretch a
  /// pixel column draws the same line as all rows do ("M4", Jugel et al., VLDB 2014), and the memory does not grow with
  /// the steps. A range of few steps comes whole.
  ///
  /// - Parameters:
  ///   - runID: the run.
  ///   - range: the steps.
  ///   - stretches: how many, at least one; twice the picture's width in pixels is a good number.
  /// - Returns: points in ascending order of steps.
  /// - Throws: `StoreError` for what SQLite says, or a value that is none of its column's.
  public func lossCurve(runID: Int64, in range: ClosedRange<Int>, stretches: Int) throws -> [LossPoint] {
    try curve("steps WHERE run_id = ? AND step BETWEEN ? AND ?", [runID], range, stretches)
  }

  /// The losses of a run's evaluations over one part of the data within `range`, as few of them as draw the same curve.
  ///
  /// - Parameters:
  ///   - runID: the run.
  ///   - split: the part of the data.
  ///   - range: the steps.
  ///   - stretches: as in ``lossCurve(runID:in:stretches:)``.
  /// - Returns: points in ascending order of steps.
  /// - Throws: `StoreError` for what SQLite says, or a value that is none of its column's.
  public func evaluationCurve(
    runID: Int64, split: String, in range: ClosedRange<Int>, stretches: Int
  ) throws -> [LossPoint] {
    try curve(
      "evaluations WHERE run_id = ? AND split = ? AND step BETWEEN ? AND ?", [runID, split], range, stretches)
  }

  /// - Parameter source: a table and its condition, whose last two values are the first and the last step.
  private func curve(
    _ source: String, _ values: [any DatabaseValueConvertible], _ range: ClosedRange<Int>, _ stretches: Int
  ) throws -> [LossPoint] {
    try read("read the losses in") { db in
      // Looking for four rows costs as much as handing out a dozen.
      guard range.count / 16 >= max(1, stretches) else {
        return try db.points("SELECT step, loss FROM \(source) ORDER BY step", values, range)
      }
      let landmarks = [
        "SELECT step, loss FROM \(source) ORDER BY step LIMIT 1",
        "SELECT step, loss FROM \(source) ORDER BY step DESC LIMIT 1",
        // SQLite takes other columns from the row that has the extreme: sqlite.org/lang_select.html#bareagg
        "SELECT step, min(loss) FROM \(source)",
        "SELECT step, max(loss) FROM \(source)",
      ]
      return try range.cut(into: max(1, stretches)).flatMap { stretch in
        Set(try landmarks.flatMap { try db.points($0, values, stretch) }).sorted { $0.step < $1.step }
      }
    }
  }
}

extension Database {
  fileprivate func points(
    _ sql: String, _ values: [any DatabaseValueConvertible], _ range: ClosedRange<Int>
  ) throws -> [LossPoint] {
    let rows = try Row.fetchCursor(
      try cachedStatement(sql: sql), arguments: StatementArguments(values + [range.lowerBound, range.upperBound]))
    var points: [LossPoint] = []
    while let row = try rows.next() {
      // The lowest of no rows is NULL.
      guard let step = try row.optional(0, row.step) else { continue }
      points.append(LossPoint(step: step, loss: try row.double(1)))
    }
    return points
  }
}

extension ClosedRange<Int> {
  /// So many ranges of about equal length, in order.
  fileprivate func cut(into count: Int) -> [ClosedRange<Int>] {
    let (length, longer) = self.count.quotientAndRemainder(dividingBy: count)
    var first = lowerBound
    return (0..<count).map { index in
      let end = first + length + (index < longer ? 1 : 0)
      defer { first = end }
      return first...(end - 1)
    }
  }
}
