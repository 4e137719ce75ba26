/// The sizes of a task, and whether the table has room for a window of every stream.
struct StreamSizes {
  let table: Table
  let shift: Int
  let window: Int
  let batchSize: Int

  /// - Throws: `SequenceError` for too few sequences or too few rows.
  func check() throws {
    guard table.sequenceCount > 1 else {
      guard (table.rowCount - shift) / batchSize >= window else { throw tooFewRows }
      return
    }
    guard batchSize <= table.sequenceCount else {
      throw SequenceError(
        "\(table.source) has \(table.sequenceCount) sequences; a batch size of \(batchSize) takes \(batchSize) side by"
          + " side",
        hint: "choose a --batch-size of at most \(table.sequenceCount)")
    }
    let long = table.sequenceLengths.count { $0 - shift >= window }
    guard long > 0 else { throw tooShortSequences }
    guard long >= batchSize else {
      throw SequenceError(
        "\(table.source) has \(long) sequences with room for one window of \(window) rows, with targets \(shift) rows"
          + " later; a batch size of \(batchSize) takes \(batchSize) side by side",
        hint: "choose a --batch-size of at most \(long), or a smaller --window")
    }
  }

  private var tooShortSequences: SequenceError {
    let equal = table.areSequencesEqual
    return SequenceError(
      "\(table.source) has sequences of \(equal ? "" : "at most ")\(table.sequenceLength) rows; one window of \(window)"
        + " rows, with targets \(shift) rows later, takes \(Self.sum(window, shift))",
      hint: "choose a smaller --window or --shift")
  }

  private var tooFewRows: SequenceError {
    let (rows, overflow) = window.multipliedReportingOverflow(by: batchSize)
    return SequenceError(
      "\(table.source) has \(table.rowCount) rows; one window of \(window) rows in each of \(batchSize) streams,"
        + " with targets \(shift) rows later, takes \(overflow ? "more" : Self.sum(rows, shift))",
      hint: "choose a smaller --window, --batch-size or --shift")
  }

  /// Sizes beyond Int's range are beyond any table too, and then the sum is not worth printing.
  static func sum(_ a: Int, _ b: Int) -> String {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? "more" : "\(sum)"
  }
}
