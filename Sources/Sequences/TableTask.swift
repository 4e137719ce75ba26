/// A table's rows as windows: from the input columns at row r give the target columns at row r + shift.
///
/// **One sequence.** The rows that have targets (all but the last `shift`) are cut into B contiguous streams of equal
/// length, and these into windows of T rows; the rows left over at the end of the data and of each stream are left out.
///
/// **Several sequences.** Each is a stream, B of them go side by side, and the next B follow when these are done: group
/// g is made of the sequences g·B … g·B + B - 1. The rows of a sequence that have targets are all but its last `shift`;
/// those that fill no window, and the sequences that fill no group, are left out.
///
///     row(window w, time t, stream b) = (w / windowsPerStream · B + b) · distance + w % windowsPerStream · T + t
///
/// where `distance` is the rows from one stream's start to the next one's.
public struct TableTask: WindowSource {
  /// I, the number of input columns.
  public var inputSize: Int { inputColumns.columns.count }
  /// O, the number of target columns.
  public var outputSize: Int { targetColumns.columns.count }
  /// B, the streams.
  public let batchSize: Int
  /// T, the rows of one window.
  public let window: Int
  /// The windows of one pass over the data; at least 1.
  public var windowsPerPass: Int? { groups * windowsPerStream }

  /// The data.
  public let table: Table
  /// The rows by which a target lies after its inputs; 0 or more.
  public let shift: Int
  /// The rows that have targets: all but the last `shift` of each sequence.
  public var usableRows: Int { table.sequenceCount * usableRowsOfSequence }
  /// The rows of one stream that have targets, those that fill no window included.
  public let streamLength: Int
  /// The windows of one stream; at least 1.
  public let windowsPerStream: Int

  private let inputColumns: ColumnRuns
  private let targetColumns: ColumnRuns
  /// From one stream's first row to the next one's.
  private let distance: Int
  /// The times that B streams are read before the data is used up.
  private let groups: Int
  private var usableRowsOfSequence: Int { table.sequenceLength - shift }

  /// The task of giving `targets` from `inputs`, both names of `table`'s columns.
  /// - Throws: `SequenceError` for a column that is not there or named twice, a negative shift, a size below 1, or a
  ///   table with too few rows for one window of every stream, or too few sequences for one batch.
  public init(table: Table, inputs: [String], targets: [String], shift: Int, window: Int, batchSize: Int) throws {
    try requirePositive(window: window, batchSize: batchSize)
    guard shift >= 0 else {
      throw SequenceError(
        "the shift is \(shift) rows; it must be at least 0", hint: "with --shift 1 the target is the next row's")
    }
    inputColumns = ColumnRuns(try Self.columns(inputs, of: table, as: "inputs"))
    targetColumns = ColumnRuns(try Self.columns(targets, of: table, as: "targets"))
    if table.sequenceCount == 1 {
      streamLength = (table.rowCount - shift) / batchSize
      distance = streamLength
      groups = 1
    } else {
      streamLength = table.sequenceLength - shift
      distance = table.sequenceLength
      groups = table.sequenceCount / batchSize
    }
    try Self.checkSizes(table, streamLength: streamLength, shift: shift, window: window, batchSize: batchSize)
    self.table = table
    self.shift = shift
    self.window = window
    self.batchSize = batchSize
    windowsPerStream = streamLength / window
  }

  /// Whether window `index` is the first of its streams.
  public func startsFromZero(window index: Int) -> Bool {
    index % windowsPerStream == 0
  }

  /// The rows at which a stream begins, in ascending order: B of them, or each sequence's first where there are several.
  public var streamStarts: [Int] {
    (0..<(table.sequenceCount == 1 ? batchSize : table.sequenceCount)).map { $0 * distance }
  }

  /// The row that stream `stream` sees at time `time` of window `index`.
  public func row(window index: Int, time: Int, stream: Int) -> Int {
    let (group, windowOfGroup) = index.quotientAndRemainder(dividingBy: windowsPerStream)
    return (group * batchSize + stream) * distance + windowOfGroup * window + time
  }

  /// The I inputs of a row, or nil where there is no such row.
  public func inputs(row: Int) -> [Float]? {
    values(of: inputColumns, row: row)
  }

  /// The O targets of a row, which stand `shift` rows later in its sequence, or nil where there are none.
  public func targets(row: Int) -> [Float]? {
    guard row >= 0, row < table.rowCount, row % table.sequenceLength < usableRowsOfSequence else { return nil }
    return values(of: targetColumns, row: row + shift)
  }

  private func values(of columns: ColumnRuns, row: Int) -> [Float]? {
    guard row >= 0, row < table.rowCount else { return nil }
    return columns.columns.map { table.values[row * table.columns.count + $0] }
  }

  /// Writes window `index`: x [T, B, I] and y [T, B, O].
  public func fill(window index: Int, inputs x: UnsafeMutablePointer<Float>, targets y: UnsafeMutablePointer<Float>) {
    let first = row(window: index, time: 0, stream: 0)
    copy(inputColumns, firstRow: first, to: x)
    copy(targetColumns, firstRow: first + shift, to: y)
  }

  /// Writes the columns of a window whose stream 0 begins at row `firstRow` to `destination` [T, B, columns].
  private func copy(_ columns: ColumnRuns, firstRow: Int, to destination: UnsafeMutablePointer<Float>) {
    let width = table.columns.count
    table.values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress?.advanced(by: firstRow * width) else { return }
      if batchSize == 1 {
        columns.copy(window, rowsFrom: start, stride: width, to: destination)
      } else {
        let count = batchSize * columns.columns.count
        for t in 0..<window {
          columns.copy(
            batchSize, rowsFrom: start + t * width, stride: distance * width, to: destination + t * count)
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
    // A search for each would take long where there are thousands.
    let places = Dictionary(uniqueKeysWithValues: zip(table.columns, table.columns.indices))
    return try names.map { try places[$0] ?? table.column($0) }
  }
}
