import Foundation
import Interchange
import Recurrent
import Testing

struct TorchNamesTests {
  /// I = 2, H = 3, O = 2; the biases are such that their halves round.
  static let network = [
    NamedTensor(name: "W_xh", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    NamedTensor(name: "W_hh", shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    NamedTensor(name: "b_h", shape: [3], values: [0.1, -.leastNonzeroMagnitude, -.greatestFiniteMagnitude]),
    NamedTensor(name: "W_hq", shape: [3, 2], values: [1, 2, 3, 4, 5, 6]),
    NamedTensor(name: "b_q", shape: [2], values: [7, -8]),
  ]

  private func message(_ tensors: [NamedTensor]) throws -> String {
    try refusal { _ = try TorchNames.import(tensors) }.message
  }

  @Test func exportTransposesAndHalves() throws {
    let tensors = try TorchNames.export(Self.network)
    #expect(
      tensors.map(\.name) == [
        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "out.weight", "out.bias",
      ])
    #expect(tensors[0] == NamedTensor(name: "rnn.weight_ih_l0", shape: [3, 2], values: [1, 4, 2, 5, 3, 6]))
    #expect(tensors[1].values == [1, 4, 7, 2, 5, 8, 3, 6, 9])
    #expect(tensors[2].values == [0.05, 0, -0x1.FFFFFEp126])
    #expect(zip(tensors[2].values, tensors[3].values).map { $0 + $1 } == Self.network[2].values)
    #expect(tensors[4] == NamedTensor(name: "out.weight", shape: [2, 3], values: [1, 3, 5, 2, 4, 6]))
    #expect(tensors[5].values == [7, -8])
  }

  @Test func halvesAddUpBitForBit() throws {
    var random = SplitMix64(state: 11)
    for _ in 0..<100 {
      let bias = (0..<100).map { _ -> Float in
        let value = Float(bitPattern: UInt32.random(in: 0...(.max), using: &random))
        return value.isFinite && value != 0 ? value : 1
      }
      let network = [
        NamedTensor(name: "W_xh", shape: [1, 100], values: bias),
        NamedTensor(name: "W_hh", shape: [100, 100], values: [Float](repeating: 1, count: 10_000)),
        NamedTensor(name: "b_h", shape: [100], values: bias),
        NamedTensor(name: "W_hq", shape: [100, 1], values: bias),
      ]
      let read = try TorchNames.import(try TorchNames.export(network))
      #expect(bits(read) == bits(network))
    }
  }

  @Test func roundTripWithAndWithoutBiases() throws {
    for missing in [[], ["b_h"], ["b_q"], ["b_h", "b_q"]] {
      let tensors = Self.network.filter { !missing.contains($0.name) }
      let torch = try TorchNames.export(tensors)
      #expect(torch.count == 6 - (missing.contains("b_h") ? 2 : 0) - (missing.contains("b_q") ? 1 : 0))
      #expect(TorchNames.isTorch(torch))
      #expect(!TorchNames.isTorch(tensors))
      #expect(try TorchNames.import(torch) == tensors)
      #expect(bits(try TorchNames.import(torch)) == bits(tensors))
    }
  }

  @Test(arguments: [
    ("", "out."), ("rnn.", "fc."), ("model.encoder.", "model.decoder.linear."), ("module.rnn.", "head."),
  ])
  func anyPrefixIsRead(_ recurrent: String, _ output: String) throws {
    let torch = try TorchNames.export(Self.network).map { tensor in
      let name =
        tensor.name.hasPrefix("rnn.") ? recurrent + tensor.name.dropFirst(4) : output + tensor.name.dropFirst(4)
      return NamedTensor(name: name, shape: tensor.shape, values: tensor.values)
    }
    #expect(TorchNames.isTorch(torch))
    #expect(try TorchNames.import(torch.reversed()) == Self.network)
  }

  @Test func minusZeroBecomesZero() throws {
    var torch = try TorchNames.export(Self.network)
    torch[2].values = [-0.0, 1, -1]
    torch[3].values = [-0.0, -1, 2]
    #expect(bits(try TorchNames.import(torch))[2] == [0, 0, Float(1).bitPattern])
  }

  /// Made by torch and safetensors, see Fixtures/generate.py for the values.
  @Test func aFileOfTorchItselfIsRead() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/torch_rnn", withExtension: "safetensors"))
    func value(_ tensor: Int, _ index: Int) -> Float { Float(((tensor + 1) * 37 + index * 11) % 64) / 32 - 1 }
    func transposed(_ tensor: Int, rows: Int, columns: Int) -> [Float] {
      (0..<columns).flatMap { column in (0..<rows).map { value(tensor, $0 * columns + column) } }
    }
    let tensors = try TorchNames.import(try WeightFile.read(path: url.path))
    #expect(
      tensors == [
        NamedTensor(name: "W_xh", shape: [3, 4], values: transposed(0, rows: 4, columns: 3)),
        NamedTensor(name: "W_hh", shape: [4, 4], values: transposed(1, rows: 4, columns: 4)),
        NamedTensor(name: "b_h", shape: [4], values: (0..<4).map { value(2, $0) + value(3, $0) }),
        NamedTensor(name: "W_hq", shape: [4, 2], values: transposed(4, rows: 2, columns: 4)),
        NamedTensor(name: "b_q", shape: [2], values: (0..<2).map { value(5, $0) }),
      ])
    #expect(try Safetensors.decode(try Data(contentsOf: url), source: "f").metadata == ["format": "pt"])
  }

  @Test func whatIsNotOneNetworkIsRefused() throws {
    let torch = try TorchNames.export(Self.network)
    func with(_ name: String, _ shape: [Int]) -> [NamedTensor] {
      torch + [NamedTensor(name: name, shape: shape, values: [Float](repeating: 1, count: shape.reduce(1, *)))]
    }
    for name in ["norm.weight", "rnn.weight_ih_l01", "rnn.weight_ih_x1", "rnn.weight_ih", "rnn.b_h", "weight_hh_l1"] {
      #expect(try message(with(name, [3])) == "weights: tensor \"\(name)\" has no place in the network")
    }
    #expect(
      try message(with("fc.weight", [2, 3]))
        == "weights: several tensors could be the output layer's: \"out.weight\", \"fc.weight\"")
    #expect(
      try message(with("b.weight_ih_l0", [3, 2]))
        == "weights: there are 2 recurrent layers, \"rnn.weight_ih_l0\" and \"b.weight_ih_l0\"")
    #expect(try message(with("out.bias", [2])) == "weights: there are two tensors of the name \"out.bias\"")
    #expect(try message(Self.network) == "weights: there is no tensor weight_ih_l0 with any prefix")
  }

  @Test func missingAndMisshapenTensorsAreRefused() throws {
    let torch = try TorchNames.export(Self.network)
    func without(_ index: Int) throws -> String {
      try message(torch.enumerated().filter { $0.offset != index }.map(\.element))
    }
    #expect(try without(0) == "weights: there is no tensor weight_ih_l0 with any prefix")
    #expect(try without(1).hasPrefix("weights: there is no tensor \"rnn.weight_hh_l0\", only "))
    #expect(try without(2).hasPrefix("weights: there is no tensor \"rnn.bias_ih_l0\", only "))
    #expect(try without(3).hasPrefix("weights: there is no tensor \"rnn.bias_hh_l0\", only "))
    #expect(try without(4) == "weights: there is no output layer, a tensor *.weight with two axes")
    for index in torch.indices {
      var other = torch
      other[index].shape[0] += 1
      other[index].values += [Float](repeating: 1, count: other[index].shape.dropFirst().reduce(1, *))
      #expect(try message(other).contains("has shape"), "\(torch[index].name)")
    }
    var infinite = torch
    infinite[2].values[2] = -.greatestFiniteMagnitude
    #expect(
      try refusal { _ = try TorchNames.import(Self.network, source: "a.npz") }.message.hasPrefix("a.npz: there is"))
    #expect(try message(infinite) == "weights: tensor \"b_h\", index [2]: -inf is not a finite float32")
  }

  @Test func exportRefusesWhatIsNotANetwork() throws {
    func message(_ tensors: [NamedTensor]) throws -> String {
      try refusal { _ = try TorchNames.export(tensors) }.message
    }
    let unknown = NamedTensor(name: "W_xh_l01", shape: [1], values: [1])
    #expect(try message(Self.network + [unknown]) == "weights: tensor \"W_xh_l01\" has no place in the network")
    #expect(
      try message(Array(Self.network.dropFirst())).hasPrefix("weights: there is no tensor \"W_xh\", only \"W_hh\""))
    var flat = Self.network
    flat[0].shape = [6]
    #expect(try message(flat) == "weights: tensor \"W_xh\" has shape [6], not 2 axes")
    var turned = Self.network
    turned[0].shape = [3, 2]
    #expect(
      try message(turned)
        == "weights: tensor \"W_xh\" has shape [3, 2], \"W_hh\" of shape [3, 3] asks for [3, 3]")
  }
}
