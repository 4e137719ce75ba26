import CKernels

/// The linear layer on top: `Q(t) = b_q + H(t)·W_hq`. Same mathematics as `torch.nn.Linear`.
///
/// Shapes: H [T, B, H], Q [T, B, O], W_hq [H, O], b_q [O].
/// Backwards, over all rows of the window: `dW_hq = Hᵀ·dQ`, `db_q = Σ dQ`, `dH = dQ·W_hqᵀ`.
struct OutputLayer {
  let hiddenSize: Int
  let outputSize: Int
  let weights: TensorDirectory.Entry
  let bias: TensorDirectory.Entry?

  /// Q from H(1) … H(T).
  func forward(_ kernels: Kernels, _ parameters: FloatBuffer, _ window: Window) {
    let p = parameters.pointer
    kernels.product(
      window.length * window.batchSize, outputSize, hiddenSize, window.hidden.pointer + window.hiddenCount,
      p + weights.offset,
      into: window.outputs.pointer, from: bias == nil ? KS_FROM_ZERO : KS_FROM_BIAS,
      bias: bias.map { UnsafePointer(p + $0.offset) })
  }

  /// The gradients of this layer's tensors, and dQ·W_hqᵀ in `window.preactivationGradient`.
  ///
  /// `transposed` [O, H] is room for W_hqᵀ.
  func backward(
    _ kernels: Kernels, _ parameters: FloatBuffer, _ gradients: FloatBuffer, _ window: Window, transposed: FloatBuffer
  ) {
    let (H, O, rows) = (hiddenSize, outputSize, window.length * window.batchSize)
    let (dq, g) = (window.outputGradient.pointer, gradients.pointer)
    kernels.transposedProduct(
      H, O, rows, window.hidden.pointer + window.hiddenCount, dq, into: g + weights.offset)
    if let bias {
      kernels.table.pointee.column_sums(rows, O, dq, g + bias.offset)
    }
    kernels.table.pointee.transpose(H, O, parameters.pointer + weights.offset, transposed.pointer)
    kernels.product(
      rows, H, O, dq, transposed.pointer, into: window.preactivationGradient.pointer, from: KS_FROM_ZERO)
  }
}
