import Foundation
import Interchange
import Recurrent
import Testing

struct ONNXTests {
  static let golden = [
    "gru_bidirectional_2_layers", "lstm_projected_2_layers", "lstm_bidirectional", "rnn_relu_3_layers_without_bias",
  ]

  /// Made by onnx.helper from PyTorch's tensors, and run by onnxruntime; see Fixtures/generate_onnx.py.
  @Test(arguments: golden)
  func theBytesAreThoseOfOnnxHelper(_ name: String) throws {
    let weights = try WeightFile.read(path: try fixture(name + ".keepstep", "safetensors"))
    var options = ONNXOptions(nonlinearity: name.contains("relu") ? .relu : .tanh)
    if name.hasPrefix("gru") {
      options.isBatchFirst = true
      options.inputScaling = ONNXOptions.Scaling(offsets: [1.5, -2, 1e6], scales: [0.1, 3, 1000])
      options.outputScaling = ONNXOptions.Scaling(offsets: [10, -0.3], scales: [7, 1e-3])
    }
    let metadata = ["step": "300", "digest": "00ff", "inputs": #"["a", "größe", "c"]"#]
    let data = try ONNX.encode(weights.shuffled(), options: options, metadata: metadata)
    #expect(data == (try Data(contentsOf: URL(fileURLWithPath: try fixture(name, "onnx")))))
  }

  private func fixture(_ name: String, _ ending: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: ending)).path
  }

  @Test(arguments: sampleShapes, [false, true])
  func everyGraphIsWhole(_ shape: NetworkShape, _ isBatchFirst: Bool) throws {
    let options = ONNXOptions(isBatchFirst: isBatchFirst)
    let file = try ONNXFile(ONNX.encode(sampleNetwork(shape), options: options, metadata: [:]))
    #expect(file.version == 7 && file.opset == 13 && file.metadata.isEmpty)
    try expectWhole(file.graph, outer: [])

    let places = "\(shape.numLayers * (shape.isBidirectional ? 2 : 1))"
    let p = "\(shape.projectionSize == 0 ? shape.hiddenSize : shape.projectionSize)"
    let row = isBatchFirst ? ["batch", "time"] : ["time", "batch"]
    var inputs = [
      ONNXFile.Value(name: "x", axes: row + ["2"]), ONNXFile.Value(name: "h_0", axes: [places, "streams", p]),
    ]
    var outputs = [
      ONNXFile.Value(name: "q", axes: row + ["3"]), ONNXFile.Value(name: "h_n", axes: [places, "batch", p]),
    ]
    if shape.cell == .lstm {
      inputs.append(ONNXFile.Value(name: "c_0", axes: [places, "streams", "5"]))
      outputs.append(ONNXFile.Value(name: "c_n", axes: [places, "batch", "5"]))
    }
    #expect(file.graph.inputs == inputs && file.graph.outputs == outputs)
    // All inputs but x have zeros to start from.
    for input in inputs.dropFirst() {
      let zeros = try file.graph.constant(input.name)
      #expect(zeros.shape == [Int(places), 1, Int(input.axes[2])] && zeros.data.allSatisfy { $0 == 0 })
    }
  }

  /// Every operator reads what is there before it, every name is given once, and every constant has its bytes.
  private func expectWhole(_ graph: ONNXFile.Graph, outer: Set<String>) throws {
    var known = outer
    for name in graph.inputs.map(\.name) + graph.constants.map(\.name)
    where !graph.inputs.contains(where: { $0.name == name }) {
      #expect(known.insert(name).inserted, "\(name) is there twice")
    }
    known.formUnion(graph.inputs.map(\.name))
    for constant in graph.constants {
      let size = try #require([1: 4, 7: 8, 11: 8][constant.elementType])
      #expect(constant.data.count == constant.shape.reduce(size, *))
    }
    for node in graph.nodes {
      for input in node.inputs where input != "" { #expect(known.contains(input), "\(input) is not there yet") }
      if let body = node.attributes["body"] { try expectWhole(ONNXFile.Graph(body.message(6)), outer: known) }
      for output in node.outputs { #expect(known.insert(output).inserted, "\(output) is there twice") }
    }
    for output in graph.outputs { #expect(known.contains(output.name)) }
  }

  @Test(arguments: [Nonlinearity.tanh, .relu])
  func anRNNsOperatorKnowsItsNonlinearity(_ nonlinearity: Nonlinearity) throws {
    let shape = NetworkShape(cell: .rnn, inputSize: 1, hiddenSize: 2, outputSize: 1, isBidirectional: true)
    let options = ONNXOptions(nonlinearity: nonlinearity)
    let file = try ONNXFile(ONNX.encode(sampleNetwork(shape), options: options, metadata: [:]))
    let node = try #require(file.graph.nodes.first { $0.operation == "RNN" })
    let name = nonlinearity == .tanh ? "Tanh" : "Relu"
    #expect(node.attributes["activations"]?.texts(9) == [name, name])
  }

  @Test func metadataIsSortedAndKept() throws {
    let metadata = ["step": "20", "run": "größe\n\"x\"", "digest": ""]
    let data = try ONNX.encode(sampleNetwork(sampleShapes[0]), options: ONNXOptions(), metadata: metadata)
    #expect(try ONNXFile(data).metadata == [["digest", ""], ["run", "größe\n\"x\""], ["step", "20"]])
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let lstm = NetworkShape(cell: .lstm, inputSize: 2, hiddenSize: 5, outputSize: 1)
    func message(_ options: ONNXOptions, _ tensors: [NamedTensor]? = nil) throws -> String {
      try refusal { _ = try ONNX.encode(tensors ?? sampleNetwork(lstm), options: options, metadata: [:]) }.message
    }
    #expect(
      try message(ONNXOptions(nonlinearity: .relu)) == "weights: a network of lstm cells has no nonlinearity relu")
    #expect(
      try message(ONNXOptions(inputScaling: ONNXOptions.Scaling(offsets: [0], scales: [1, 2])))
        == "weights: there are 1 offsets and 2 scales for a network with 2 inputs")
    #expect(
      try message(ONNXOptions(outputScaling: ONNXOptions.Scaling(offsets: [3], scales: [0])))
        == "weights: 3.0 and 0.0 are no offset and scale of an output")
    #expect(try message(ONNXOptions(), Array(sampleNetwork(lstm).dropFirst())).contains("there is no tensor \"W_xh\""))
    #expect(try message(ONNXOptions(), samples).contains("there is no tensor \"W_hh\""))
  }
}
