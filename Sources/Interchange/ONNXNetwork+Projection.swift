/// Layers of an LSTM with a projection, which ONNX's LSTM does not have: a Scan over the time steps.
///
/// The products of all time steps with W_xh are one operator before it; the scan's body is
/// `Z = z_x + H(t-1)·W_hh`; `C(t) = σ(f) ⊙ C(t-1) + σ(i) ⊙ tanh(g)`; `H(t) = (σ(o) ⊙ tanh(C(t)))·W_hr`, with the gates i, f,
/// g, o in the columns of Z.
extension ONNXNetwork {
  /// All layers on x [T, B, I]; returned are the last one's states [T, B, D·P].
  mutating func addProjectedLayers(_ x: String) throws -> String {
    let h = addInitialStates("h_0", size: network.stateSize, partSize: 1)
    let c = addInitialStates("c_0", size: network.hiddenSize, partSize: 1)
    let axis = graph.constant("place_axis", [0])
    let gates = graph.constant("gate_sizes", Array(repeating: network.hiddenSize, count: 4))
    var (rows, layer, directions) = (x, 0, [String]())
    for (index, place) in network.layers.enumerated() {
      if place.layer != layer {
        rows = addLayerRows(layer, directions)
        (layer, directions) = (place.layer, [])
      }
      let initial = [h[index], c[index]].map { graph.add("Squeeze", [$0, axis], to: "\($0)_flat") }
      let y = try addDirection(place, rows, initial: initial, gateSizes: gates)
      graph.add("Unsqueeze", ["h\(y)", axis], to: ["h_n_\(index)"])
      graph.add("Unsqueeze", ["c\(y)", axis], to: ["c_n_\(index)"])
      directions.append("y\(y)")
    }
    let places = 0..<placeCount
    addFinalStates("h_n", places.map { "h_n_\($0)" })
    addFinalStates("c_n", places.map { "c_n_\($0)" })
    return addLayerRows(layer, directions)
  }

  /// The directions' states side by side: [T, B, D·P].
  private mutating func addLayerRows(_ layer: Int, _ directions: [String]) -> String {
    directions.count == 1
      ? directions[0] : graph.add("Concat", directions, to: "rows_\(layer)", [.integer("axis", 2)])
  }

  /// A layer in one direction on rows [T, B, I], from initial states [B, P] and [B, H]; returned is what stands behind `h`,
  /// `c` and `y` in the names of its final states and its states [T, B, P].
  private mutating func addDirection(
    _ place: LayerDirection, _ rows: String, initial: [String], gateSizes: String
  ) throws -> String {
    let naming = TensorNaming.keepstep
    let suffix = naming.name("", place)
    func tensor(_ stem: String, axes: Int) throws -> String {
      graph.constant(try pool.tensor(naming.name(stem, place), axes: axes))
    }
    let w = try tensor(naming.inputWeights, axes: 2)
    var z = graph.add("MatMul", [rows, w], to: "z_x\(suffix)")
    if network.hasBias { z = graph.add("Add", [z, try tensor("b_h", axes: 1)], to: "z_b\(suffix)") }
    let body = scanBody(
      suffix, hiddenWeights: try tensor(naming.hiddenWeights, axes: 2),
      projection: try tensor(naming.projection, axes: 2), gateSizes: gateSizes)
    var attributes: [ONNXAttribute] = [.graph("body", body), .integer("num_scan_inputs", 1)]
    if place.isReverse {
      attributes += [.integers("scan_input_directions", [1]), .integers("scan_output_directions", [1])]
    }
    let outputs = ["h", "c", "y"].map { "\($0)_of\(suffix)" }
    graph.add("Scan", initial + [z], to: outputs, attributes)
    return "_of\(suffix)"
  }

  /// One time step: H(t-1) [B, P], C(t-1) [B, H] and z_x [B, 4H] give H(t), C(t), and H(t) again as the step's output.
  private func scanBody(
    _ suffix: String, hiddenWeights: String, projection: String, gateSizes: String
  ) -> ONNXGraph {
    let (P, H) = (network.stateSize, network.hiddenSize)
    var body = ONNXGraph(name: "step\(suffix)")
    func named(_ name: String) -> String { "\(name)_at\(suffix)" }
    func add(_ operation: String, _ inputs: [String], to output: String) -> String {
      body.add(operation, inputs, to: named(output))
    }
    for (name, size) in [("h", P), ("c", H), ("z_x", 4 * H)] {
      body.input(named(name), [.free("batch"), .fixed(size)])
    }
    let z = add("Add", [named("z_x"), add("MatMul", [named("h"), hiddenWeights], to: "z_h")], to: "z")
    body.add("Split", [z, gateSizes], to: ["i", "f", "g", "o"].map { named("z_\($0)") }, [.integer("axis", 1)])
    let i = add("Sigmoid", [named("z_i")], to: "i")
    let f = add("Sigmoid", [named("z_f")], to: "f")
    let g = add("Tanh", [named("z_g")], to: "g")
    let o = add("Sigmoid", [named("z_o")], to: "o")
    let kept = add("Mul", [f, named("c")], to: "c_kept")
    let c = add("Add", [kept, add("Mul", [i, g], to: "c_new")], to: "c_next")
    let u = add("Mul", [o, add("Tanh", [c], to: "c_tanh")], to: "u")
    let h = add("MatMul", [u, projection], to: "h_next")
    let y = add("Identity", [h], to: "y")
    for (name, size) in [(h, P), (c, H), (y, P)] { body.output(name, [.free("batch"), .fixed(size)]) }
    return body
  }
}
