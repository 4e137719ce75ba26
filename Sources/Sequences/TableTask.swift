/// A table's rows as windows: from the input columns at row r give the target columns at row r + shift.
///
/// The rows that have targets (all but the last `shift`) are cut into B contiguous streams of equal length, and these
/// into windows of T rows; the rows left over at the end of the data and of each stream are left out:
///
///     row(window w, time t, stream b) = b · streamLength + w · T + t
public struct TableTask: WindowSource {
  /// I, the number of input columns.
  public var inputSize: Int { inputColumns.count }
  /// O, the number of target columns.
  public var outputSize: Int { targetColumns.count }
  /// B, the streams.
  public let batchSize: Int
  /// T, the rows of one window.
  public let window: Int
  /// The windows of one pass over the data; at least 1.
  public var windowsPerPass: Int? { streamLength / window }

  /// The data.
  public let table: Table
  /// The rows by which a target lies after its inputs; 0 or more.
  public let shift: Int
  /// The rows that have targets, from the first: all but the last `shift`.
  public var usableRows: Int { table.rowCount - shift }
  /// The rows of one stream, those that fill no window included.
  public let streamLength: Int

  // Indices into the table's columns.
  private let inputColumns: [Int]
  private let targetColumns: [Int]

  /// The task of giving `targets` from `inputs`, both names of `table`'s columns.
  /// - Throws: `SequenceError` for a column that is not there or named twice, a negative shift, a size below 1, or a
  ///   table with too few rows for one window of every stream.
  public init(table: Table, inputs: [String], targets: [String], shift: Int, window: Int, batchSize: Int) throws {
    try requirePositive(window: window, batchSize: batchSize)
    guard shift >= 0 else {
      throw SequenceError(
        "the shift is \(shift) rows; it must be at least 0", hint: "with --shift 1 the target is the next row's")
    }
    inputColumns = try Self.columns(inputs, of: table, as: "inputs")
    targetColumns = try Self.columns(targets, of: table, as: "targets")
    let length = (table.rowCount - shift) / batchSize
    guard length >= window else {
      throw Self.tooFewRows(in: table, shift: shift, window: window, batchSize: batchSize)
    }
    self.table = table
    self.shift = shift
    self.window = window
    self.batchSize = batchSize
    streamLength = length
  }

  /// Writes window `index`: x [T, B, I] and y [T, B, O].
  public func fill(window index: Int, inputs x: UnsafeMutablePointer<Float>, targets y: UnsafeMutablePointer<Float>) {
    copy(inputColumns, ofWindow: index, rowsLater: 0, to: x)
    copy(targetColumns, ofWindow: index, rowsLater: shift, to: y)
  }

  /// The row that stream `stream` sees at time `time` of window `index`.
  public func row(window index: Int, time: Int, stream: Int) -> Int {
    stream * streamLength + index * window + time
  }

  /// The I inputs of a row, or nil where there is no such row.
  public func inputs(row: Int) -> [Float]? {
    values(of: inputColumns, row: row)
  }

  /// The O targets of a row, which stand `shift` rows later, or nil where there are none.
  public func targets(row: Int) -> [Float]? {
    row >= 0 && row < usableRows ? values(of: targetColumns, row: row + shift) : nil
  }

  private func values(of columns: [Int], row: Int) -> [Float]? {
    guard row >= 0, row < table.rowCount else { return nil }
    return columns.map { table.values[row * table.columns.count + $0] }
  }

  /// Writes the columns of a window, moved down by `rowsLater` rows, to `destination` [T, B, columns].
  private func copy(
    _ columns: [Int], ofWindow index: Int, rowsLater: Int, to destination: UnsafeMutablePointer<Float>
  ) {
    let width = table.columns.count
    var next = destination
    table.values.withUnsafeBufferPointer { values in
      columns.withUnsafeBufferPointer { columns in
        for t in 0..<window {
          for b in 0..<batchSize {
            let start = (row(window: index, time: t, stream: b) + rowsLater) * width
            for column in columns {
              next.pointee = values[start + column]
              next += 1
            }
          }
        }
      }
    }
  }

  private static func columns(_ names: [String], of table: Table, as role: String) throws -> [Int] {
    guard !names.isEmpty else {
      throw SequenceError("no column of \(table.source) is named as \(role)", hint: "name some with --\(role)")
    }
    if let name = firstRepeated(names) {
      throw SequenceError("column \(quoted(name)) is named twice as \(role)", hint: "name each column once")
    }
    return try names.map { try table.column($0) }
  }

  private static func tooFewRows(in table: Table, shift: Int, window: Int, batchSize: Int) -> SequenceError {
    // Sizes beyond Int's range are beyond any table too, and then the sum is not worth printing.
    let (rows, overflow) = window.multipliedReportingOverflow(by: batchSize)
    let (needed, overflowToo) = rows.addingReportingOverflow(shift)
    let number = overflow || overflowToo ? "more" : "\(needed)"
    return SequenceError(
      "\(table.source) has \(table.rowCount) rows; one window of \(window) rows in each of \(batchSize) streams,"
        + " with targets \(shift) rows later, takes \(number)",
      hint: "choose a smaller --window, --batch-size or --shift")
  }
}
