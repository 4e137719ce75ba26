import Foundation
import Interchange
import Recurrent
import Testing

/// Every cell, layers above the first, both directions.
struct TorchNamesCellsTests {
  @Test(arguments: sampleShapes)
  func roundTripIsExact(_ shape: NetworkShape) throws {
    let tensors = sampleNetwork(shape)
    let torch = try TorchNames.export(tensors)
    let read = try TorchNames.import(torch.reversed())
    #expect(read == tensors)
    #expect(bits(read) == bits(tensors))
    #expect(TorchNames.isTorch(torch))
  }

  @Test func torchOrderAndShapes() throws {
    let shape = NetworkShape(
      cell: .lstm, inputSize: 2, hiddenSize: 5, projectionSize: 3, outputSize: 1, numLayers: 2, isBidirectional: true)
    func layer(_ suffix: String, inputs: Int) -> [String] {
      [
        "rnn.weight_ih\(suffix) [20, \(inputs)]", "rnn.weight_hh\(suffix) [20, 3]", "rnn.bias_ih\(suffix) [20]",
        "rnn.bias_hh\(suffix) [20]", "rnn.weight_hr\(suffix) [3, 5]",
      ]
    }
    let expected =
      layer("_l0", inputs: 2) + layer("_l0_reverse", inputs: 2) + layer("_l1", inputs: 6)
      + layer("_l1_reverse", inputs: 6) + ["out.weight [1, 6]", "out.bias [1]"]
    #expect(try TorchNames.export(sampleNetwork(shape)).map { "\($0.name) \($0.shape)" } == expected)
  }

  @Test func aGRUKeepsTheTwoBiasesOfItsCandidate() throws {
    var tensors = sampleNetwork(NetworkShape(cell: .gru, inputSize: 1, hiddenSize: 2, outputSize: 1))
    #expect(tensors.map(\.name) == ["W_xh", "W_hh", "b_h", "b_xn", "b_hn", "W_hq", "b_q"])
    tensors[2].values = [1, 2, -.leastNonzeroMagnitude, 0.25]
    tensors[3].values = [5, 6]
    tensors[4].values = [7, 8]
    let torch = try TorchNames.export(tensors)
    #expect(torch[2] == NamedTensor(name: "rnn.bias_ih_l0", shape: [6], values: [0.5, 1, 0, 0.125, 5, 6]))
    let rest: [Float] = [0.5, 1, -.leastNonzeroMagnitude, 0.125, 7, 8]
    #expect(torch[3] == NamedTensor(name: "rnn.bias_hh_l0", shape: [6], values: rest))

    // The sum of the candidate's biases is not asked for, and need not be finite.
    var huge = torch
    for index in 2...3 { huge[index].values[5] = .greatestFiniteMagnitude }
    #expect(try TorchNames.import(huge)[4].values == [7, .greatestFiniteMagnitude])
    huge[2].values[3] = .greatestFiniteMagnitude
    huge[3].values[3] = .greatestFiniteMagnitude
    #expect(
      try refusal { _ = try TorchNames.import(huge) }.message
        == "weights: tensor \"b_h\", index [3]: inf is not a finite float32")
  }

  @Test func gatesStayInTheirOrder() throws {
    let tensors = [
      NamedTensor(name: "W_xh", shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8]),
      NamedTensor(name: "W_hh", shape: [1, 4], values: [9, 10, 11, 12]),
      NamedTensor(name: "W_hq", shape: [1, 1], values: [13]),
    ]
    let torch = try TorchNames.export(tensors)
    #expect(torch[0] == NamedTensor(name: "rnn.weight_ih_l0", shape: [4, 2], values: [1, 5, 2, 6, 3, 7, 4, 8]))
    #expect(torch[1] == NamedTensor(name: "rnn.weight_hh_l0", shape: [4, 1], values: [9, 10, 11, 12]))
  }

  /// Made by torch and safetensors, with Keepstep's tensors beside them; see Fixtures/generate.py.
  @Test(arguments: [
    (
      "gru_bidirectional_2_layers",
      NetworkShape(cell: .gru, inputSize: 3, hiddenSize: 4, outputSize: 2, numLayers: 2, isBidirectional: true)
    ),
    (
      "lstm_projected_2_layers",
      NetworkShape(cell: .lstm, inputSize: 3, hiddenSize: 5, projectionSize: 2, outputSize: 3, numLayers: 2)
    ),
    (
      "lstm_bidirectional", NetworkShape(cell: .lstm, inputSize: 2, hiddenSize: 3, outputSize: 2, isBidirectional: true)
    ),
    (
      "rnn_relu_3_layers_without_bias",
      NetworkShape(
        cell: .rnn, inputSize: 2, hiddenSize: 3, outputSize: 1, numLayers: 3, hasBias: false, hasOutputBias: false)
    ),
  ])
  func filesOfTorchItselfAreRead(_ name: String, _ shape: NetworkShape) throws {
    func read(_ names: String) throws -> [NamedTensor] {
      let file = try #require(Bundle.module.url(forResource: "Fixtures/\(name).\(names)", withExtension: "safetensors"))
      return try WeightFile.read(path: file.path)
    }
    let torch = try read("torch")
    let tensors = try TorchNames.import(torch)
    #expect(tensors.map(\.name) == sampleNetwork(shape).map(\.name))
    #expect(try NetworkShape(of: tensors) == shape)
    // The file's order is its writer's.
    let expected = try read("keepstep").sorted { $0.name < $1.name }
    #expect(tensors.sorted { $0.name < $1.name } == expected)

    let exported = try TorchNames.export(tensors)
    let values = Dictionary(uniqueKeysWithValues: torch.map { (plain($0.name), $0) })
    #expect(Set(exported.map { plain($0.name) }) == Set(values.keys))
    for tensor in exported where tensor.name.contains("weight") {
      let original = try #require(values[plain(tensor.name)])
      #expect(tensor.shape == original.shape)
      #expect(bits([tensor]) == bits([original]))
    }
    #expect(bits(try TorchNames.import(exported)) == bits(tensors))
  }

  /// A name without the modules around it: `weight_ih_l0`, or the output layer's `out.weight`.
  private func plain(_ name: String) -> String {
    let last = name.split(separator: ".").last ?? ""
    return last.contains("_") ? String(last) : "out." + last
  }
}
