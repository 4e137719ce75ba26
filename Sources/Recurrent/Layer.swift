import CKernels

/// One direction of one recurrent layer: what all cells have in common.
///
/// Shapes: X [T, B, inputs], in one part a direction of the layer below; H [T, B, P]; Z [T, B, places · H];
/// W_xh [inputs, G·H], W_hh [P, G·H]. A state is split among threads as its `Share` says; each thread calls every
/// function with its own.
final class Layer {
  private let kernels: Kernels
  private let cell: any Cell
  private let weights: LayerWeights
  private let weightColumns: Int
  private let inputWeights: TensorDirectory.Entry
  private let hiddenWeights: TensorDirectory.Entry
  private let holder: Holder

  init(
    _ configuration: NetworkConfiguration, _ place: LayerPlace, _ directory: TensorDirectory,
    _ parameters: FloatBuffer, _ kernels: Kernels, shares: [Share]
  ) throws {
    let (H, columns) = (configuration.hiddenSize, configuration.cell.gateCount * configuration.hiddenSize)
    func entry(_ name: String) -> TensorDirectory.Entry? { directory.entry(name + place.suffix) }
    guard let inputWeights = entry("W_xh"), let hiddenWeights = entry("W_hh") else {
      preconditionFailure("a directory always has the weights")
    }
    var holder = Holder()
    func group(
      _ gates: GateGroup, _ bias: String, _ weights: TensorDirectory.Entry, parts: Int, needsTransposed: Bool
    ) throws -> LayerWeights.Group {
      let rows = weights.shape[0] / parts
      let bias = entry(bias)
      let values = bias.map { UnsafePointer(parameters.pointer + $0.offset) }
      let sources = (0..<parts).map {
        UnsafePointer(parameters.pointer + weights.offset + $0 * rows * columns + gates.column * H)
      }
      let packed = try sources.map {
        try PackedMatrix(
          kernels, $0, rows: rows, gates: gates.count, units: H, rowStride: columns, shares: shares, holder: &holder)
      }
      let transposed = try (needsTransposed ? sources : []).map {
        try PackedMatrix(
          kernels, $0, rows: gates.count * H, units: rows, rowStride: 1, columnStride: columns, shares: shares,
          holder: &holder)
      }
      return LayerWeights.Group(
        gates: gates, start: gates.goesOn ? KS_CONTINUE : bias == nil ? KS_FROM_ZERO : KS_FROM_BIAS, bias: values,
        biasOffset: bias?.offset ?? -1, weights: holder.pin(packed), transposed: holder.pin(transposed))
    }
    cell = try Self.cell(configuration, entry("W_hr"), parameters, kernels, shares, &holder)
    let layout = type(of: cell).gates
    let parts = place.layer == 0 ? 1 : configuration.directionCount
    let input = try layout.input.map {
      try group($0, $1, inputWeights, parts: parts, needsTransposed: place.layer > 0)
    }
    let hidden = try layout.hidden.map { try group($0, $1, hiddenWeights, parts: 1, needsTransposed: true) }
    weights = LayerWeights(
      hiddenSize: H, stateSize: configuration.stateSize, rowLength: layout.placeCount * H, input: holder.pin(input),
      hidden: holder.pin(hidden))
    self.kernels = kernels
    weightColumns = columns
    self.inputWeights = inputWeights
    self.hiddenWeights = hiddenWeights
    self.holder = holder
  }

  private static func cell(
    _ configuration: NetworkConfiguration, _ projection: TensorDirectory.Entry?, _ parameters: FloatBuffer,
    _ kernels: Kernels, _ shares: [Share], _ holder: inout Holder
  ) throws -> any Cell {
    switch configuration.cell {
    case .rnn: RNN(kernels: kernels, nonlinearity: configuration.nonlinearity)
    case .lstm:
      LSTM(
        kernels: kernels, projection: try projection.map { try Projection(kernels, $0, parameters, shares, &holder) })
    case .gru: GRU(kernels: kernels)
    }
  }
}

extension Layer {
  /// Packs this thread's part of the weights for the forward pass.
  func packForward(_ share: Share) {
    for group in weights.input { for matrix in group.weights { matrix.pack(share) } }
    for group in weights.hidden { for matrix in group.weights { matrix.pack(share) } }
    cell.pack(share)
  }

  /// Packs this thread's part of the transposed weights for the backward pass.
  func packBackward(_ share: Share) {
    for group in weights.input { for matrix in group.transposed { matrix.pack(share) } }
    for group in weights.hidden { for matrix in group.transposed { matrix.pack(share) } }
  }

  /// H of all time steps, from the inputs and the carried state.
  func forward(_ window: LayerWindow, inputs: UnsafeBufferPointer<Rows>, _ share: Share) {
    let (H, row, z) = (weights.hiddenSize, weights.rowLength, weights.preactivations(window))
    // Z starts as b_h + X·W_xh for all time steps at once; the chains then go on through H(t-1)·W_hh.
    share.forEachRun(ofTimes: window.length) { first, count in
      for group in weights.input {
        for (part, rows) in inputs.enumerated() {
          group.weights[part].product(
            count, rows.pointer + first * rows.width, aRow: rows.width,
            into: z + first * row + group.gates.place * H, cRow: row, from: part == 0 ? group.start : KS_CONTINUE,
            bias: group.bias, share)
        }
      }
    }
    cell.forwardThroughTime(weights, window, share)
  }

  /// ∂L/∂Z of all time steps, from what the layer above left in `window.hiddenGradient`.
  func backward(_ window: LayerWindow, _ share: Share) {
    cell.backwardThroughTime(weights, window, share)
  }

  /// Adds ∂L/∂X to `rows`, the gradients of one part of the input; the first direction starts it.
  func inputGradient(_ window: LayerWindow, part: Int, into rows: Rows, isFirst: Bool, _ share: Share) {
    let (dz, row) = (weights.preactivationGradients(window), weights.rowLength)
    share.forEachRun(ofTimes: window.length) { first, count in
      for (index, group) in weights.input.enumerated() {
        group.transposed[part].product(
          count, dz + first * row + group.gates.place * weights.hiddenSize, aRow: row,
          into: rows.pointer + first * rows.width, cRow: rows.width,
          from: isFirst && index == 0 ? KS_FROM_ZERO : KS_CONTINUE, share)
      }
    }
  }

  /// The gradients of this layer's tensors, of the columns that are this thread's.
  func gradients(
    _ window: LayerWindow, inputs: UnsafeBufferPointer<Rows>, into gradients: FloatBuffer, _ share: Share
  ) {
    let g = gradients.pointer
    for group in weights.input {
      var dw = g + inputWeights.offset
      for rows in inputs {
        weightGradient(window, group.gates, rows, dw, share)
        dw += rows.width * weightColumns
      }
      biasGradient(window, group, g, share)
    }
    let previous = Rows(pointer: window.previousStates, width: weights.stateSize)
    for group in weights.hidden {
      weightGradient(window, group.gates, previous, g + hiddenWeights.offset, share)
      biasGradient(window, group, g, share)
    }
    cell.gradients(window, gradients, share)
  }

  /// dW [width, G·H] = rowsᵀ·dZ, in the group's columns.
  private func weightGradient(
    _ window: LayerWindow, _ gates: GateGroup, _ rows: Rows, _ dw: UnsafeMutablePointer<Float>, _ share: Share
  ) {
    let (H, row) = (weights.hiddenSize, weights.rowLength)
    let dz = weights.preactivationGradients(window) + gates.place * H
    forEachRun(of: gates, share) { column, count in
      kernels.table.pointee.product(
        rows.width, count, window.length * window.batchSize, rows.pointer, 1, rows.width, dz + column, row,
        dw + gates.column * H + column, weightColumns, KS_FROM_ZERO, nil)
    }
  }

  private func biasGradient(
    _ window: LayerWindow, _ group: LayerWeights.Group, _ gradients: UnsafeMutablePointer<Float>, _ share: Share
  ) {
    guard group.biasOffset >= 0 else { return }
    let dz = weights.preactivationGradients(window) + group.gates.place * weights.hiddenSize
    forEachRun(of: group.gates, share) { column, count in
      kernels.table.pointee.column_sums(
        window.length * window.batchSize, count, dz + column, weights.rowLength, gradients + group.biasOffset + column)
    }
  }

  /// The columns of a gate group that are this thread's, as runs side by side.
  @inline(__always)
  private func forEachRun(of gates: GateGroup, _ share: Share, _ body: (_ column: Int, _ count: Int) -> Void) {
    guard share.count > 1 else {
      body(0, gates.count * weights.hiddenSize)
      return
    }
    let own = share.columns(weights.hiddenSize)
    guard !own.isEmpty else { return }
    for gate in 0..<gates.count { body(gate * weights.hiddenSize + own.lowerBound, own.count) }
  }
}
