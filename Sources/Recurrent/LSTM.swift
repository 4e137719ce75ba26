import CKernels

/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). Same mathematics
/// as `torch.nn.LSTM`.
///
/// For each of the gates i, f, g, o, in this order: `Z(t) = b_h + X(t)·W_xh + H(t-1)·W_hh`. Then `i, f, o = σ(Z)`,
/// `g = tanh(Z)`, `C(t) = f ⊙ C(t-1) + i ⊙ g`, `H(t) = o ⊙ tanh(C(t))`; with a projection (Sak et al. 2014)
/// `H(t) = (o ⊙ tanh(C(t)))·W_hr`, W_hr [H, P].
///
/// Backwards, with dH = ∂L/∂H(t), before the projection `dH·W_hrᵀ`, and dC = ∂L/∂C(t) as later times have it:
/// `dC' = dC + dH ⊙ o ⊙ (1 - tanh²C)`; `di = dC' ⊙ g ⊙ i(1-i)`, `df = dC' ⊙ C(t-1) ⊙ f(1-f)`, `dg = dC' ⊙ i ⊙ (1-g²)`,
/// `do = dH ⊙ tanh C ⊙ o(1-o)`; for the time before, `dC = dC' ⊙ f`. `dW_hr = (o ⊙ tanh C)ᵀ·dH` over all rows.
struct LSTM: Cell {
  let kernels: Kernels
  let projection: Projection?

  static let gates = GateLayout(
    placeCount: 4, input: [(GateGroup(column: 0, count: 4, place: 0), "b_h")],
    hidden: [(GateGroup(column: 0, count: 4, place: 0, goesOn: true), "")])

  func forward(_ window: LayerWindow, time t: Int, _ share: Share) {
    let (H, units) = (window.hiddenSize, share.units(window.hiddenSize))
    let row = t * window.batchSize + share.streams.lowerBound
    let own = row * H + units.lowerBound
    let h = projection == nil ? window.states : window.unprojected
    kernels.table.pointee.lstm(
      share.streams.count, units.count, window.gates + row * 4 * H + units.lowerBound, 4 * H, H,
      window.previousCells + own, window.cells + own, window.tanhCell + own, h + own, H)
    projection?.forward(window, row: row, share)
  }

  func backward(_ window: LayerWindow, time t: Int, previous: Int?, _ share: Share) {
    let (H, units) = (window.hiddenSize, share.units(window.hiddenSize))
    let row = t * window.batchSize + share.streams.lowerBound
    let own = row * H + units.lowerBound
    let ownOfCell = share.streams.lowerBound * H + units.lowerBound
    let dc = window.cellGradient + ownOfCell
    if t == window.time(window.length - 1) {
      for b in 0..<share.streams.count { (dc + b * H).update(repeating: 0, count: units.count) }
    }
    projection?.backward(window, row: row, share)
    let dh = projection == nil ? window.hiddenGradient + own : window.unprojectedGradient + ownOfCell
    kernels.table.pointee.lstm_backward(
      share.streams.count, units.count, window.gates + row * 4 * H + units.lowerBound, 4 * H, H,
      window.previousCells + own, window.tanhCell + own, dh, dc, H)
  }

  func pack(_ share: Share) {
    projection?.weights.pack(share)
    projection?.transposed.pack(share)
  }

  func gradients(_ window: LayerWindow, _ gradients: FloatBuffer, _ share: Share) {
    projection?.gradient(window, gradients, share)
  }
}

/// The projection of an LSTM's hidden units [H] to its state [P].
struct Projection: BitwiseCopyable {
  let kernels: Kernels
  /// Of W_hr in the flat buffers.
  let offset: Int
  /// W_hr [H, P].
  let weights: PackedMatrix
  /// W_hrᵀ [P, H].
  let transposed: PackedMatrix

  init(
    _ kernels: Kernels, _ entry: TensorDirectory.Entry, _ parameters: FloatBuffer, _ shares: [Share],
    _ holder: inout Holder
  ) throws {
    let (H, P) = (entry.shape[0], entry.shape[1])
    self.kernels = kernels
    offset = entry.offset
    weights = try PackedMatrix(
      kernels, parameters.pointer + entry.offset, rows: H, units: P, rowStride: P, shares: shares,
      holder: &holder)
    transposed = try PackedMatrix(
      kernels, parameters.pointer + entry.offset, rows: P, units: H, rowStride: 1, columnStride: P, shares: shares,
      holder: &holder)
  }

  func forward(_ window: LayerWindow, row: Int, _ share: Share) {
    let (H, P) = (window.hiddenSize, window.stateSize)
    weights.product(
      share.streams.count, window.unprojected + row * H, aRow: H, into: window.states + row * P, cRow: P,
      from: KS_FROM_ZERO, share)
  }

  func backward(_ window: LayerWindow, row: Int, _ share: Share) {
    let (H, P) = (window.hiddenSize, window.stateSize)
    transposed.product(
      share.streams.count, window.hiddenGradient + row * P, aRow: P,
      into: window.unprojectedGradient + share.streams.lowerBound * H, cRow: H, from: KS_FROM_ZERO, share)
  }

  func gradient(_ window: LayerWindow, _ gradients: FloatBuffer, _ share: Share) {
    let (H, P) = (window.hiddenSize, window.stateSize)
    let own = share.columns(P)
    kernels.table.pointee.product(
      H, own.count, window.length * window.batchSize, window.unprojected, 1, H,
      window.hiddenGradient + own.lowerBound, P, gradients.pointer + offset + own.lowerBound, P,
      KS_FROM_ZERO, nil)
  }
}
