/// Changes of rows of values, and what they add up to. Sums are float64, rounded once to float32.
public enum Differences {
  /// Each row's change from the row before it.
  ///
  /// - Parameters:
  ///   - values: [rows, width].
  ///   - width: values in a row.
  ///   - previous: the row [width] before the first one; where there is none, the first row has zeros.
  public static func changes(of values: [Float], width: Int, after previous: [Float]? = nil) -> [Float] {
    let before = (previous ?? Array(values.prefix(width))) + values.dropLast(width)
    // Zero is never minus zero.
    return zip(values, before).map { Float(Double($0) - Double($1)) + 0 }
  }

  /// Values from the changes [rows, names] that come after rows of values [rows, columns]: each change onto its own row's
  /// value of that column.
  /// - Precondition: each of `names` is one of `columns`.
  public static func sums(
    of changes: [Float], _ names: [String], onto values: [Float], _ columns: [String]
  ) -> [Float] {
    let places = names.map { name in columns.firstIndex(of: name) ?? 0 }
    return changes.enumerated().map { flat, change in
      let (row, name) = flat.quotientAndRemainder(dividingBy: names.count)
      return Float(Double(values[row * columns.count + places[name]]) + Double(change))
    }
  }

  /// Values from changes [rows, width] of which each goes on from the row before it, and the first one from `last` [width].
  public static func runningSums(of changes: [Float], onto last: [Float]) -> [Float] {
    var sums = last.map { Double($0) }
    return changes.enumerated().map { flat, change in
      sums[flat % last.count] += Double(change)
      return Float(sums[flat % last.count])
    }
  }
}
