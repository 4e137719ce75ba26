import Recurrent

/// What holds for every tensor that enters or leaves through a file.
enum TensorCheck {
  /// NumPy's own limit was 32 axes for long; without one, a forged shape nests without end.
  static let maximalAxes = 32

  /// The number of values that `shape` asks for; 1 for a scalar's `[]`.
  ///
  /// - Parameter subject: the file and the tensor, for the message.
  /// - throws: `InterchangeError` for a dimension below 1, too many axes, or a product above `Int.max / 8`, so that a
  ///   caller may multiply it by the size of any element.
  static func count(of shape: [Int], subject: String) throws -> Int {
    guard shape.count <= maximalAxes else {
      throw InterchangeError(message: "\(subject): it has \(shape.count) axes, at most \(maximalAxes) are read")
    }
    var count = 1
    for dimension in shape {
      guard dimension >= 1 else {
        throw InterchangeError(message: "\(subject): shape \(shape) has a dimension of \(dimension), below 1")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= Int.max / 8 else {
        throw InterchangeError(
          message: "\(subject): shape \(shape) asks for more values than any memory holds",
          hint: "the file is damaged or forged")
      }
      count = product
    }
    return count
  }

  /// The tensor of `values`, with minus zeros made zeros, as all numbers that are kept are canonical.
  ///
  /// - throws: `InterchangeError` naming the first value that is not finite.
  static func canonical(name: String, shape: [Int], values: [Float], source: String) throws -> NamedTensor {
    let tensor = NamedTensor(name: name, shape: shape, values: values.map { $0 == 0 ? 0 : $0 })
    try checkFinite(tensor, source: source)
    return tensor
  }

  /// Checks tensors that were not read from a file here.
  ///
  /// - Parameter source: where they are from, for messages.
  ///
  /// - throws: `InterchangeError` for a name that is empty, holds NUL or occurs twice, a shape that does not fit the
  ///   values, or a value that is not finite.
  static func check(_ tensors: [NamedTensor], source: String = "weights") throws {
    try checkUnique(tensors.map(\.name), source: source)
    for tensor in tensors {
      guard !tensor.name.isEmpty, !tensor.name.utf8.contains(0) else {
        throw InterchangeError(message: "\(source): \(quoted(tensor.name)) is no name for a tensor")
      }
      let subject = "\(source): tensor \(quoted(tensor.name))"
      let count = try count(of: tensor.shape, subject: subject)
      guard count == tensor.values.count else {
        throw InterchangeError(
          message: "\(subject): shape \(tensor.shape) asks for \(count) values, there are \(tensor.values.count)")
      }
      try checkFinite(tensor, source: source)
    }
  }

  /// - throws: `InterchangeError` for the first name that occurs twice.
  static func checkUnique(_ names: [String], source: String) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw InterchangeError(message: "\(source): there are two tensors of the name \(quoted(name))")
    }
  }

  private static func checkFinite(_ tensor: NamedTensor, source: String) throws {
    guard let flat = tensor.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw InterchangeError(
      message: "\(source): tensor \(quoted(tensor.name)), index \(index(of: flat, in: tensor.shape)): "
        + "\(tensor.values[flat]) is not a finite float32",
      hint: "take weights from before the training diverged")
  }

  /// The index in `shape` of the value at place `flat` in row-major order.
  private static func index(of flat: Int, in shape: [Int]) -> [Int] {
    var rest = flat
    var index: [Int] = []
    for dimension in shape.reversed() {
      index.insert(rest % dimension, at: 0)
      rest /= dimension
    }
    return index
  }
}
