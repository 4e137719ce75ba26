import Interchange
import Recurrent
import Testing

/// Networks of several layers and directions that are not whole.
struct TorchNamesRefusalTests {
  static let gru = NetworkShape(
    cell: .gru, inputSize: 2, hiddenSize: 4, outputSize: 3, numLayers: 3, isBidirectional: true)
  static let projected = NetworkShape(
    cell: .lstm, inputSize: 2, hiddenSize: 5, projectionSize: 3, outputSize: 1, numLayers: 2)

  private func message(_ tensors: [NamedTensor]) throws -> String {
    try refusal { _ = try TorchNames.import(tensors) }.message
  }

  private func torch(_ shape: NetworkShape) throws -> [NamedTensor] { try TorchNames.export(sampleNetwork(shape)) }

  private func tensor(_ name: String, _ shape: [Int]) -> NamedTensor {
    NamedTensor(name: name, shape: shape, values: [Float](repeating: 1, count: shape.reduce(1, *)))
  }

  private func with(_ tensor: NamedTensor, in tensors: [NamedTensor]) -> [NamedTensor] {
    tensors.map { $0.name == tensor.name ? tensor : $0 }
  }

  /// Any tensor but the output bias.
  @Test(arguments: [gru, projected])
  func noTensorMayBeMissing(_ shape: NetworkShape) throws {
    let torch = try torch(shape)
    for missing in torch.dropLast() where missing.name != "rnn.weight_ih_l0" && missing.name != "out.weight" {
      #expect(
        try message(torch.filter { $0.name != missing.name })
          .hasPrefix("weights: there is no tensor \"\(missing.name)\", only \"rnn.weight_ih_l0\", "))
    }
    let tensors = sampleNetwork(shape)
    for missing in tensors.dropLast() {
      let error = try refusal { _ = try TorchNames.export(tensors.filter { $0.name != missing.name }) }
      #expect(error.message.hasPrefix("weights: there is no tensor \"\(missing.name)\", only "))
    }
  }

  @Test(arguments: [gru, projected])
  func noTensorMayHaveAnotherShape(_ shape: NetworkShape) throws {
    for (tensors, convert) in [
      (try torch(shape), { try TorchNames.import($0) }), (sampleNetwork(shape), TorchNames.export),
    ] as [([NamedTensor], ([NamedTensor]) throws -> [NamedTensor])] {
      for tensor in tensors {
        for axis in tensor.shape.indices {
          let free = [("rnn.weight_ih_l0", 1), ("W_xh", 0), ("out.weight", 0), ("W_hq", 1)]
          // Inputs and outputs are for one tensor to decide, when nothing behind it asks for them.
          guard !free.contains(where: { $0 == (tensor.name, axis) }) else { continue }
          var other = tensor.shape
          other[axis] += 1
          let error = try refusal { _ = try convert(with(self.tensor(tensor.name, other), in: tensors)) }
          #expect(error.message.contains("has shape"), "\(tensor.name) \(other)")
        }
      }
    }
  }

  @Test func aLayerThatIsLeftOutIsNamed() throws {
    let torch = try torch(Self.gru).filter { !$0.name.contains("_l1") }
    #expect(try message(torch).hasPrefix("weights: there is no tensor \"rnn.weight_ih_l1\", only "))
    let ours = sampleNetwork(Self.gru).filter { !$0.name.contains("_l1") }
    #expect(
      try refusal { _ = try NetworkShape(of: ours, source: "a.npz") }.message
        .hasPrefix("a.npz: there is no tensor \"W_xh_l1\", only \"W_xh\", "))
    let (far, further) = ("rnn.weight_hh_l\(Int.max)", "rnn.weight_hh_l\(Int.max)0")
    #expect(
      try message(self.torch(Self.projected) + [tensor(far, [1, 1])])
        .hasPrefix("weights: there is no tensor \"rnn.weight_ih_l2\", only "))
    #expect(
      try message(self.torch(Self.projected) + [tensor(further, [1, 1])])
        == "weights: tensor \"\(further)\" has no place in the network")
  }

  @Test func aLongListOfNamesIsCut() throws {
    let torch = try torch(Self.gru).filter { $0.name != "rnn.bias_hh_l2" }
    let error = try refusal { _ = try TorchNames.import(torch) }
    #expect(error.message.hasSuffix(", \"rnn.bias_ih_l2\", \"rnn.weight_ih_l2_reverse\" and 5 more"))
    #expect(error.hint == "read is one torch.nn.RNN, LSTM or GRU with one torch.nn.Linear behind it")
  }

  @Test func aBackwardDirectionIsWhole() throws {
    let torch = try torch(NetworkShape(cell: .rnn, inputSize: 2, hiddenSize: 3, outputSize: 1, numLayers: 2))
    #expect(
      try message(torch + [tensor("rnn.weight_hh_l0_reverse", [3, 3])])
        .hasPrefix("weights: there is no tensor \"rnn.weight_ih_l0_reverse\", only "))
    let layer = [tensor("rnn.weight_ih_l0_reverse", [3, 2]), tensor("rnn.weight_hh_l0_reverse", [3, 3])]
    let biases = [tensor("rnn.bias_ih_l0_reverse", [3]), tensor("rnn.bias_hh_l0_reverse", [3])]
    // Now the second layer would see both directions.
    #expect(
      try message(torch + layer + biases)
        == "weights: tensor \"rnn.weight_ih_l1\" has shape [3, 3], \"rnn.weight_hh_l0\" of shape [3, 3] "
        + "in both directions asks for [3, 6]")
  }

  @Test func shapesThatAreNoCellsAreRefused() throws {
    let rnn = NetworkShape(cell: .rnn, inputSize: 2, hiddenSize: 3, outputSize: 1)
    #expect(
      try message(with(tensor("rnn.weight_hh_l0", [6, 3]), in: torch(rnn)))
        == "weights: tensor \"rnn.weight_hh_l0\" has shape [6, 3], and with 3 columns an RNN has 3 rows, a GRU 9, "
        + "an LSTM 12")
    #expect(
      try refusal { _ = try NetworkShape(of: with(tensor("W_hh", [3, 6]), in: sampleNetwork(rnn))) }.message
        == "weights: tensor \"W_hh\" has shape [3, 6], and with 3 rows an RNN has 3 columns, a GRU 9, an LSTM 12")
    #expect(
      try message(with(tensor("rnn.weight_hh_l0", [12, 3]), in: torch(rnn)))
        == "weights: tensor \"rnn.weight_ih_l0\" has shape [3, 2], \"rnn.weight_hh_l0\" of shape [12, 3] "
        + "asks for [12, 2]")
  }

  @Test func cellsMayNotBeMixed() throws {
    let gru = NetworkShape(cell: .gru, inputSize: 2, hiddenSize: 4, outputSize: 1, numLayers: 2)
    #expect(
      try message(with(tensor("rnn.weight_hh_l1", [16, 4]), in: torch(gru)))
        == "weights: tensor \"rnn.weight_hh_l1\" has shape [16, 4], \"rnn.weight_hh_l0\" of shape [12, 4] "
        + "asks for [12, 4]")
    #expect(
      try refusal { _ = try TorchNames.export(with(tensor("W_hh_l1", [4, 16]), in: sampleNetwork(gru))) }.message
        == "weights: tensor \"W_hh_l1\" has shape [4, 16], \"W_hh\" of shape [4, 12] asks for [4, 12]")
    let lstm = NetworkShape(cell: .lstm, inputSize: 2, hiddenSize: 4, outputSize: 1)
    #expect(
      try refusal { _ = try TorchNames.export(sampleNetwork(lstm) + [tensor("b_xn", [4])]) }.message
        == "weights: tensor \"b_xn\" has no place in the network")
  }

  @Test func aProjectionIsAnLSTMs() throws {
    let rnn = try torch(NetworkShape(cell: .rnn, inputSize: 2, hiddenSize: 3, outputSize: 1))
    #expect(
      try message(rnn + [tensor("rnn.weight_hr_l0", [3, 5])])
        == "weights: tensor \"rnn.weight_ih_l0\" has shape [3, 2], \"rnn.weight_hr_l0\" of shape [3, 5] "
        + "asks for [20, 2]")
    let error = try refusal { _ = try TorchNames.import(rnn + [tensor("rnn.weight_hr_l0", [3, 3])]) }
    #expect(
      error.message
        == "weights: tensor \"rnn.weight_hr_l0\" has shape [3, 3], which projects 3 hidden units to 3")
    #expect(error.hint == "torch.nn.LSTM's proj_size is smaller than its hidden_size")
    // Without its projection an LSTM's states are too narrow for its gates.
    #expect(
      try message(torch(Self.projected).filter { !$0.name.contains("weight_hr") })
        == "weights: tensor \"rnn.weight_hh_l0\" has shape [20, 3], and with 3 columns an RNN has 3 rows, a GRU 9, "
        + "an LSTM 12")
    #expect(
      try message(rnn + [tensor("rnn.weight_hr_l1", [3, 3])])
        .hasPrefix("weights: there is no tensor \"rnn.weight_hr_l0\", only "))
  }
}
