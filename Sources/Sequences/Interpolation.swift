/// Fills gaps by straight lines.
enum Interpolation {
  /// Fills each NaN of `values` [rows, width] from its column's neighbours in the same series.
  ///
  /// Between a value a at row r and the next value b at row s, row r + k is `a + (b - a) · k / (s - r)`, computed in
  /// float64 and rounded once; before a series' first value and after its last one, that value stands.
  /// - Returns: the series and the column of the first that has no value at all, which then stay as they are.
  static func fill(_ values: inout [Float], width: Int, lengths: [Int]) -> (series: Int, column: Int)? {
    var start = 0
    for (series, length) in lengths.enumerated() {
      for column in 0..<width {
        let hasValue = values.withUnsafeMutableBufferPointer { values in
          fill(values, places: stride(from: start * width + column, to: (start + length) * width, by: width))
        }
        guard hasValue else { return (series, column) }
      }
      start += length
    }
    return nil
  }

  /// Fills one column of one series, and returns whether it has a value at all.
  private static func fill(_ values: UnsafeMutableBufferPointer<Float>, places: StrideTo<Int>) -> Bool {
    var known: Int?
    var gap: [Int] = []
    for place in places {
      if values[place].isNaN {
        gap.append(place)
      } else {
        bridge(gap, in: values, from: known.map { values[$0] }, to: values[place])
        gap.removeAll(keepingCapacity: true)
        known = place
      }
    }
    guard let known else { return gap.isEmpty }
    bridge(gap, in: values, from: values[known], to: nil)
    return true
  }

  private static func bridge(
    _ gap: [Int], in values: UnsafeMutableBufferPointer<Float>, from before: Float?, to after: Float?
  ) {
    guard let first = before ?? after, let last = after ?? before else { return }
    for (k, place) in gap.enumerated() {
      let (a, b) = (Double(first), Double(last))
      values[place] = Float(a + (b - a) * Double(k + 1) / Double(gap.count + 1))
    }
  }
}
