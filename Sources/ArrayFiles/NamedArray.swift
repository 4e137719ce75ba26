/// An array of a file: its name, its shape and its values in row-major order.
public struct NamedArray: Hashable, Sendable {
  /// What the file calls it.
  public var name: String
  /// The lengths of its axes; `[]` for a scalar.
  public var shape: [Int]
  /// Row-major, as many as the product of `shape`; NaN and infinities may be among them.
  public var values: [Float]

  /// An array; `values` are as many as the product of `shape`.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Checks what is to be written.
  ///
  /// - throws: `ArrayFileError` when the shape does not fit the values.
  func checkShape() throws {
    let subject = "array \(quoted(name))"
    let count = try ArrayShape.count(of: shape, subject: subject)
    guard count == values.count else {
      throw ArrayFileError(message: "\(subject): shape \(shape) asks for \(count) values, there are \(values.count)")
    }
  }
}
