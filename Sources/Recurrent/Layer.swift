import CKernels

/// One direction of one recurrent layer: what all cells have in common.
///
/// Shapes: X [T, B, inputs], in one part a direction of the layer below; H [T, B, P]; Z [T, B, places · H];
/// W_xh [inputs, G·H], W_hh [P, G·H]. A state is split among threads as its `Share` says; each thread calls every
/// function with its own.
final class Layer {
  private let kernels: Kernels
  private let cell: any Cell
  private let hiddenSize: Int
  private let stateSize: Int
  private let weightColumns: Int
  private let inputWeights: TensorDirectory.Entry
  private let hiddenWeights: TensorDirectory.Entry
  private let inputGroups: [Group]
  private let hiddenGroups: [Group]
  /// Does a layer below want ∂L/∂X?
  private let hasLayerBelow: Bool

  /// A gate group with its weights in the order of the products.
  private struct Group {
    let gates: GateGroup
    let bias: TensorDirectory.Entry?
    /// What the group's chains start with.
    let start: ks_start
    let biasValues: UnsafePointer<Float>?
    /// For each part of the input (or for H): the rows of W_xh (or W_hh) that it meets, and these transposed.
    let weights: [PackedMatrix]
    let transposed: [PackedMatrix]
  }

  init(
    _ configuration: NetworkConfiguration, _ place: LayerPlace, _ directory: TensorDirectory,
    _ parameters: FloatBuffer, _ kernels: Kernels, shares: [Share]
  ) throws {
    let (H, P) = (configuration.hiddenSize, configuration.stateSize)
    func entry(_ name: String) -> TensorDirectory.Entry? { directory.entry(name + place.suffix) }
    guard let inputWeights = entry("W_xh"), let hiddenWeights = entry("W_hh") else {
      preconditionFailure("a directory always has the weights")
    }
    self.kernels = kernels
    cell = try Self.cell(configuration, entry("W_hr"), parameters, kernels, shares)
    hiddenSize = H
    stateSize = P
    weightColumns = configuration.cell.gateCount * H
    self.inputWeights = inputWeights
    self.hiddenWeights = hiddenWeights
    hasLayerBelow = place.layer > 0
    let columns = weightColumns
    func groups(_ gates: [GateGroup], _ weights: TensorDirectory.Entry, parts: Int, _ isTransposedNeeded: Bool) throws
      -> [Group]
    {
      let rows = weights.shape[0] / parts
      return try gates.map { group in
        let sources = (0..<parts).map {
          UnsafePointer(parameters.pointer + weights.offset + $0 * rows * columns + group.columns.lowerBound * H)
        }
        let bias = group.goesOn ? nil : entry(group.bias)
        return Group(
          gates: group, bias: bias,
          start: group.goesOn ? KS_CONTINUE : bias == nil ? KS_FROM_ZERO : KS_FROM_BIAS,
          biasValues: bias.map { UnsafePointer(parameters.pointer + $0.offset) },
          weights: try sources.map {
            try PackedMatrix(
              kernels, $0, rows: rows, gates: group.columns.count, units: H, rowStride: columns, shares: shares)
          },
          transposed: try (isTransposedNeeded ? sources : []).map {
            try PackedMatrix(
              kernels, $0, rows: group.columns.count * H, units: rows, rowStride: 1, columnStride: columns,
              shares: shares)
          })
      }
    }
    inputGroups = try groups(
      cell.gates.input, inputWeights, parts: place.layer == 0 ? 1 : configuration.directionCount, hasLayerBelow)
    hiddenGroups = try groups(cell.gates.hidden, hiddenWeights, parts: 1, true)
  }

  private static func cell(
    _ configuration: NetworkConfiguration, _ projection: TensorDirectory.Entry?, _ parameters: FloatBuffer,
    _ kernels: Kernels, _ shares: [Share]
  ) throws -> any Cell {
    switch configuration.cell {
    case .rnn: RNN(kernels: kernels, nonlinearity: configuration.nonlinearity)
    case .lstm:
      LSTM(kernels: kernels, projection: try projection.map { try Projection(kernels, $0, parameters, shares) })
    case .gru: GRU(kernels: kernels)
    }
  }
}

extension Layer {
  /// Z where the products leave it: an RNN's is where its H will be.
  private func preactivations(_ window: LayerWindow) -> UnsafeMutablePointer<Float> {
    window.gates.count == 0 ? window.states : window.gates.pointer
  }

  private func preactivationGradients(_ window: LayerWindow) -> UnsafeMutablePointer<Float> {
    window.gates.count == 0 ? window.hiddenGradient.pointer : window.gates.pointer
  }

  /// Floats of a row of Z.
  private var rowLength: Int { cell.gates.placeCount * hiddenSize }

  /// Packs this thread's part of the weights for the forward pass.
  func packForward(_ share: Share) {
    for group in inputGroups { for weights in group.weights { weights.pack(share) } }
    for group in hiddenGroups { for weights in group.weights { weights.pack(share) } }
    cell.pack(share)
  }

  /// Packs this thread's part of the transposed weights for the backward pass.
  func packBackward(_ share: Share) {
    for group in inputGroups { for weights in group.transposed { weights.pack(share) } }
    for group in hiddenGroups { for weights in group.transposed { weights.pack(share) } }
  }

  /// H of all time steps, from the inputs and the carried state.
  func forward(_ window: LayerWindow, inputs: [Rows], _ share: Share) {
    let (B, z, row) = (window.batchSize, preactivations(window), rowLength)
    // Z starts as b_h + X·W_xh for all time steps at once; the chains then go on through H(t-1)·W_hh.
    share.forEachRun(ofTimes: window.length) { first, count in
      for group in inputGroups {
        for (part, weights) in zip(inputs, group.weights) {
          let isFirst = part.pointer == inputs[0].pointer
          weights.product(
            count, part.pointer + first * part.width, aRow: part.width,
            into: z + first * row + group.gates.place * hiddenSize, cRow: row, from: isFirst ? group.start : KS_CONTINUE,
            bias: group.biasValues, share)
        }
      }
    }
    for i in 0..<window.length {
      let t = window.time(i)
      let first = t * B + share.streams.lowerBound
      for group in hiddenGroups {
        group.weights[0].product(
          share.streams.count, window.previousStates + first * stateSize, aRow: stateSize,
          into: z + first * row + group.gates.place * hiddenSize, cRow: row, from: group.start, bias: group.biasValues,
          share)
      }
      cell.forward(window, time: t, share)
      share.meetAfterTimeStep()
    }
  }

  /// ∂L/∂Z of all time steps, from what the layer above left in `window.hiddenGradient`.
  func backward(_ window: LayerWindow, _ share: Share) {
    let (B, T, dz, row) = (window.batchSize, window.length, preactivationGradients(window), rowLength)
    for i in stride(from: T - 1, through: 0, by: -1) {
      let t = window.time(i)
      if i < T - 1 {
        let (here, later) = (t * B + share.streams.lowerBound, window.time(i + 1) * B + share.streams.lowerBound)
        for group in hiddenGroups {
          group.transposed[0].product(
            share.streams.count, dz + later * row + group.gates.place * hiddenSize, aRow: row,
            into: window.hiddenGradient.pointer + here * stateSize, cRow: stateSize, from: KS_CONTINUE, share)
        }
      }
      cell.backward(window, time: t, previous: i > 0 ? window.time(i - 1) : nil, share)
      share.meetAfterTimeStep()
    }
  }

  /// Adds ∂L/∂X to `rows`, the gradients of one part of the input; the first direction starts it.
  func inputGradient(_ window: LayerWindow, part: Int, into rows: Rows, isFirst: Bool, _ share: Share) {
    let (dz, row) = (preactivationGradients(window), rowLength)
    share.forEachRun(ofTimes: window.length) { first, count in
      for (index, group) in inputGroups.enumerated() {
        group.transposed[part].product(
          count, dz + first * row + group.gates.place * hiddenSize, aRow: row, into: rows.pointer + first * rows.width,
          cRow: rows.width, from: isFirst && index == 0 ? KS_FROM_ZERO : KS_CONTINUE, share)
      }
    }
  }

  /// The gradients of this layer's tensors, of the columns that are this thread's.
  func gradients(_ window: LayerWindow, inputs: [Rows], into gradients: FloatBuffer, _ share: Share) {
    var first = 0
    for part in inputs {
      for group in inputGroups {
        weightGradient(window, group, part, gradients.pointer + inputWeights.offset + first * weightColumns, share)
      }
      first += part.width
    }
    let previous = (pointer: window.previousStates, width: stateSize)
    for group in hiddenGroups {
      weightGradient(window, group, previous, gradients.pointer + hiddenWeights.offset, share)
    }
    for group in inputGroups + hiddenGroups {
      if let bias = group.bias { biasGradient(window, group, gradients.pointer + bias.offset, share) }
    }
    cell.gradients(window, gradients, share)
  }

  /// dW [width, G·H] = rowsᵀ·dZ, in the group's columns.
  private func weightGradient(
    _ window: LayerWindow, _ group: Group, _ rows: Rows, _ dw: UnsafeMutablePointer<Float>, _ share: Share
  ) {
    let (dz, row) = (preactivationGradients(window) + group.gates.place * hiddenSize, rowLength)
    forEachRun(of: group.gates, share) { column, count in
      kernels.table.pointee.product(
        rows.width, count, window.length * window.batchSize, rows.pointer, 1, rows.width, dz + column, row,
        dw + group.gates.columns.lowerBound * hiddenSize + column, weightColumns, KS_FROM_ZERO, nil)
    }
  }

  private func biasGradient(
    _ window: LayerWindow, _ group: Group, _ db: UnsafeMutablePointer<Float>, _ share: Share
  ) {
    let (dz, row) = (preactivationGradients(window) + group.gates.place * hiddenSize, rowLength)
    forEachRun(of: group.gates, share) { column, count in
      kernels.table.pointee.column_sums(window.length * window.batchSize, count, dz + column, row, db + column)
    }
  }

  /// The columns of a gate group that are this thread's, as runs side by side.
  @inline(__always)
  private func forEachRun(of gates: GateGroup, _ share: Share, _ body: (_ column: Int, _ count: Int) -> Void) {
    guard share.count > 1 else {
      body(0, gates.columns.count * hiddenSize)
      return
    }
    let own = share.columns(hiddenSize)
    guard !own.isEmpty else { return }
    for gate in 0..<gates.columns.count { body(gate * hiddenSize + own.lowerBound, own.count) }
  }
}
