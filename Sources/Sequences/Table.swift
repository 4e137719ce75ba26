/// The named columns of a dataset: float32 values in rows, in the data's order.
///
/// The rows are one sequence, or several that lie one after the other; they may differ in length.
/// Every value is finite, and zero is never minus zero, so equal tables have equal bits.
public struct Table: Sendable, Equatable {
  /// Where the values came from, as a person named it; a file's path.
  public let source: String
  /// The columns' names, all different.
  public let columns: [String]
  /// The rows of all sequences.
  public let rowCount: Int
  /// The rows of each sequence; none is empty, unless it is the only one.
  public let sequenceLengths: [Int]
  /// The sequences' names, all different, where they have some.
  public let sequenceNames: [String]?
  /// The rows' labels, where they have some.
  public let index: SeriesIndex?
  /// Row-major [rows, columns], sequence after sequence.
  public let values: [Float]
  /// The first row of each sequence.
  public let sequenceStarts: [Int]

  /// The sequences; at least 1.
  public var sequenceCount: Int { sequenceLengths.count }
  /// The rows of the longest sequence; where all are of equal length, of each.
  public var sequenceLength: Int { sequenceLengths.max() ?? 0 }
  /// Whether the sequences have equally many rows.
  public var areSequencesEqual: Bool { sequenceLengths.allSatisfy { $0 == sequenceLengths[0] } }

  /// A table of `values` [sequences, rows of a sequence, columns]; minus zero becomes zero.
  /// - Throws: `SequenceError` when the columns have no or equal names, the values do not fill whole rows or the rows
  ///   whole sequences, or a value is not finite.
  public init(source: String, columns: [String], values: [Float], sequenceCount: Int = 1) throws {
    let rows = columns.isEmpty ? 0 : values.count / columns.count
    guard sequenceCount >= 1, sequenceCount == 1 || sequenceCount <= rows, rows % sequenceCount == 0 else {
      throw SequenceError("\(source): \(rows) rows are not \(sequenceCount) sequences of equal length")
    }
    try self.init(
      source: source, columns: columns, values: values,
      sequenceLengths: [Int](repeating: rows / sequenceCount, count: sequenceCount))
  }

  /// A table of `values` [rows, columns] whose sequences have `sequenceLengths` rows; minus zero becomes zero.
  /// - Throws: `SequenceError` when columns or sequences have no or equal names, the values do not fill whole rows, the
  ///   lengths or labels do not fit them, or a value is not finite.
  public init(
    source: String, columns: [String], values: [Float], sequenceLengths: [Int], sequenceNames: [String]? = nil,
    index: SeriesIndex? = nil
  ) throws {
    guard !columns.isEmpty else { throw SequenceError("\(source): no columns are named") }
    if let name = firstRepeated(columns) {
      throw SequenceError("\(source) has two columns \(quoted(name))", hint: "give each column a name of its own")
    }
    guard values.count % columns.count == 0 else {
      throw SequenceError("\(source): \(values.count) values do not fill rows of \(columns.count) columns")
    }
    self.init(
      checked: source, columns: columns, values: canonical(values), sequenceLengths: sequenceLengths,
      sequenceNames: sequenceNames, index: index)
    try checkSequences()
    if let flat = values.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = flat.quotientAndRemainder(dividingBy: columns.count)
      throw SequenceError(
        "\(place(ofRow: row, column: column)): \(values[flat]) is not finite", hint: Self.rowsAreCountedFromOne)
    }
  }

  /// A table of what is known to be right, or is about to be checked.
  init(
    checked source: String, columns: [String], values: [Float], sequenceLengths: [Int], sequenceNames: [String]?,
    index: SeriesIndex?
  ) {
    self.source = source
    self.columns = columns
    self.values = values
    rowCount = values.count / columns.count
    self.sequenceLengths = sequenceLengths
    self.sequenceNames = sequenceNames
    self.index = index
    var start = 0
    sequenceStarts = sequenceLengths.map { length in
      defer { start &+= length }
      return start
    }
  }

  private func checkSequences() throws {
    let isWhole = sequenceLengths == [rowCount] || sequenceLengths.allSatisfy { $0 >= 1 && $0 <= rowCount }
    // The lengths may be forged, and no sum of them may overflow.
    let total = isWhole ? sequenceLengths.reduce(0) { min($0 + $1, rowCount + 1) } : -1
    guard total == rowCount, !sequenceLengths.isEmpty else {
      let lengths = sequenceLengths.prefix(5).map { "\($0)" }.joined(separator: ", ")
      let more = sequenceLengths.count > 5 ? ", …" : ""
      throw SequenceError(
        "\(source): \(sequenceLengths.count) sequences of \(lengths)\(more) rows do not make up \(rowCount) rows")
    }
    if let sequenceNames {
      guard sequenceNames.count == sequenceLengths.count else {
        throw SequenceError("\(source): \(sequenceNames.count) names are given for \(sequenceLengths.count) sequences")
      }
      if let name = firstRepeated(sequenceNames) {
        throw SequenceError("\(source) has two sequences \(quoted(name))", hint: "give each a name of its own")
      }
    }
    if let index, index.labels.count != rowCount {
      throw SequenceError("\(source): \(index.labels.count) labels are given for \(rowCount) rows")
    }
  }

  /// The index of the column called `name`.
  /// - Throws: `SequenceError` that lists the columns there are, and the nearest name.
  public func column(_ name: String) throws -> Int {
    guard let index = columns.firstIndex(of: name) else { throw noColumn(name, in: source, columns: columns) }
    return index
  }
}

/// `values` without minus zeros; they are copied only where there are some.
private func canonical(_ values: [Float]) -> [Float] {
  let minusZero = (-Float(0)).bitPattern
  // Minus zero plus zero is zero; every other value stays.
  return values.contains { $0.bitPattern == minusZero } ? values.map { $0 + 0 } : values
}
