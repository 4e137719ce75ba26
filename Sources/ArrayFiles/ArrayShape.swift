/// The lengths of an array's axes, which a file may forge.
package enum ArrayShape {
  /// NumPy's own limit was 32 axes for long; without one, a forged shape nests without end.
  static let maximalAxes = 32

  /// The number of values that `shape` asks for; 1 for a scalar's `[]`.
  ///
  /// - Parameter subject: the file and the array, for the message.
  /// - throws: `ArrayFileError` for a dimension below 1, too many axes, or a product above `Int.max / 8`, so that a
  ///   caller may multiply it by the size of any element.
  package static func count(of shape: [Int], subject: String) throws -> Int {
    guard shape.count <= maximalAxes else {
      throw ArrayFileError(message: "\(subject): it has \(shape.count) axes, at most \(maximalAxes) are read")
    }
    var count = 1
    for dimension in shape {
      guard dimension >= 1 else {
        throw ArrayFileError(message: "\(subject): shape \(shape) has a dimension of \(dimension), below 1")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= Int.max / 8 else {
        throw ArrayFileError(
          message: "\(subject): shape \(shape) asks for more values than any memory holds",
          hint: "the file is damaged or forged")
      }
      count = product
    }
    return count
  }

  /// The index in `shape` of the value at place `flat` in row-major order.
  package static func index(of flat: Int, in shape: [Int]) -> [Int] {
    var rest = flat
    var index: [Int] = []
    for dimension in shape.reversed() {
      index.insert(rest % dimension, at: 0)
      rest /= dimension
    }
    return index
  }
}
