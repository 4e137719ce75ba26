import Interchange
import Recurrent
import Testing

struct MLXNamesTests {
  private static let shapes = sampleShapes.filter { $0.projectionSize == 0 }

  @Test(arguments: shapes)
  func whatIsExportedComesBackToTheBit(_ shape: NetworkShape) throws {
    let own = sampleNetwork(shape)
    let exported = try MLXNames.export(own.shuffled())
    #expect(MLXNames.isMLX(exported) && !MLXNames.isMLX(own))
    let torch = try TorchNames.export(own)
    #expect(!TorchNames.isTorch(exported) && !MLXNames.isMLX(torch))
    #expect(try MLXNames.import(exported) == own)
    #expect(Set(try MLXNames.import(exported.reversed())) == Set(own))
  }

  /// Names and shapes of MLX's modules with I 2, H 5, O 3, written down apart from the library's.
  @Test(arguments: [
    (
      NetworkShape.Cell.rnn,
      "layers.0.Wxh 5 2, layers.0.Whh 5 5, layers.0.bias 5, reverse_layers.0.Wxh 5 2, reverse_layers.0.Whh 5 5,"
        + " reverse_layers.0.bias 5, layers.1.Wxh 5 10, layers.1.Whh 5 5, layers.1.bias 5, reverse_layers.1.Wxh 5 10,"
        + " reverse_layers.1.Whh 5 5, reverse_layers.1.bias 5, out.weight 3 10, out.bias 3"
    ),
    (
      .lstm,
      "layers.0.Wx 20 2, layers.0.Wh 20 5, layers.0.bias 20, reverse_layers.0.Wx 20 2, reverse_layers.0.Wh 20 5,"
        + " reverse_layers.0.bias 20, layers.1.Wx 20 10, layers.1.Wh 20 5, layers.1.bias 20,"
        + " reverse_layers.1.Wx 20 10, reverse_layers.1.Wh 20 5, reverse_layers.1.bias 20, out.weight 3 10, out.bias 3"
    ),
    (
      .gru,
      "layers.0.Wx 15 2, layers.0.Wh 15 5, layers.0.b 15, layers.0.bhn 5, reverse_layers.0.Wx 15 2,"
        + " reverse_layers.0.Wh 15 5, reverse_layers.0.b 15, reverse_layers.0.bhn 5, layers.1.Wx 15 10,"
        + " layers.1.Wh 15 5, layers.1.b 15, layers.1.bhn 5, reverse_layers.1.Wx 15 10, reverse_layers.1.Wh 15 5,"
        + " reverse_layers.1.b 15, reverse_layers.1.bhn 5, out.weight 3 10, out.bias 3"
    ),
  ])
  func namesAndShapesAreMLXs(_ cell: NetworkShape.Cell, _ expected: String) throws {
    let shape = NetworkShape(
      cell: cell, inputSize: 2, hiddenSize: 5, outputSize: 3, numLayers: 2, isBidirectional: true)
    let tensors = try MLXNames.export(sampleNetwork(shape))
    let found = tensors.map { ([$0.name] + $0.shape.map { "\($0)" }).joined(separator: " ") }
    #expect(found.joined(separator: ", ") == expected)
  }

  @Test func aGRUsBiasesStandWhereItsEquationsHaveThem() throws {
    let weights = [
      NamedTensor(name: "W_xh", shape: [1, 3], values: [1, 2, 3]),
      NamedTensor(name: "W_hh", shape: [1, 3], values: [4, 5, 6]),
      NamedTensor(name: "b_h", shape: [2], values: [7, 8]), NamedTensor(name: "b_xn", shape: [1], values: [9]),
      NamedTensor(name: "b_hn", shape: [1], values: [10]), NamedTensor(name: "W_hq", shape: [1, 1], values: [11]),
    ]
    let tensors = try MLXNames.export(weights)
    #expect(tensors.first { $0.name == "layers.0.b" }?.values == [7, 8, 9])
    #expect(tensors.first { $0.name == "layers.0.bhn" }?.values == [10])
  }

  @Test func aProjectionIsRefused() throws {
    let shape = NetworkShape(cell: .lstm, inputSize: 2, hiddenSize: 5, projectionSize: 2, outputSize: 3)
    let error = try refusal { _ = try MLXNames.export(sampleNetwork(shape)) }
    #expect(
      error.message == "weights: MLX's LSTM has no projection, and this one projects 5 hidden units to 2")
    #expect(error.hint == "--names keepstep and --names torch have one")
  }

  @Test(arguments: [
    ("layers.0.Wx", "layers.00.Wx", "tensor \"layers.00.Wx\" has no place in the network"),
    ("layers.0.Wx", "layers.1.Wx", "there is no tensor \"W_xh\""),
    ("layers.0.b", "layers.0.bias", "has shape [15]"), ("out.weight", "fc.weight", "tensor \"fc.weight\" has no place"),
  ])
  func otherNamesAreRefused(_ name: String, _ other: String, _ message: String) throws {
    let shape = NetworkShape(cell: .gru, inputSize: 2, hiddenSize: 5, outputSize: 3)
    let tensors = try MLXNames.export(sampleNetwork(shape)).map { tensor in
      NamedTensor(name: tensor.name == name ? other : tensor.name, shape: tensor.shape, values: tensor.values)
    }
    let error = try refusal { _ = try MLXNames.import(tensors, source: "w.npz") }
    #expect(error.message.hasPrefix("w.npz: ") && error.message.contains(message), "\(error.message)")
  }

  @Test func aBiasThatIsNoThreeGatesIsRefused() throws {
    let error = try refusal {
      _ = try MLXNames.import([NamedTensor(name: "layers.0.b", shape: [4], values: [1, 2, 3, 4])], source: "w")
    }
    #expect(error.message == "w: tensor \"layers.0.b\" has 4 values, and a GRU has three gates")
  }
}
