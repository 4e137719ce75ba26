/// The labels of a table's rows, such as their dates, and what comes after them.
///
///     let table = try DataFile(path: "co2.csv", options: options).table(columns: ["co2"])
///     let labels = try table.nextLabels(3, ofSequence: 0)  // ["2001-01", "2001-02", "2001-03"]
///
/// Labels are kept as they are written. To carry them on, all of a series must be written alike, as
///
/// | written | step |
/// | --- | --- |
/// | `1959`, `-3`, `0.25`, `007` | a number |
/// | `2024-05`, `2024/05`, `202405`; `2024Q2`, `2024-Q2` | months |
/// | `2024-05-31`, `2024/05/31`, `20240531`, `31.05.2024` | months, where all are one day of the month (its last one where a month is too short) or all its end; else weekdays, where all are Mondays to Fridays; else days |
/// | one of these, then `T` or a blank, `12:30`, `12:30:00` or `12:30:00.25`, and perhaps `Z`, `+01:00` | as for days, where the clock shows the same time in all; else seconds or parts of them |
///
/// The step is the least distance of two neighbours. At least half of the neighbours must have it, and the others whole
/// multiples of it, as dropped rows and holidays leave. Clocks are taken as if they were never set: an offset stays the
/// last label's, and a local time does not know of summer. Holidays are not known either.
public struct SeriesIndex: Sendable, Equatable {
  /// The column that the labels come from.
  public let name: String
  /// One label a row, as it is written, without the blanks around it.
  public let labels: [String]

  /// The labels of a column.
  /// - Throws: `SequenceError` where a label is empty or has a line break or another control character.
  public init(name: String, labels: [String]) throws {
    if let bad = labels.firstIndex(where: { $0.isEmpty || $0.utf8.contains { $0 < 0x20 } }) {
      throw SequenceError(
        "index \(quoted(name)), row \(bad + 1): \(quoted(labels[bad])) is no label",
        hint: "a label is a text of one line; rows are counted from 1")
    }
    self.init(checked: name, labels: labels)
  }

  init(checked name: String, labels: [String]) {
    self.name = name
    self.labels = labels
  }

  /// How far the labels of a series' rows lie apart.
  /// - Precondition: the rows are there.
  /// - Throws: `SequenceError` that names the first label that is not a step after its neighbour.
  public func step(of rows: Range<Int>) throws -> IndexStep {
    try pattern(of: rows).step
  }

  /// The labels that `count` rows after a series' `rows` would have.
  /// - Precondition: the rows are there, and `count` is at least 0.
  /// - Throws: `SequenceError` that names the first label that is not a step after its neighbour, or a label that would
  ///   lie beyond the year 9999.
  public func next(_ count: Int, after rows: Range<Int>) throws -> [String] {
    let pattern = try pattern(of: rows)
    var labels: [String] = []
    for number in 0..<count {
      guard let label = pattern.label(after: number + 1) else {
        throw SequenceError(
          "index \(quoted(name)): no label can be written \(number + 1) steps (each \(pattern.step)) after"
            + " \(quoted(self.labels[rows.upperBound - 1]))",
          hint: "choose a smaller --horizon")
      }
      labels.append(label)
    }
    return labels
  }

  private func pattern(of rows: Range<Int>) throws -> IndexPattern {
    do throws(IndexPattern.Failure) {
      return try IndexPattern(labels[rows])
    } catch {
      throw explained(error, rows)
    }
  }

  private func explained(_ failure: IndexPattern.Failure, _ rows: Range<Int>) -> SequenceError {
    switch failure {
    case .tooFew:
      SequenceError(
        "index \(quoted(name)): \(rows.count) labels tell no step", hint: "a step takes two rows of a series at least")
    case .unknown(let place):
      SequenceError(
        "index \(quoted(name)), row \(place + 1): \(quoted(labels[rows.lowerBound + place])) is not a date, a time or a"
          + " number, or not written as \(quoted(labels[rows.lowerBound])) in row 1 is",
        hint: "dates are written as 2024-05-31, 2024-05, 2024Q2 or 2024-05-31T12:00:00Z")
    case .irregular(let place):
      SequenceError(
        "index \(quoted(name)), row \(place + 1): \(quoted(labels[rows.lowerBound + place])) comes after"
          + " \(quoted(labels[rows.lowerBound + max(place - 1, 0)])), which is not the step of most rows",
        hint: "sort the rows by it, oldest first, with no row twice; rows are counted from 1 in each series")
    }
  }
}
