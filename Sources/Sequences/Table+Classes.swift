extension Table {
  /// Checks that a column holds classes: whole numbers from 0 to below their count.
  ///
  ///     let classes = try table.checkClasses(column: "digit", count: nil)  // 10, where the largest digit is 9
  ///
  /// - Parameter name: the column of class numbers.
  /// - Parameter count: the number of classes, or nil to take one more than the column's largest value.
  /// - Returns: the number of classes.
  /// - Throws: `SequenceError` that names the first row whose value is no class.
  @discardableResult public func checkClasses(column name: String, count: Int? = nil) throws -> Int {
    let column = try column(name)
    guard count ?? 1 >= 1 else {
      throw SequenceError("the number of classes is \(count ?? 0); it must be at least 1")
    }
    // From 2^24 on, float32 does not tell whole numbers apart.
    let limit = Float(min(count ?? 1 << 24, 1 << 24))
    var largest = -1
    for row in 0..<rowCount {
      let value = values[row * columns.count + column]
      guard value >= 0, value < limit, value == value.rounded() else {
        throw SequenceError(
          "\(place(ofRow: row, column: column)): \(value) is no class, a whole number from 0 to \(Int(limit) - 1)",
          hint: "\(Self.rowsAreCountedFromOne); with another loss than cross-entropy, targets may be any numbers")
      }
      largest = max(largest, Int(value))
    }
    guard largest >= 0 || count != nil else {
      throw SequenceError("\(source) has no rows, so nothing tells how many classes \(quoted(name)) has")
    }
    return count ?? largest + 1
  }
}
