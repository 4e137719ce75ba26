extension TableTask {
  /// Checks that a table has room for a window of every stream.
  /// - Throws: `SequenceError` for too few sequences or too few rows.
  static func checkSizes(_ table: Table, streamLength: Int, shift: Int, window: Int, batchSize: Int) throws {
    guard table.sequenceCount == 1 || batchSize <= table.sequenceCount else {
      throw SequenceError(
        "\(table.source) has \(table.sequenceCount) sequences; a batch size of \(batchSize) takes \(batchSize) side by"
          + " side",
        hint: "choose a --batch-size of at most \(table.sequenceCount)")
    }
    guard streamLength >= window else {
      throw tooFewRows(in: table, shift: shift, window: window, batchSize: batchSize)
    }
  }

  private static func tooFewRows(in table: Table, shift: Int, window: Int, batchSize: Int) -> SequenceError {
    guard table.sequenceCount == 1 else {
      return SequenceError(
        "\(table.source) has sequences of \(table.sequenceLength) rows; one window of \(window) rows, with targets"
          + " \(shift) rows later, takes \(sum(window, shift))",
        hint: "choose a smaller --window or --shift")
    }
    let (rows, overflow) = window.multipliedReportingOverflow(by: batchSize)
    return SequenceError(
      "\(table.source) has \(table.rowCount) rows; one window of \(window) rows in each of \(batchSize) streams,"
        + " with targets \(shift) rows later, takes \(overflow ? "more" : sum(rows, shift))",
      hint: "choose a smaller --window, --batch-size or --shift")
  }

  /// Sizes beyond Int's range are beyond any table too, and then the sum is not worth printing.
  private static func sum(_ a: Int, _ b: Int) -> String {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? "more" : "\(sum)"
  }
}
