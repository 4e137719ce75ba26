import Recurrent

/// A network on its way to an ONNX graph.
///
/// T time steps, B streams, I inputs, H hidden units, P the states' (a projection's, or H), O outputs, L layers, D
/// directions, G gates.
struct ONNXNetwork {
  var graph = ONNXGraph(name: "keepstep")
  let network: NetworkShape
  let options: ONNXOptions
  /// Under Keepstep's names.
  let pool: TensorPool

  init(_ pool: TensorPool, _ network: NetworkShape, _ options: ONNXOptions) {
    self.pool = pool
    self.network = network
    self.options = options
  }

  /// D.
  var directionCount: Int { network.isBidirectional ? 2 : 1 }
  /// L·D.
  var placeCount: Int { network.numLayers * directionCount }
  /// Is there a C(t) beside H(t)?
  var hasCells: Bool { network.cell == .lstm }

  /// Adds everything.
  ///
  /// - throws: `InterchangeError` when a tensor is missing, which `NetworkShape` has ruled out.
  mutating func build() throws {
    graph.input("x", axes(network.inputSize))
    let x = addInput()
    addStateShape(x)
    let states = network.projectionSize > 0 ? try addProjectedLayers(x) : try addLayers(x)
    try addOutput(states)
    graph.output("q", axes(network.outputSize))
    graph.output("h_n", [.fixed(placeCount), .free("batch"), .fixed(network.stateSize)])
    if hasCells { graph.output("c_n", [.fixed(placeCount), .free("batch"), .fixed(network.hiddenSize)]) }
  }

  /// Of `x` and `q`.
  private func axes(_ features: Int) -> [ONNXAxis] {
    let (time, batch) = (ONNXAxis.free("time"), ONNXAxis.free("batch"))
    return (options.isBatchFirst ? [batch, time] : [time, batch]) + [.fixed(features)]
  }

  /// What the first layer reads, [T, B, I]: `(x - offset) / scale`.
  private mutating func addInput() -> String {
    var chain: [Link] = []
    if let scaling = options.inputScaling {
      chain.append(.toFloat64)
      chain.append(Link("Sub", graph.constant("x_offset", scaling.offsets)))
      chain.append(Link("Div", graph.constant("x_scale", scaling.scales)))
      chain.append(.toFloat32)
    }
    if options.isBatchFirst { chain.append(.swapAxes) }
    return add(chain, to: "x")
  }

  /// `q = states·W_hq + b_q`, states [T, B, D·P]; then `q · scale + offset`.
  private mutating func addOutput(_ states: String) throws {
    var chain = [Link("MatMul", graph.constant(try pool.tensor("W_hq", axes: 2)))]
    if network.hasOutputBias { chain.append(Link("Add", graph.constant(try pool.tensor("b_q", axes: 1)))) }
    if let scaling = options.outputScaling {
      chain.append(.toFloat64)
      chain.append(Link("Mul", graph.constant("q_scale", scaling.scales)))
      chain.append(Link("Add", graph.constant("q_offset", scaling.offsets)))
      chain.append(.toFloat32)
    }
    if options.isBatchFirst { chain.append(.swapAxes) }
    _ = add(chain, to: states, last: "q")
  }

  /// Operators one after another, from the tensor `first`; returned is the last one's.
  private mutating func add(_ chain: [Link], to first: String, last: String? = nil) -> String {
    var tensor = first
    for (index, link) in chain.enumerated() {
      let isLast = index == chain.count - 1
      let output = (isLast ? last : nil) ?? "\(last ?? first)_\(link.operation)_\(index)"
      tensor = graph.add(link.operation, [tensor] + link.operands, to: output, link.attributes)
    }
    return tensor
  }
}

/// An operator on what the one before it handed out.
private struct Link {
  let operation: String
  var operands: [String] = []
  var attributes: [ONNXAttribute] = []

  init(_ operation: String, _ operand: String) {
    self.operation = operation
    operands = [operand]
  }

  private init(_ operation: String, _ attribute: ONNXAttribute) {
    self.operation = operation
    attributes = [attribute]
  }

  static let toFloat32 = Link("Cast", .integer("to", ONNXElement.float32))
  static let toFloat64 = Link("Cast", .integer("to", ONNXElement.float64))
  /// From [batch, time, …] to [time, batch, …], and back.
  static let swapAxes = Link("Transpose", .integers("perm", [1, 0, 2]))
}

// MARK: - States

extension ONNXNetwork {
  /// [1, B, 1], for `Expand`.
  private mutating func addStateShape(_ x: String) {
    let one = graph.constant("one", [1])
    let shape = graph.add("Shape", [x], to: "x_shape")
    let batch = graph.add("Gather", [shape, one], to: "x_batch")
    graph.add("Concat", [one, batch, one], to: ["state_shape"], [.integer("axis", 0)])
  }

  /// Adds an input of initial states [L·D, 1 or B, size], zeros by default; returned are its parts [partSize, B, size].
  ///
  /// The default has one stream, and `Expand` makes it as many as `x` has.
  mutating func addInitialStates(_ name: String, size: Int, partSize: Int) -> [String] {
    graph.input(name, [.fixed(placeCount), .free("streams"), .fixed(size)])
    let zeros = graph.constant(
      NamedTensor(name: name, shape: [placeCount, 1, size], values: Array(repeating: 0, count: placeCount * size)))
    let states = graph.add("Expand", [zeros, "state_shape"], to: "\(name)_all")
    let count = placeCount / partSize
    guard count > 1 else { return [states] }
    let parts = (0..<count).map { "\(name)_\($0)" }
    let sizes = graph.constant("\(name)_sizes", Array(repeating: partSize, count: count))
    graph.add("Split", [states, sizes], to: parts, [.integer("axis", 0)])
    return parts
  }

  /// Hands out the final states, whose parts stand one after another along the first axis.
  mutating func addFinalStates(_ name: String, _ parts: [String]) {
    graph.add("Concat", parts, to: [name], [.integer("axis", 0)])
  }
}
