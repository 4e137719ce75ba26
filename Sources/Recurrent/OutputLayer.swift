import CKernels

/// The linear layer on top: `Q(t) = b_q + H(t)·W_hq`. Same mathematics as `torch.nn.Linear`.
///
/// Shapes: H [T, B, P] in one part a direction, Q [T, B, O], W_hq [D·P, O], b_q [O].
/// Backwards, over all rows of the window: `dW_hq = Hᵀ·dQ`, `db_q = Σ dQ`, `dH = dQ·W_hqᵀ`.
final class OutputLayer {
  private let kernels: Kernels
  private let outputSize: Int
  private let weights: TensorDirectory.Entry
  private let bias: TensorDirectory.Entry?
  private let parameters: FloatBuffer
  /// For each part, the rows of W_hq that it meets, transposed.
  private let transposed: UnsafeBufferPointer<PackedMatrix>
  private let holder: Holder

  init(
    _ configuration: NetworkConfiguration, _ directory: TensorDirectory, _ parameters: FloatBuffer, _ kernels: Kernels,
    shares: [Share]
  ) throws {
    guard let weights = directory.entry("W_hq") else { preconditionFailure("a directory always has the weights") }
    let (P, O) = (configuration.stateSize, configuration.outputSize)
    self.kernels = kernels
    self.parameters = parameters
    self.weights = weights
    outputSize = O
    bias = directory.entry("b_q")
    var holder = Holder()
    let transposed = try (0..<configuration.directionCount).map {
      try PackedMatrix(
        kernels, parameters.pointer + weights.offset + $0 * P * O, rows: O, units: P, rowStride: 1, columnStride: O,
        shares: shares, holder: &holder)
    }
    self.transposed = holder.pin(transposed)
    self.holder = holder
  }

  /// Packs this thread's part of the transposed weights for the backward pass.
  func packBackward(_ share: Share) {
    for matrix in transposed { matrix.pack(share) }
  }

  /// Q of this thread's part of the window's rows.
  func forward(_ window: Window, parts: UnsafeBufferPointer<Rows>, _ share: Share) {
    let rows = share.rows(window.length * window.batchSize)
    var w = UnsafePointer(parameters.pointer + weights.offset)
    var start = bias == nil ? KS_FROM_ZERO : KS_FROM_BIAS
    for part in parts {
      kernels.table.pointee.product(
        rows.count, outputSize, part.width, part.pointer + rows.lowerBound * part.width, part.width, 1, w, outputSize,
        window.outputs.pointer + rows.lowerBound * outputSize, outputSize, start,
        bias.map { UnsafePointer(parameters.pointer + $0.offset) })
      w += part.width * outputSize
      start = KS_CONTINUE
    }
  }

  /// The gradients of this layer's tensors, of the rows that are this thread's.
  func gradients(_ window: Window, parts: UnsafeBufferPointer<Rows>, into gradients: FloatBuffer, _ share: Share) {
    let (rows, dq) = (window.length * window.batchSize, window.outputGradient.pointer)
    var dw = gradients.pointer + weights.offset
    for part in parts {
      let own = share.columns(part.width)
      kernels.table.pointee.product(
        own.count, outputSize, rows, part.pointer + own.lowerBound, 1, part.width, dq, outputSize,
        dw + own.lowerBound * outputSize, outputSize, KS_FROM_ZERO, nil)
      dw += part.width * outputSize
    }
    if share.index == 0, let bias {
      kernels.table.pointee.column_sums(rows, outputSize, dq, outputSize, gradients.pointer + bias.offset)
    }
  }

  /// dQ·W_hqᵀ of one part, where its layer goes on with it.
  func inputGradient(_ window: Window, part: Int, into rows: Rows, _ share: Share) {
    share.forEachRun(ofTimes: window.length) { first, count in
      transposed[part].product(
        count, window.outputGradient.pointer + first * outputSize, aRow: outputSize,
        into: rows.pointer + first * rows.width, cRow: rows.width, from: KS_FROM_ZERO, share)
    }
  }
}
