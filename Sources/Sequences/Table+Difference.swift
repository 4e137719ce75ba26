extension Table {
  /// The table of each row's change from the row before it in its sequence; a sequence's first row has zeros.
  ///
  /// A series with a trend has changes of a steady mean, which
  /// a network that has seen one level of it can go on from at another (Box and Jenkins, "Time Series Analysis", 1970).
  /// - Throws: `SequenceError` where a change is beyond float32.
  public func differenced() throws -> Table {
    let width = columns.count
    var changes: [Float] = []
    changes.reserveCapacity(values.count)
    for number in 0..<sequenceCount {
      let rows = rows(ofSequence: number)
      let own = Array(values[rows.lowerBound * width..<rows.upperBound * width])
      changes.append(contentsOf: Differences.changes(of: own, width: width))
    }
    if let bad = changes.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = bad.quotientAndRemainder(dividingBy: width)
      throw SequenceError(
        "\(place(ofRow: row, column: column)): the change from \(values[bad - width]) to \(values[bad]) is beyond float32",
        hint: "look whether one is an outlier, or leave --difference out")
    }
    return Table(
      checked: source, columns: columns, values: changes, sequenceLengths: sequenceLengths,
      sequenceNames: sequenceNames, index: index)
  }
}
