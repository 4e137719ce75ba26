import Sequences

/// The rows of each series that a backtest forecasts, none of which its network was trained on.
public struct BacktestRows: Sendable {
  /// The data.
  public let table: Table
  /// The rows that are forecast, one range a sequence of the table; some may be empty.
  public let tested: [Range<Int>]

  /// The rows of a run's validation part, by which its options may be chosen.
  /// - Throws: `TrainingError` when there are none.
  public init(validationPartOf run: RecordedRun) throws {
    table = try run.requiredTable()
    tested = run.hyperparameters.split.rows(.validation, of: table)
    guard tested.contains(where: { !$0.isEmpty }) else {
      throw TrainingError(
        "run \(run.record.name) has no validation part", hint: "train with --validation 0.2, which keeps a fifth back")
    }
  }

  /// The rows of a run's test part, or those with which another table goes on from the run's data.
  ///
  /// - Parameters:
  ///   - run: the run that is tested.
  ///   - other: the run with another file's data, whose series begin with the rows of its own before its test part.
  /// - Throws: `TrainingError` when there is nothing to test on, or `other` is not such data.
  public init(_ run: RecordedRun, goingOnIn other: RecordedRun? = nil) throws {
    let own = try run.requiredTable()
    let before = run.hyperparameters.split.rows(.test, of: own).enumerated().map { number, test in
      own.rows(ofSequence: number).lowerBound..<test.lowerBound
    }
    if let other = try other?.requiredTable() {
      tested = try (0..<other.sequenceCount).map { try Self.rows(of: other, $0, after: before, in: own) }
      table = other
    } else {
      tested = before.enumerated().map { $1.upperBound..<own.rows(ofSequence: $0).upperBound }
      table = own
    }
    guard tested.contains(where: { !$0.isEmpty }) else {
      throw TrainingError(
        "run \(run.record.name) was trained on all rows of \(table.source), and a backtest takes rows that it has never"
          + " seen",
        hint:
          "train with --test 0.1, which keeps the last tenth back, or name a file with --data that begins with those"
          + " rows and goes on")
    }
  }

  /// The rows of one of `other`'s sequences after those that the run's data has of it before the test part.
  private static func rows(
    of other: Table, _ number: Int, after before: [Range<Int>], in own: Table
  ) throws -> Range<Int> {
    let rows = other.rows(ofSequence: number)
    let subject = other.subject(ofSequence: number)
    guard let place = own.place(ofSequence: number, in: other) else {
      throw TrainingError(
        "\(other.source): there is no data\(subject) among the run's, from which it could go on",
        hint: "leave this series out of the file")
    }
    let known = before[place]
    guard rows.count >= known.count else {
      throw TrainingError(
        "\(other.source) has \(rows.count) rows\(subject), and the run was trained and chosen on \(known.count)",
        hint: "name a file that begins with the rows of \(own.source) and goes on")
    }
    let columns = try own.columns.map { (name: $0, own: try own.column($0), other: try other.column($0)) }
    for row in 0..<known.count {
      for column in columns {
        let old = own.values[(known.lowerBound + row) * own.columns.count + column.own]
        let new = other.values[(rows.lowerBound + row) * other.columns.count + column.other]
        guard old != new else { continue }
        throw TrainingError(
          "\(other.source), row \(row + 1)\(subject): \"\(column.name)\" is \(new), and in the data that the run was"
            + " trained on it is \(old)",
          hint: "name a file that begins with the rows of \(own.source) and goes on; rows are counted from 1")
      }
    }
    return rows.lowerBound + known.count..<rows.upperBound
  }
}

extension Table {
  /// This table's sequence that `other`'s sequence `number` is or goes on from.
  fileprivate func place(ofSequence number: Int, in other: Table) -> Int? {
    if let sequenceNames { return other.sequenceNames.flatMap { sequenceNames.firstIndex(of: $0[number]) } }
    return number < sequenceCount ? number : nil
  }
}
