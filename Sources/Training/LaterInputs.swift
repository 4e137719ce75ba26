import Sequences

/// The rows that come after the end of each series, as far as they are known: a network's inputs that it does not forecast.
struct LaterInputs {
  /// A network's inputs that it does not forecast.
  private let columns: [String]
  /// Where they come from; nil where nothing was named.
  private let table: Table?
  /// The run, as messages name it.
  private let run: String

  init(_ feedback: Feedback, in table: Table?, of run: String) {
    columns = feedback.others
    self.table = table
    self.run = run
  }

  /// The values [count, columns] of the `count` rows after the end of sequence `number` of `known`.
  ///
  /// Rows are found by their labels where the run has an index, and are the first ones of the file elsewhere.
  /// - Throws: `TrainingError` when rows are missing, or their labels don't go on from the data's.
  func values(after known: Table, sequence number: Int, count: Int) throws -> [Float] {
    guard count > 0, !columns.isEmpty else { return [] }
    let subject = known.subject(ofSequence: number)
    guard let table else {
      throw TrainingError(
        "run \(run) also sees \(list(columns)), which it does not forecast: the \(count) rows after the end of the"
          + " data\(subject) are needed",
        hint: "name a file that has them with --data, or choose a smaller --horizon")
    }
    let rows = try self.rows(of: table, after: known, sequence: number)
    let (first, last) = (rows.lowerBound, rows.lowerBound + count)
    guard last <= rows.upperBound else {
      throw TrainingError(
        "\(table.source) has \(rows.count) rows after the end of the data\(subject), and \(count) of \(list(columns)) are"
          + " needed",
        hint: "give it more rows, or choose a smaller --horizon")
    }
    try requireLabels(of: table, rows: first..<last, after: known, sequence: number)
    let places = try columns.map { try table.column($0) }
    return (first..<last).flatMap { row in places.map { table.values[row * table.columns.count + $0] } }
  }

  /// The rows of the file that come after the end of the known sequence.
  private func rows(of table: Table, after known: Table, sequence number: Int) throws -> Range<Int> {
    let rows = table.rows(ofSequence: try self.sequence(of: table, like: number, of: known))
    guard let labels = known.index?.labels, let last = labels[known.rows(ofSequence: number)].last,
      let place = table.index?.labels[rows].firstIndex(of: last)
    else { return rows }
    return place + 1..<rows.upperBound
  }

  private func sequence(of table: Table, like number: Int, of known: Table) throws -> Int {
    if let names = known.sequenceNames {
      guard let found = table.sequenceNames?.firstIndex(of: names[number]) else {
        throw TrainingError(
          "\(table.source) has no series \"\(names[number])\", which the run's data has",
          hint: "give it the rows after the end of each series")
      }
      return found
    }
    guard table.sequenceCount == known.sequenceCount else {
      throw TrainingError(
        "\(table.source) has \(table.sequenceCount) sequences, and the run's data \(known.sequenceCount)",
        hint: "give it the rows after the end of each")
    }
    return number
  }

  private func requireLabels(of table: Table, rows: Range<Int>, after known: Table, sequence number: Int) throws {
    guard known.index != nil, let labels = table.index?.labels else { return }
    let expected = try known.nextLabels(rows.count, ofSequence: number)
    for (label, row) in zip(expected, rows) where labels[row] != label {
      throw TrainingError(
        "\(table.source): after the end of the data\(known.subject(ofSequence: number)) comes \"\(label)\", and its row"
          + " for that is \"\(labels[row])\"",
        hint: "give it one row for each step after the data's end, in order")
    }
  }
}

extension SeriesForecaster {
  /// The rows of a file that are to hold the later inputs: read as the run's data were, all columns that it does not
  /// forecast.
  ///
  /// - Throws: `TrainingError` when it has no other inputs, `SequenceError` when the file can't be read.
  public func laterInputs(path: String) throws -> Table {
    guard !feedback.others.isEmpty else {
      throw TrainingError(
        "run \(name) has no inputs but its own forecasts, and \(path) would bring others",
        hint: "leave --data out; --history FILE forecasts from the end of another file")
    }
    return try DataFile(path: path, options: hyperparameters.reading).table(columns: feedback.others)
  }
}
