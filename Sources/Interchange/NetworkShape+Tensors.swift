import Recurrent

extension NetworkShape {
  /// The shape of the network in `pool`, each of whose tensors is checked.
  ///
  /// The first layer's forward tensors decide on the cell and the sizes, and the others must agree.
  ///
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others.
  init(_ pool: TensorPool, naming: TensorNaming) throws {
    let found = pool.names.compactMap(naming.parse)
    let first = LayerDirection(layer: 0, isReverse: false)
    let input = try pool.tensor(naming.name(naming.inputWeights, first), axes: 2)
    let hidden = try pool.tensor(naming.name(naming.hiddenWeights, first), axes: 2)
    if found.contains(where: { $0.stem == naming.projection }) {
      let projection = try pool.tensor(naming.name(naming.projection, first), axes: 2)
      (hiddenSize, projectionSize) = try Self.projectedSizes(projection, pool, naming)
      cell = .lstm
    } else {
      (cell, hiddenSize) = try Self.cell(of: hidden, pool, naming)
      projectionSize = 0
    }
    inputSize = naming.widths(input.shape).from
    numLayers = try Self.numLayers(Set(found.map(\.place.layer)), pool, naming)
    isBidirectional = found.contains { $0.place.isReverse }
    hasBias = found.contains { naming.biases.contains($0.stem) }
    hasOutputBias = pool[naming.outputBias] != nil
    outputSize = try naming.widths(pool.tensor(naming.outputWeights, axes: 2).shape).to
    try check(pool, naming)
  }

  /// Whose weights from the state to the gates they are; both numbers, when they are no cell's.
  private static func cell(
    of hidden: NamedTensor, _ pool: TensorPool, _ naming: TensorNaming
  ) throws -> (Cell, Int) {
    let (state, units) = naming.widths(hidden.shape)
    guard let cell = Cell.allCases.first(where: { units == $0.gates * state }) else {
      let (states, gates) = naming.isTorch ? ("columns", "rows") : ("rows", "columns")
      throw InterchangeError(
        message: "\(pool.source): tensor \(quoted(hidden.name)) has shape \(hidden.shape), and with \(state) \(states) "
          + "an RNN has \(state) \(gates), a GRU \(3 * state), an LSTM \(4 * state)",
        hint: pool.hint)
    }
    return (cell, state)
  }

  /// H and P of an LSTM with projection, from its weights from H to P.
  private static func projectedSizes(
    _ projection: NamedTensor, _ pool: TensorPool, _ naming: TensorNaming
  ) throws -> (hidden: Int, projection: Int) {
    let (hidden, projected) = naming.widths(projection.shape)
    guard projected < hidden else {
      throw InterchangeError(
        message: "\(pool.source): tensor \(quoted(projection.name)) has shape \(projection.shape), which projects "
          + "\(hidden) hidden units to \(projected)",
        hint: "torch.nn.LSTM's proj_size is smaller than its hidden_size")
    }
    return (hidden, projected)
  }

  /// L, where `layers` are those that have a tensor. A layer that is left out is asked for by its first name.
  private static func numLayers(_ layers: Set<Int>, _ pool: TensorPool, _ naming: TensorNaming) throws -> Int {
    let count = (0...layers.count).first { !layers.contains($0) } ?? 0
    if count < layers.count {
      _ = try pool.tensor(naming.name(naming.inputWeights, LayerDirection(layer: count, isReverse: false)), axes: 2)
    }
    return count
  }

  /// Checks that there are just the tensors of this shape.
  private func check(_ pool: TensorPool, _ naming: TensorNaming) throws {
    let demands = demands(naming)
    for demand in demands {
      let tensor = try pool.tensor(demand.name, axes: demand.shape.count)
      try pool.expect(tensor, shape: demand.shape, from: pool.tensor(demand.asker, axes: 2), note: demand.note)
    }
    try pool.refuse(besides: Set(demands.map(\.name)))
  }

  private func demands(_ naming: TensorNaming) -> [Demand] {
    let first = LayerDirection(layer: 0, isReverse: false)
    let hidden = naming.name(naming.hiddenWeights, first)
    let behindLayer = isBidirectional ? " in both directions" : ""
    var demands: [Demand] = []
    for place in layers {
      let asker = place == first && projectionSize > 0 ? naming.name(naming.projection, first) : hidden
      func demand(_ stem: String, _ shape: [Int], note: String = "") {
        demands.append(Demand(name: naming.name(stem, place), shape: shape, asker: asker, note: note))
      }
      let isFirst = place.layer == 0
      demand(
        naming.inputWeights, naming.matrix(from: isFirst ? inputSize : layerOutputSize, to: gateUnits),
        note: isFirst ? "" : behindLayer)
      demand(naming.hiddenWeights, naming.matrix(from: stateSize, to: gateUnits))
      for bias in hasBias ? naming.biases(of: self) : [] { demand(bias.stem, [bias.count]) }
      if projectionSize > 0 { demand(naming.projection, naming.matrix(from: hiddenSize, to: projectionSize)) }
    }
    let output = naming.outputWeights
    let shape = naming.matrix(from: layerOutputSize, to: outputSize)
    demands.append(Demand(name: output, shape: shape, asker: hidden, note: behindLayer))
    if hasOutputBias { demands.append(Demand(name: naming.outputBias, shape: [outputSize], asker: output)) }
    return demands
  }
}

/// A tensor that a network must have.
private struct Demand {
  var name: String
  var shape: [Int]
  /// The matrix whose shape asks for it.
  var asker: String
  /// What else does.
  var note = ""
}
