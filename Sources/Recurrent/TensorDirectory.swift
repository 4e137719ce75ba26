/// Where each named tensor stands in a flat buffer.
///
/// All parameters of a network lie in one buffer, and so do their gradients and each of the optimizer's moments, so
/// that an update, a norm or a checkpoint is one loop over this directory.
public struct TensorDirectory: Sendable, Hashable {
  /// One tensor's place.
  public struct Entry: Sendable, Hashable {
    /// The textbook's name, `W_hh`.
    public let name: String
    /// For example [H, H].
    public let shape: [Int]
    /// The first float's index in the buffer, a multiple of 16.
    public let offset: Int
    /// The product of `shape`.
    public let count: Int
    /// 2 for a bias that stands for PyTorch's two: how often its gradient counts and its update is applied.
    public let multiplicity: Int
  }

  /// In the order of the flat buffer.
  public private(set) var entries: [Entry] = []
  /// Floats of the flat buffer, the gaps between the tensors included.
  public private(set) var count = 0

  /// The tensors of a network.
  public init(_ configuration: NetworkConfiguration) {
    let (I, H, O) = (configuration.inputSize, configuration.hiddenSize, configuration.outputSize)
    append("W_xh", [I, H])
    append("W_hh", [H, H])
    if configuration.hasBias {
      append("b_h", [H], multiplicity: configuration.biases == .two ? 2 : 1)
    }
    append("W_hq", [H, O])
    if configuration.hasOutputBias {
      append("b_q", [O])
    }
  }

  /// The place of the tensor called `name`.
  public func entry(_ name: String) -> Entry? {
    entries.first { $0.name == name }
  }

  private mutating func append(_ name: String, _ shape: [Int], multiplicity: Int = 1) {
    let size = shape.reduce(1, *)
    entries.append(Entry(name: name, shape: shape, offset: count, count: size, multiplicity: multiplicity))
    count += (size + 15) / 16 * 16
  }
}

extension TensorDirectory {
  /// Copies the tensors out of a flat buffer.
  public func tensors(in buffer: FloatBuffer) -> [NamedTensor] {
    entries.map { entry in
      let values = UnsafeBufferPointer(start: buffer.pointer + entry.offset, count: entry.count)
      return NamedTensor(name: entry.name, shape: entry.shape, values: Array(values))
    }
  }

  /// Copies tensors into a flat buffer; minus zeros become zeros.
  ///
  /// - Throws: `RecurrentError` as `check` does; then the buffer is as it was.
  public func load(_ tensors: [NamedTensor], into buffer: FloatBuffer) throws {
    for (entry, source) in zip(entries, try check(tensors)) {
      for index in 0..<entry.count {
        buffer.pointer[entry.offset + index] = source.values[index] + 0
      }
    }
  }

  /// The tensors in the directory's order, when they are just what it asks for.
  ///
  /// - Throws: `RecurrentError` when a tensor is missing, unknown, twice there, of another shape, or not finite.
  @discardableResult
  public func check(_ tensors: [NamedTensor]) throws -> [NamedTensor] {
    for tensor in tensors where entry(tensor.name) == nil {
      throw RecurrentError(
        "cannot load the tensor \"\(tensor.name)\" \(tensor.shape): this network has \(described)",
        hint: "give the options that the weights were trained with, such as --hidden-size and --no-bias")
    }
    return try entries.map { try source(of: $0, in: tensors) }
  }

  private func source(of entry: Entry, in tensors: [NamedTensor]) throws -> NamedTensor {
    let found = tensors.filter { $0.name == entry.name }
    guard let tensor = found.first, found.count == 1 else {
      throw RecurrentError(
        "cannot load \"\(entry.name)\" \(entry.shape): the weights are \(tensors.map(\.name)), with "
          + (found.isEmpty ? "none of that name" : "\(found.count) of that name"),
        hint: "give the options that the weights were trained with, such as --no-bias")
    }
    guard tensor.shape == entry.shape, tensor.values.count == entry.count else {
      throw RecurrentError(
        "cannot load \"\(entry.name)\": its shape is \(tensor.shape) with \(tensor.values.count) values, and this "
          + "network's is \(entry.shape)",
        hint: "give the sizes that the weights were trained with, such as --hidden-size")
    }
    if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
      throw RecurrentError(
        "cannot load \"\(entry.name)\": value \(index) is \(tensor.values[index]), not a finite number")
    }
    return tensor
  }

  private var described: String {
    entries.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
  }
}
