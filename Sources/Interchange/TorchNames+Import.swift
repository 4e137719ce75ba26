import Recurrent

extension TorchNames {
  private static let hint = "read is one torch.nn.RNN, LSTM or GRU with one torch.nn.Linear behind it"

  /// Keepstep's tensors for PyTorch's, whatever prefix the names have.
  ///
  /// The output layer is the one other `*.weight` with two axes, whatever its name (`out`, `fc`, `linear`, `head`),
  /// with its `*.bias`. The two biases of a gate are added in float32, but for a GRU's n.
  ///
  /// - Parameter tensors: all of a network, in any order.
  /// - Parameter source: the file they were read from, for messages.
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others: other
  ///   cells, several modules of recurrent layers, two output layers.
  public static func `import`(_ tensors: [NamedTensor], source: String = "weights") throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: source, hint: hint)
    let prefix = try recurrentPrefix(pool)
    let output = try outputWeights(pool).dropLast("weight".count)
    let torch = TensorNaming.torch(prefix: prefix, output: String(output))
    let result = try convert(pool, from: torch, to: .keepstep) { biases, network in
      let sums = zip(biases[0], biases[1]).map { $0 + $1 }
      guard network.cell == .gru else { return [sums] }
      let candidate = 2 * network.hiddenSize
      return [Array(sums[..<candidate]), Array(biases[0][candidate...]), Array(biases[1][candidate...])]
    }
    return try result.map {
      try TensorCheck.canonical(name: $0.name, shape: $0.shape, values: $0.values, source: source)
    }
  }

  /// What stands before `weight_ih_l0`: `rnn.`, `model.encoder.` or nothing.
  private static func recurrentPrefix(_ pool: TensorPool) throws -> String {
    let inputs = pool.names.filter { lastComponent($0) == "weight_ih_l0" }
    guard let name = inputs.first else {
      throw InterchangeError(message: "\(pool.source): there is no tensor weight_ih_l0 with any prefix", hint: hint)
    }
    guard inputs.count == 1 else {
      throw InterchangeError(
        message: "\(pool.source): there are \(inputs.count) recurrent layers, "
          + inputs.map { quoted($0) }.joined(separator: " and "),
        hint: hint)
    }
    return String(name.dropLast("weight_ih_l0".count))
  }

  /// The name of the one matrix that is not the recurrent layer's.
  private static func outputWeights(_ pool: TensorPool) throws -> String {
    let candidates = pool.names.filter { lastComponent($0) == "weight" && pool[$0]?.shape.count == 2 }
    guard let name = candidates.first else {
      throw InterchangeError(
        message: "\(pool.source): there is no output layer, a tensor *.weight with two axes", hint: hint)
    }
    guard candidates.count == 1 else {
      throw InterchangeError(
        message: "\(pool.source): several tensors could be the output layer's: "
          + candidates.map { quoted($0) }.joined(separator: ", "),
        hint: hint)
    }
    return name
  }
}
