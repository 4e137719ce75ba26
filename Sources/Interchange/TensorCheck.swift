import ArrayFiles
import Recurrent

/// What holds for every tensor that enters or leaves through a file.
enum TensorCheck {
  /// The tensor of `values`, with minus zeros made zeros, as all numbers that are kept are canonical.
  ///
  /// - throws: `InterchangeError` naming the first value that is not finite.
  static func canonical(name: String, shape: [Int], values: [Float], source: String) throws -> NamedTensor {
    let tensor = NamedTensor(name: name, shape: shape, values: values.map { $0 == 0 ? 0 : $0 })
    try checkFinite(tensor, source: source)
    return tensor
  }

  /// The tensor of an array, in the same way.
  static func canonical(_ array: NamedArray, source: String) throws -> NamedTensor {
    try canonical(name: array.name, shape: array.shape, values: array.values, source: source)
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
      let count = try ArrayShape.count(of: tensor.shape, subject: subject)
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
      message: "\(source): tensor \(quoted(tensor.name)), index \(ArrayShape.index(of: flat, in: tensor.shape)): "
        + "\(tensor.values[flat]) is not a finite float32",
      hint: "take weights from before the training diverged")
  }
}
