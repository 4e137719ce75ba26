extension Table {
  /// The rows of sequence `number`, counted from 0.
  /// - Precondition: there is such a sequence.
  public func rows(ofSequence number: Int) -> Range<Int> {
    sequenceStarts[number]..<sequenceStarts[number] + sequenceLengths[number]
  }

  /// The sequence, counted from 0, in which row `row` lies.
  /// - Precondition: there is such a row.
  public func sequence(ofRow row: Int) -> Int {
    var (low, high) = (0, sequenceCount - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if sequenceStarts[middle] <= row { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The labels that `count` rows after the end of sequence `number` would have.
  /// - Throws: `SequenceError` where the table has no index, or one without a regular step; see `SeriesIndex`.
  public func nextLabels(_ count: Int, ofSequence number: Int) throws -> [String] {
    guard let index else {
      throw SequenceError("\(source): its rows have no index that could be carried on", hint: "name one with --index")
    }
    return try index.next(count, after: rows(ofSequence: number))
  }

  static let rowsAreCountedFromOne = "rows are counted from 1"

  /// How a message names a cell.
  func place(ofRow row: Int, column: Int) -> String {
    let sequence = sequence(ofRow: row)
    return "\(source)\(name(ofSequence: sequence)), row \(row - sequenceStarts[sequence] + 1), column"
      + " \(quoted(columns[column]))"
  }

  /// How a message names a sequence, after the source; nothing where there is one only.
  func name(ofSequence number: Int) -> String {
    if let sequenceNames { return ", series \(quoted(sequenceNames[number]))" }
    return sequenceCount > 1 ? ", sequence \(number + 1)" : ""
  }

  /// The table of some of each sequence's rows: `ranges` are rows of this table, one range a sequence and in their order.
  ///
  /// A sequence of which no row is left is left out; when all are, the table has no rows.
  func part(_ ranges: [Range<Int>]) -> Table {
    let kept = ranges.indices.filter { !ranges[$0].isEmpty }
    let width = columns.count
    let index = index.map { index in
      SeriesIndex(checked: index.name, labels: kept.flatMap { index.labels[ranges[$0]] })
    }
    return Table(
      checked: source, columns: columns,
      values: kept.flatMap { values[ranges[$0].lowerBound * width..<ranges[$0].upperBound * width] },
      sequenceLengths: kept.isEmpty ? [0] : kept.map { ranges[$0].count },
      sequenceNames: kept.isEmpty ? nil : sequenceNames.map { names in kept.map { names[$0] } }, index: index)
  }
}
