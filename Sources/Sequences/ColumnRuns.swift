/// Columns to be copied out of row after row, those side by side in one piece.
struct ColumnRuns {
  /// The columns' indices in a row, in the order in which they are wanted.
  let columns: [Int]
  /// The same, grouped: neighbours that are wanted one after the other make up one run.
  private let runs: [Range<Int>]
  /// Whether the runs are so long that a call of memcpy for each is worth it.
  private let areLong: Bool

  init(_ columns: [Int]) {
    var runs: [Range<Int>] = []
    for column in columns {
      if let last = runs.last, last.upperBound == column {
        runs[runs.count - 1] = last.lowerBound..<column + 1
      } else {
        runs.append(column..<column + 1)
      }
    }
    self.columns = columns
    self.runs = runs
    areLong = columns.count >= 16 * runs.count
  }

  /// Copies the columns of `count` rows, which start `stride` values apart from `source` on, to `destination`
  /// [count, columns].
  func copy(
    _ count: Int, rowsFrom source: UnsafePointer<Float>, stride: Int, to destination: UnsafeMutablePointer<Float>
  ) {
    var row = source
    var next = destination
    if areLong {
      runs.withUnsafeBufferPointer { runs in
        for _ in 0..<count {
          for run in runs {
            next.update(from: row + run.lowerBound, count: run.count)
            next += run.count
          }
          row += stride
        }
      }
    } else {
      columns.withUnsafeBufferPointer { columns in
        for _ in 0..<count {
          for column in columns {
            next.pointee = row[column]
            next += 1
          }
          row += stride
        }
      }
    }
  }
}
