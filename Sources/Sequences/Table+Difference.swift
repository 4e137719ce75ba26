extension Table {
  /// The table of each row's change from the row before it in its sequence; a sequence's first row has zeros.
  ///
  /// Changes are computed in float64 and rounded once to float32. A series with a trend has changes of a steady mean, which
  /// a network that has seen one level of it can go on from at another (Box and Jenkins, "Time Series Analysis", 1970).
  /// - Throws: `SequenceError` where a change is beyond float32.
  public func differenced() throws -> Table {
    let width = columns.count
    var changes = [Float](repeating: 0, count: values.count)
    for number in 0..<sequenceCount {
      for row in rows(ofSequence: number).dropFirst() {
        for column in 0..<width {
          let (before, now) = (values[(row - 1) * width + column], values[row * width + column])
          let change = Float(Double(now) - Double(before))
          guard change.isFinite else {
            throw SequenceError(
              "\(place(ofRow: row, column: column)): the change from \(before) to \(now) is beyond float32",
              hint: "look whether one is an outlier, or leave --difference out")
          }
          changes[row * width + column] = change
        }
      }
    }
    return Table(
      checked: source, columns: columns, values: changes, sequenceLengths: sequenceLengths,
      sequenceNames: sequenceNames, index: index)
  }
}
