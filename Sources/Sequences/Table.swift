/// The named columns of a dataset: float32 values in rows, in the data's order.
///
/// Every value is finite, and zero is never minus zero, so equal tables have equal bits.
public struct Table: Sendable, Equatable {
  /// Where the values came from, as a person named it; a file's path.
  public let source: String
  /// The columns' names, all different.
  public let columns: [String]
  /// The rows.
  public let rowCount: Int
  /// Row-major [rows, columns].
  public let values: [Float]

  /// A table of `values` [rows, columns]; minus zero becomes zero.
  /// - Throws: `SequenceError` when the columns have no or equal names, the values do not fill whole rows, or one is
  ///   not finite.
  public init(source: String, columns: [String], values: [Float]) throws {
    guard !columns.isEmpty else { throw SequenceError("\(source): no columns are named") }
    if let name = firstRepeated(columns) {
      throw SequenceError("\(source) has two columns \(quoted(name))", hint: "give each column a name of its own")
    }
    guard values.count % columns.count == 0 else {
      throw SequenceError("\(source): \(values.count) values do not fill rows of \(columns.count) columns")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns.count)
      throw SequenceError(
        "\(source), row \(row + 1), column \(quoted(columns[column])): \(values[index]) is not finite",
        hint: "rows are counted from 1")
    }
    self.source = source
    self.columns = columns
    self.rowCount = values.count / columns.count
    // Minus zero plus zero is zero; every other value stays.
    self.values = values.map { $0 + 0 }
  }

  /// The index of the column called `name`.
  /// - Throws: `SequenceError` that lists the columns there are, and the nearest name.
  public func column(_ name: String) throws -> Int {
    guard let index = columns.firstIndex(of: name) else { throw noColumn(name, in: source, columns: columns) }
    return index
  }
}
