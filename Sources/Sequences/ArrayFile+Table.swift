import ArrayFiles

extension ArrayFile {
  /// The table of the columns that `names` stand for, each once; NaN is a missing value.
  func table(columns names: [String], missing: MissingValues = .refuse) throws -> Table {
    let columns = try unique(columns(names))
    try checkEqualRows(columns)
    let layout = columns[0].layout
    let (count, overflow) = (layout.sequences * layout.rows).multipliedReportingOverflow(by: columns.count)
    try MemoryBudget.check(overflow || count > Int.max / 4 ? .max : 4 * count, subject: "\(path): the table")

    var values = [Float](repeating: 0, count: count)
    let segments = segments(of: columns)
    // One array at a time, so that no two are in memory together.
    var unread = Set(columns.map(\.array))
    for name in columns.map(\.array) where unread.remove(name) != nil {
      let array = try array(name)
      for segment in segments where segment.array == name {
        copy(segment, of: array, to: &values, width: columns.count)
      }
    }
    try checkFinite(values, columns, orNaN: missing != .refuse)
    let lengths = try close(missing, &values, columns)
    return try Table(source: path, columns: columns.map(\.name), values: values, sequenceLengths: lengths)
  }

  private func unique(_ columns: [ArrayColumn]) -> [ArrayColumn] {
    var seen: Set<String> = []
    return columns.filter { seen.insert($0.name).inserted }
  }

  /// Columns that stand side by side in the table and are of one array.
  private struct Segment {
    let array: String
    let layout: ArrayLayout
    /// The table's column that the first one becomes.
    let first: Int
    let features: ColumnRuns
  }

  private func segments(of columns: [ArrayColumn]) -> [Segment] {
    var segments: [Segment] = []
    var first = 0
    while first < columns.count {
      let segment = columns[first...].prefix { $0.array == columns[first].array }
      segments.append(
        Segment(
          array: columns[first].array, layout: columns[first].layout, first: first,
          features: ColumnRuns(segment.map(\.feature))))
      first = segment.endIndex
    }
    return segments
  }

  /// Copies a segment's columns to where they stand in `values` [sequences, rows, width].
  private func copy(_ segment: Segment, of array: NamedArray, to values: inout [Float], width: Int) {
    let layout = segment.layout
    array.values.withUnsafeBufferPointer { source in
      values.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, var next = destination.baseAddress?.advanced(by: segment.first) else {
          return
        }
        for sequence in 0..<layout.sequences {
          for row in 0..<layout.rows {
            segment.features.copy(1, rowsFrom: source + layout.place(sequence: sequence, row: row), stride: 0, to: next)
            next += width
          }
        }
      }
    }
  }

  private func checkEqualRows(_ columns: [ArrayColumn]) throws {
    let a = columns[0]
    guard let b = columns.first(where: { $0.layout.rows != a.layout.rows || $0.layout.sequences != a.layout.sequences })
    else { return }
    func description(_ column: ArrayColumn) -> String {
      let (rows, sequences) = (column.layout.rows, column.layout.sequences)
      return "array \(quoted(column.array)) of shape \(column.layout.shape) has "
        + "\(sequences) \(sequences == 1 ? "sequence" : "sequences") of \(rows) \(rows == 1 ? "row" : "rows")"
    }
    throw SequenceError(
      "\(path): \(description(a)), \(description(b))",
      hint: "arrays of three axes are read as \(ArrayLayout.threeAxes(batchFirst)) (see --batch-first); those of fewer"
        + " are one sequence: in NumPy, y[:, :, None] adds an axis of features")
  }

  /// Fills or drops missing values, and returns the rows that each sequence then has.
  private func close(_ missing: MissingValues, _ values: inout [Float], _ columns: [ArrayColumn]) throws -> [Int] {
    let (layout, width) = (columns[0].layout, columns.count)
    let lengths = [Int](repeating: layout.rows, count: layout.sequences)
    guard missing != .refuse, values.contains(where: \.isNaN) else { return lengths }
    guard missing == .drop else {
      if let bare = Interpolation.fill(&values, width: width, lengths: lengths) {
        throw SequenceError(
          "\(path): column \(quoted(columns[bare.column].name)), sequence \(bare.series + 1): there is no value at all,"
            + " so gaps can't be filled",
          hint: "leave the column or the sequence out")
      }
      return lengths
    }
    let kept = (0..<values.count / width).filter { row in
      !values[row * width..<(row + 1) * width].contains(where: \.isNaN)
    }
    guard !kept.isEmpty else {
      throw SequenceError("\(path): no row has values in all the columns that are used", hint: "see --missing")
    }
    values = kept.flatMap { [values] row in values[row * width..<(row + 1) * width] }
    let left = kept.reduce(into: [Int](repeating: 0, count: layout.sequences)) { $0[$1 / layout.rows] += 1 }
    return left.filter { $0 > 0 }
  }

  private func checkFinite(_ values: [Float], _ columns: [ArrayColumn], orNaN: Bool) throws {
    guard let flat = values.firstIndex(where: { !$0.isFinite && !(orNaN && $0.isNaN) }) else { return }
    let column = columns[flat % columns.count]
    let layout = column.layout
    let (sequence, row) = (flat / columns.count).quotientAndRemainder(dividingBy: layout.rows)
    let index = layout.index(sequence: sequence, row: row, feature: column.feature)
    throw SequenceError(
      "\(path): array \(quoted(column.array)), index \(index): \(values[flat]) is not a finite float32",
      hint: "indices count from 0 along the axes \(layout.axes)"
        + (values[flat].isNaN ? "; --missing interpolate fills gaps, --missing drop leaves such rows out" : ""))
  }
}
