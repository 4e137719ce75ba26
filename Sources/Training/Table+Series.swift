import Sequences

/// One series of a table, for a network that runs ahead of it.
extension Table {
  /// How a message names a sequence after what is done with it; nothing where there is one only.
  func subject(ofSequence number: Int) -> String {
    if let sequenceNames { return " of series \"\(sequenceNames[number])\"" }
    return sequenceCount > 1 ? " of sequence \(number + 1)" : ""
  }

  /// The values of some columns [rows, columns].
  /// - Throws: `SequenceError` for a column that is not there.
  func values(of names: [String]) throws -> [Float] {
    let places = try names.map { try column($0) }
    var found: [Float] = []
    found.reserveCapacity(rowCount * places.count)
    for row in 0..<rowCount {
      for place in places { found.append(values[row * columns.count + place]) }
    }
    return found
  }

  /// One sequence as a table, and `count` rows more: they have `later` [count, names] in the columns `names`, and in the
  /// others the last value that is known.
  /// - Throws: `SequenceError` for a column that is not there.
  func series(_ number: Int, followedBy later: [Float] = [], of names: [String] = [], count: Int = 0) throws -> Table {
    let rows = rows(ofSequence: number)
    let width = columns.count
    let places = try names.map { try column($0) }
    var all = Array(values[rows.lowerBound * width..<rows.upperBound * width])
    all.reserveCapacity((rows.count + count) * width)
    for row in 0..<count {
      all.append(contentsOf: all.suffix(width))
      for (index, place) in places.enumerated() { all[all.count - width + place] = later[row * places.count + index] }
    }
    return try Table(source: source, columns: columns, values: all)
  }
}

extension RecordedRun {
  /// The table of its data.
  /// - Throws: `TrainingError` for the sine task, which has none.
  func requiredTable() throws -> Table {
    guard case .table(let table) = data else {
      throw TrainingError(
        "run \(record.name) was trained on the sine task, which has no end and no rows to forecast",
        hint: "train on a file with --data")
    }
    return table
  }
}
