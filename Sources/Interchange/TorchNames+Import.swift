import Recurrent

extension TorchNames {
  private static let hint = "read is a torch.nn.RNN of one layer and one direction with one torch.nn.Linear behind it"

  /// Keepstep's tensors for PyTorch's, whatever prefix the names have.
  ///
  /// The output layer is the one other `*.weight` with two axes, whatever its name (`out`, `fc`, `linear`, `head`),
  /// with its `*.bias`. The hidden layer's two biases are added in float32.
  ///
  /// - Parameter source: the file they were read from, for messages.
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others: other
  ///   cells, layers above the first, a backward direction, two output layers.
  public static func `import`(_ tensors: [NamedTensor], source: String = "weights") throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: source)
    let prefix = try recurrentPrefix(pool)
    let inputName = prefix + "weight_ih_l0"
    let outputName = try outputWeights(pool, besides: prefix)
    let outputBiasName = String(outputName.dropLast("weight".count)) + "bias"
    let biasNames = [prefix + "bias_ih_l0", prefix + "bias_hh_l0"]
    try pool.refuse(besides: [inputName, prefix + "weight_hh_l0", outputName, outputBiasName] + biasNames, hint: hint)

    let input = try pool.tensor(inputName, axes: 2)
    let hidden = try pool.tensor(prefix + "weight_hh_l0", axes: 2)
    let (rows, size) = (hidden.shape[0], hidden.shape[1])
    guard rows == size else {
      let cell = [3: " as a GRU has", 4: " as an LSTM has"][rows / size] ?? ""
      throw InterchangeError(
        message: "\(source): tensor \(quoted(hidden.name)) has shape \(hidden.shape)\(cell), a plain RNN's is square",
        hint: hint)
    }
    try pool.expect(input, shape: [size, input.shape[1]], from: hidden)
    let output = try pool.tensor(outputName, axes: 2)
    try pool.expect(output, shape: [output.shape[0], size], from: hidden)

    var result = [input.transposed(named: "W_xh"), hidden.transposed(named: "W_hh")]
    if let sum = try biasSum(pool, biasNames, hidden) { result.append(sum) }
    result.append(output.transposed(named: "W_hq"))
    if let bias = pool[outputBiasName] {
      try pool.expect(bias, shape: [output.shape[0]], from: output)
      result.append(bias.renamed("b_q"))
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
  private static func outputWeights(_ pool: TensorPool, besides prefix: String) throws -> String {
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

  private static func biasSum(_ pool: TensorPool, _ names: [String], _ hidden: NamedTensor) throws -> NamedTensor? {
    let biases = names.compactMap { pool[$0] }
    guard !biases.isEmpty else { return nil }
    let (first, second) = (try pool.tensor(names[0], axes: 1), try pool.tensor(names[1], axes: 1))
    for bias in biases { try pool.expect(bias, shape: [hidden.shape[0]], from: hidden) }
    return NamedTensor(name: "b_h", shape: first.shape, values: zip(first.values, second.values).map { $0 + $1 })
  }
}
