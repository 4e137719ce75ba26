import CKernels

/// A recurrent layer with a single gate, the textbook's RNN (Elman 1990). Same mathematics as `torch.nn.RNN`.
///
/// For each time step: `Z(t) = b_h + X(t)·W_xh + H(t-1)·W_hh`, `H(t) = φ(Z(t))`; φ is tanh or relu.
/// Shapes: X [T, B, I], H [T + 1, B, H] with the carried state first, W_xh [I, H], W_hh [H, H], b_h [H].
///
/// Backwards, from ∂L/∂Q of the output layer: `dH(t) = dQ(t)·W_hqᵀ + dZ(t+1)·W_hhᵀ`, `dZ(t) = dH(t) ⊙ φ'(Z(t))`, and
/// over all rows of the window `dW_xh = Xᵀ·dZ`, `dW_hh = H(t-1)ᵀ·dZ`, `db_h = Σ dZ`.
struct RNN {
  let inputSize: Int
  let hiddenSize: Int
  let nonlinearity: Nonlinearity
  let inputWeights: TensorDirectory.Entry
  let hiddenWeights: TensorDirectory.Entry
  let bias: TensorDirectory.Entry?

  /// H(1) … H(T) from X and H(0).
  func forward(_ kernels: Kernels, _ parameters: FloatBuffer, _ window: Window) {
    let (T, B, I, H) = (window.length, window.batchSize, inputSize, hiddenSize)
    let p = parameters.pointer
    let activate = nonlinearity == .tanh ? kernels.table.pointee.tanh : kernels.table.pointee.relu
    let (h, row) = (window.hidden.pointer, B * H)
    // Z starts as b_h + X·W_xh for all time steps at once; the chains then go on through H(t-1)·W_hh.
    kernels.product(
      T * B, H, I, window.inputs.pointer, p + inputWeights.offset, into: h + row,
      from: bias == nil ? KS_FROM_ZERO : KS_FROM_BIAS, bias: bias.map { UnsafePointer(p + $0.offset) })
    for t in 1...T {
      let z = h + t * row
      kernels.product(B, H, H, h + (t - 1) * row, p + hiddenWeights.offset, into: z, from: KS_CONTINUE)
      activate(row, z, z)
    }
  }

  /// The gradients of this layer's tensors; `window.preactivationGradient` holds dQ·W_hqᵀ and becomes dZ.
  ///
  /// `transposed` [H, H] is room for W_hhᵀ, whose rows the vectors run along.
  func backward(
    _ kernels: Kernels, _ parameters: FloatBuffer, _ gradients: FloatBuffer, _ window: Window, transposed: FloatBuffer
  ) {
    let (T, B, I, H) = (window.length, window.batchSize, inputSize, hiddenSize)
    let derive = nonlinearity == .tanh ? kernels.table.pointee.tanh_backward : kernels.table.pointee.relu_backward
    let (h, dz, row) = (window.hidden.pointer, window.preactivationGradient.pointer, B * H)
    kernels.table.pointee.transpose(H, H, parameters.pointer + hiddenWeights.offset, transposed.pointer)
    for t in stride(from: T, through: 1, by: -1) {
      let dh = dz + (t - 1) * row
      if t < T {
        kernels.product(B, H, H, dz + t * row, transposed.pointer, into: dh, from: KS_CONTINUE)
      }
      derive(row, h + t * row, dh, dh)
    }
    let g = gradients.pointer
    kernels.transposedProduct(I, H, T * B, window.inputs.pointer, dz, into: g + inputWeights.offset)
    kernels.transposedProduct(H, H, T * B, h, dz, into: g + hiddenWeights.offset)
    if let bias {
      kernels.table.pointee.column_sums(T * B, H, dz, g + bias.offset)
    }
  }
}
