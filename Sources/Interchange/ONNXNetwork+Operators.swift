import Recurrent

/// Layers by the operators RNN, LSTM and GRU.
extension ONNXNetwork {
  /// All layers on x [T, B, I]; returned are the last one's states [T, B, D·H].
  mutating func addLayers(_ x: String) throws -> String {
    let (layers, hiddenSize) = (0..<network.numLayers, network.hiddenSize)
    let h = addInitialStates("h_0", size: hiddenSize, partSize: directionCount)
    let c = hasCells ? addInitialStates("c_0", size: hiddenSize, partSize: directionCount) : []
    let layout = network.isBidirectional ? graph.constant("row_shape", [0, 0, -1]) : graph.constant("row_axis", [1])
    var rows = x
    for layer in layers {
      let y = try addLayer(layer, rows, initial: [h[layer]] + (hasCells ? [c[layer]] : []))
      rows = addRows(layer, y, layout)
    }
    addFinalStates("h_n", layers.map { "h_n_\($0)" })
    if hasCells { addFinalStates("c_n", layers.map { "c_n_\($0)" }) }
    return rows
  }

  /// A layer in all its directions on rows [T, B, I], from initial states [D, B, H]; returned is ONNX's Y [T, D, B, H].
  private mutating func addLayer(_ layer: Int, _ rows: String, initial: [String]) throws -> String {
    let gates = try network.layers.filter { $0.layer == layer }.map { try ONNXGates(pool, network, $0) }
    let inputSize = layer == 0 ? network.inputSize : network.layerOutputSize
    let (D, columns) = (directionCount, network.gateUnits)
    func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
      graph.constant(NamedTensor(name: name, shape: shape, values: values))
    }
    let w = constant("W_\(layer)", [D, columns, inputSize], gates.flatMap(\.inputWeights))
    let r = constant("R_\(layer)", [D, columns, network.hiddenSize], gates.flatMap(\.hiddenWeights))
    let b = network.hasBias ? constant("B_\(layer)", [D, 2 * columns], gates.flatMap(\.biases)) : ""
    let y = "y_\(layer)"
    // Without a name stand the sequences' own lengths: all are T long.
    graph.add(
      network.cell.rawValue.uppercased(), [rows, w, r, b, ""] + initial,
      to: [y, "h_n_\(layer)"] + (hasCells ? ["c_n_\(layer)"] : []), attributes)
    return y
  }

  private var attributes: [ONNXAttribute] {
    var attributes: [ONNXAttribute] = []
    if network.cell == .rnn {
      let activation = options.nonlinearity == .tanh ? "Tanh" : "Relu"
      attributes.append(.texts("activations", Array(repeating: activation, count: directionCount)))
    }
    attributes.append(.text("direction", network.isBidirectional ? "bidirectional" : "forward"))
    attributes.append(.integer("hidden_size", network.hiddenSize))
    // As PyTorch's GRU and ours: the reset gate acts behind the product with W_hh and its bias.
    if network.cell == .gru { attributes.append(.integer("linear_before_reset", 1)) }
    return attributes
  }

  /// From Y [T, D, B, H] to the next layer's rows [T, B, D·H].
  private mutating func addRows(_ layer: Int, _ y: String, _ layout: String) -> String {
    guard network.isBidirectional else { return graph.add("Squeeze", [y, layout], to: "rows_\(layer)") }
    let turned = graph.add("Transpose", [y], to: "turned_\(layer)", [.integers("perm", [0, 2, 1, 3])])
    return graph.add("Reshape", [turned, layout], to: "rows_\(layer)")
  }
}
