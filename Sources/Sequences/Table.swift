/// The named columns of a dataset: float32 values in rows, in the data's order.
///
/// The rows are one sequence, or several of equal length that lie one after the other.
/// Every value is finite, and zero is never minus zero, so equal tables have equal bits.
public struct Table: Sendable, Equatable {
  /// Where the values came from, as a person named it; a file's path.
  public let source: String
  /// The columns' names, all different.
  public let columns: [String]
  /// The rows of all sequences.
  public let rowCount: Int
  /// The sequences; at least 1.
  public let sequenceCount: Int
  /// Row-major [sequences, rows of a sequence, columns].
  public let values: [Float]

  /// The rows of one sequence.
  public var sequenceLength: Int { rowCount / sequenceCount }

  /// A table of `values` [sequences, rows of a sequence, columns]; minus zero becomes zero.
  /// - Throws: `SequenceError` when the columns have no or equal names, the values do not fill whole rows or the rows
  ///   whole sequences, or a value is not finite.
  public init(source: String, columns: [String], values: [Float], sequenceCount: Int = 1) throws {
    guard !columns.isEmpty else { throw SequenceError("\(source): no columns are named") }
    if let name = firstRepeated(columns) {
      throw SequenceError("\(source) has two columns \(quoted(name))", hint: "give each column a name of its own")
    }
    guard values.count % columns.count == 0 else {
      throw SequenceError("\(source): \(values.count) values do not fill rows of \(columns.count) columns")
    }
    self.source = source
    self.columns = columns
    self.rowCount = values.count / columns.count
    self.sequenceCount = sequenceCount
    self.values = canonical(values)
    guard sequenceCount >= 1, rowCount % sequenceCount == 0 else {
      throw SequenceError("\(source): \(rowCount) rows are not \(sequenceCount) sequences of equal length")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
      throw SequenceError(
        "\(place(ofRow: row, column: column)): \(values[index]) is not finite", hint: Self.rowsAreCountedFromOne)
    }
  }

  /// The index of the column called `name`.
  /// - Throws: `SequenceError` that lists the columns there are, and the nearest name.
  public func column(_ name: String) throws -> Int {
    guard let index = columns.firstIndex(of: name) else { throw noColumn(name, in: source, columns: columns) }
    return index
  }

  static let rowsAreCountedFromOne = "rows are counted from 1"

  /// How a message names a cell.
  func place(ofRow row: Int, column: Int) -> String {
    let (sequence, rowWithin) = row.quotientAndRemainder(dividingBy: sequenceLength)
    let ofSequence = sequenceCount > 1 ? ", sequence \(sequence + 1)" : ""
    return "\(source)\(ofSequence), row \(rowWithin + 1), column \(quoted(columns[column]))"
  }
}

/// `values` without minus zeros; they are copied only where there are some.
private func canonical(_ values: [Float]) -> [Float] {
  let minusZero = (-Float(0)).bitPattern
  // Minus zero plus zero is zero; every other value stays.
  return values.contains { $0.bitPattern == minusZero } ? values.map { $0 + 0 } : values
}
