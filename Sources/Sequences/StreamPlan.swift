/// Which rows the streams of a table's windows go through: a function of the sizes alone.
struct StreamPlan {
  /// The first row of each stream [groups, B].
  let starts: [Int]
  /// The first window of each group, and after these the windows of a pass.
  let firstWindows: [Int]
  /// From one stream's first row to the next one's, where it is the same for all of a group.
  let distance: Int?
  /// The rows with targets of the longest stream.
  let streamLength: Int
  /// The sequences that no group has, in ascending order.
  let unusedSequences: [Int]

  var windowCount: Int { firstWindows[firstWindows.count - 1] }

  /// - Throws: `SequenceError` for too few sequences or too few rows.
  init(_ table: Table, shift: Int, window: Int, batchSize: Int) throws {
    try StreamSizes(table: table, shift: shift, window: window, batchSize: batchSize).check()
    guard table.sequenceCount > 1 else {
      let length = (table.rowCount - shift) / batchSize
      starts = (0..<batchSize).map { $0 * length }
      firstWindows = [0, length / window]
      distance = length
      streamLength = length
      unusedSequences = []
      return
    }
    let windows = table.sequenceLengths.map { max($0 - shift, 0) / window }
    // Equally many windows: in the table's order, on every platform.
    let order = windows.indices.filter { windows[$0] > 0 }.sorted { (windows[$1], $0) < (windows[$0], $1) }
    let used = order.prefix(order.count / batchSize * batchSize)
    starts = used.map { table.sequenceStarts[$0] }
    firstWindows = stride(from: batchSize - 1, to: used.count, by: batchSize).reduce(into: [0]) { first, last in
      first.append(first[first.count - 1] + windows[used[last]])
    }
    distance = table.areSequencesEqual ? table.sequenceLength : nil
    streamLength = table.sequenceLength - shift
    unusedSequences = Set(windows.indices).subtracting(used).sorted()
  }

  /// The group to which window `index` of a pass belongs.
  func group(ofWindow index: Int) -> Int {
    var (low, high) = (0, firstWindows.count - 2)
    while low < high {
      let middle = (low + high + 1) / 2
      if firstWindows[middle] <= index { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
