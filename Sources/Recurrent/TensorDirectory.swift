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

  /// The tensors of a network: those of each layer and direction, then the output layer's.
  ///
  /// With G gates side by side along the columns: `W_xh` [inputs, G·H], `W_hh` [P, G·H], `b_h` [G·H], an LSTM's `W_hr`
  /// [H, P] if it has a projection. A GRU's `b_h` [2H] is that of r and z; its candidate n keeps `b_xn` [H] and `b_hn`
  /// [H] apart, as the reset gate acts between them. Then `W_hq` [D·P, O] and `b_q` [O].
  public init(_ configuration: NetworkConfiguration) {
    let (H, P, G) = (configuration.hiddenSize, configuration.stateSize, configuration.cell.gateCount)
    for place in configuration.places {
      let suffix = place.suffix
      append("W_xh" + suffix, [configuration.inputSize(ofLayer: place.layer), G * H])
      append("W_hh" + suffix, [P, G * H])
      if configuration.hasBias { appendBiases(configuration, suffix) }
      if configuration.projectionSize > 0 { append("W_hr" + suffix, [H, P]) }
    }
    append("W_hq", [configuration.directionCount * P, configuration.outputSize])
    if configuration.hasOutputBias {
      append("b_q", [configuration.outputSize])
    }
  }

  private mutating func appendBiases(_ configuration: NetworkConfiguration, _ suffix: String) {
    let (H, G) = (configuration.hiddenSize, configuration.cell.gateCount)
    let multiplicity = configuration.biases == .two ? 2 : 1
    guard configuration.cell == .gru else {
      append("b_h" + suffix, [G * H], multiplicity: multiplicity)
      return
    }
    append("b_h" + suffix, [2 * H], multiplicity: multiplicity)
    append("b_xn" + suffix, [H])
    append("b_hn" + suffix, [H])
  }

  /// The states that a network carries from window to window: `H` [B, P] of each layer and direction, and an LSTM's
  /// `C` [B, H] behind it.
  public init(statesOf configuration: NetworkConfiguration, batchSize B: Int) {
    for place in configuration.places {
      append("H" + place.suffix, [B, configuration.stateSize])
      if configuration.cell == .lstm { append("C" + place.suffix, [B, configuration.hiddenSize]) }
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
  public func check(_ tensors: [NamedTensor]) throws(RecurrentError) -> [NamedTensor] {
    for tensor in tensors where entry(tensor.name) == nil {
      throw RecurrentError(
        "cannot load the tensor \"\(tensor.name)\" \(tensor.shape): this network has \(described)",
        hint: "give the options that the weights were trained with, such as --cell, --num-layers and --no-bias")
    }
    var found: [NamedTensor] = []
    for entry in entries { found.append(try source(of: entry, in: tensors)) }
    return found
  }

  private func source(of entry: Entry, in tensors: [NamedTensor]) throws(RecurrentError) -> NamedTensor {
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
