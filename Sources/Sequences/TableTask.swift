/// A table's rows as windows: from the input columns at row r give the target columns at row r + shift.
///
/// **One sequence.** The rows that have targets (all but the last `shift`) are cut into B contiguous streams of equal
/// length, and these into windows of T rows; the rows left over at the end of the data and of each stream are left out.
///
/// **Several sequences.** Each is a stream, B of them go side by side, and the next B follow when these are done. They
/// are taken by the number of windows that they have room for, most first and those of equally many in the table's order,
/// so that neighbours end nearly together; a group has as many windows as the last of its B sequences. The rows of a
/// sequence that have targets are all but its last `shift`; left out are those that fill no window, those beyond the
/// group's windows, and the sequences that fill no group or no window. `usedRows` and `unusedSequences` tell them.
///
/// The state of a network is zero where a stream begins, and no window crosses the border of a sequence. Window w of a
/// pass belongs to the last group whose first window is not after w, and
///
///     row(window w, time t, stream b) = first row of the group's stream b + (w - first window of the group) · T + t
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
  public var windowsPerPass: Int? { plan.windowCount }

  /// The data.
  public let table: Table
  /// The rows by which a target lies after its inputs; 0 or more.
  public let shift: Int

  private let inputColumns: ColumnRuns
  private let targetColumns: ColumnRuns
  private let plan: StreamPlan

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
    plan = try StreamPlan(table, shift: shift, window: window, batchSize: batchSize)
    self.table = table
    self.shift = shift
    self.window = window
    self.batchSize = batchSize
  }

  /// The rows that have targets: all but the last `shift` of each sequence.
  public var usableRows: Int { table.sequenceLengths.reduce(0) { $0 + max($1 - shift, 0) } }
  /// The rows that a pass over the data shows.
  public var usedRows: Int { plan.windowCount * window * batchSize }
  /// The sequences, counted from 0, of which a pass shows nothing; in ascending order.
  public var unusedSequences: [Int] { plan.unusedSequences }
  /// The rows of one stream that have targets, those that fill no window included; of the longest stream.
  public var streamLength: Int { plan.streamLength }
  /// The windows of one stream, at least 1; of the longest streams.
  public var windowsPerStream: Int { plan.firstWindows[1] }

  /// Whether window `index` is the first of its streams.
  public func startsFromZero(window index: Int) -> Bool {
    plan.firstWindows[plan.group(ofWindow: index)] == index
  }

  /// The rows at which a stream begins, in ascending order: B of them, or each sequence's first where there are several.
  public var streamStarts: [Int] {
    table.sequenceCount == 1 ? plan.starts : table.sequenceStarts
  }

  /// The row that stream `stream` sees at time `time` of window `index`.
  public func row(window index: Int, time: Int, stream: Int) -> Int {
    let group = plan.group(ofWindow: index)
    return plan.starts[group * batchSize + stream] + (index - plan.firstWindows[group]) * window + time
  }

  /// The I inputs of a row, or nil where there is no such row.
  public func inputs(row: Int) -> [Float]? {
    values(of: inputColumns, row: row)
  }

  /// The O targets of a row, which stand `shift` rows later in its sequence, or nil where there are none.
  public func targets(row: Int) -> [Float]? {
    guard row >= 0, row < table.rowCount else { return nil }
    let end = table.rows(ofSequence: table.sequence(ofRow: row)).upperBound
    return row < end - shift ? values(of: targetColumns, row: row + shift) : nil
  }

  private func values(of columns: ColumnRuns, row: Int) -> [Float]? {
    guard row >= 0, row < table.rowCount else { return nil }
    return columns.columns.map { table.values[row * table.columns.count + $0] }
  }

  /// Writes window `index`: x [T, B, I] and y [T, B, O].
  public func fill(window index: Int, inputs x: UnsafeMutablePointer<Float>, targets y: UnsafeMutablePointer<Float>) {
    let group = plan.group(ofWindow: index)
    let offset = (index - plan.firstWindows[group]) * window
    copy(inputColumns, of: group, offset: offset, to: x)
    copy(targetColumns, of: group, offset: offset + shift, to: y)
  }

  /// Writes the columns of the T rows that come `offset` rows after the beginnings of a group's streams to `destination`
  /// [T, B, columns].
  private func copy(_ columns: ColumnRuns, of group: Int, offset: Int, to destination: UnsafeMutablePointer<Float>) {
    let width = table.columns.count
    let count = columns.columns.count
    table.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      let first = values + (plan.starts[group * batchSize] + offset) * width
      if batchSize == 1 {
        columns.copy(window, rowsFrom: first, stride: width, to: destination)
      } else if let distance = plan.distance {
        for t in 0..<window {
          columns.copy(
            batchSize, rowsFrom: first + t * width, stride: distance * width,
            to: destination + t * batchSize * count)
        }
      } else {
        for t in 0..<window {
          for b in 0..<batchSize {
            let row = plan.starts[group * batchSize + b] + offset + t
            columns.copy(1, rowsFrom: values + row * width, stride: 0, to: destination + (t * batchSize + b) * count)
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
    // A search for each would take long where there are thousands.
    let places = Dictionary(uniqueKeysWithValues: zip(table.columns, table.columns.indices))
    return try names.map { try places[$0] ?? table.column($0) }
  }
}
