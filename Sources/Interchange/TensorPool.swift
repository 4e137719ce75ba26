import Recurrent

/// Tensors by their names, and the messages for those that are missing, misshapen, or not expected.
struct TensorPool {
  /// In the order given.
  let names: [String]
  /// Where they are from, for messages.
  let source: String
  /// Which tensors are read, for messages.
  let hint: String
  private let tensors: [String: NamedTensor]

  /// - throws: `InterchangeError` when they are not fit to be weights (`TensorCheck.check`).
  init(_ tensors: [NamedTensor], source: String, hint: String) throws {
    try TensorCheck.check(tensors, source: source)
    self.source = source
    self.hint = hint
    names = tensors.map(\.name)
    self.tensors = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
  }

  subscript(_ name: String) -> NamedTensor? { tensors[name] }

  /// - throws: `InterchangeError` when there is no tensor `name`, or it has another number of axes.
  func tensor(_ name: String, axes: Int) throws -> NamedTensor {
    guard let tensor = tensors[name] else {
      throw InterchangeError(message: "\(source): there is no tensor \(quoted(name)), only \(listed)", hint: hint)
    }
    guard tensor.shape.count == axes else {
      throw InterchangeError(message: "\(source): tensor \(quoted(name)) has shape \(tensor.shape), not \(axes) axes")
    }
    return tensor
  }

  /// The names, as far as a person reads on.
  private var listed: String {
    let limit = 20
    let shown = names.prefix(limit).map { quoted($0) }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }

  /// - Parameter note: what beside `other` asks for the shape, for the message.
  /// - throws: `InterchangeError` when `tensor` has not the shape that `other`'s asks for.
  func expect(_ tensor: NamedTensor, shape: [Int], from other: NamedTensor, note: String = "") throws {
    guard tensor.shape == shape else {
      throw InterchangeError(
        message: "\(source): tensor \(quoted(tensor.name)) has shape \(tensor.shape), "
          + "\(quoted(other.name)) of shape \(other.shape)\(note) asks for \(shape)")
    }
  }

  /// - throws: `InterchangeError` for the first tensor that is none of `expected`.
  func refuse(besides expected: Set<String>) throws {
    for name in names where !expected.contains(name) {
      throw InterchangeError(message: "\(source): tensor \(quoted(name)) has no place in the network", hint: hint)
    }
  }
}

extension NamedTensor {
  /// The same values under another name.
  func renamed(_ name: String) -> NamedTensor {
    NamedTensor(name: name, shape: shape, values: values)
  }

  /// The transpose of a matrix.
  ///
  /// - precondition: two axes.
  func transposed(named name: String) -> NamedTensor {
    let (rows, columns) = (shape[0], shape[1])
    var transposed: [Float] = []
    transposed.reserveCapacity(values.count)
    for column in 0..<columns {
      for row in 0..<rows { transposed.append(values[row * columns + column]) }
    }
    return NamedTensor(name: name, shape: [columns, rows], values: transposed)
  }
}
