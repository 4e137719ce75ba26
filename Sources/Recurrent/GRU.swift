import CKernels

/// Gated recurrent unit (Cho et al. 2014, in the variant of `torch.nn.GRU`, whose mathematics it has).
///
/// For the gates r and z: `Z(t) = b_h + X(t)·W_xh + H(t-1)·W_hh`; `r, z = σ(Z)`. For the candidate n the two products
/// and their biases stay apart, as the reset gate acts between them: `q = b_hn + H(t-1)·W_hh`,
/// `n = tanh(b_xn + X(t)·W_xh + r ⊙ q)`, `H(t) = n + z ⊙ (H(t-1) - n)`. The weights' columns are in the order r, z, n.
///
/// Backwards, with dH = ∂L/∂H(t): `dn = dH ⊙ (1-z) ⊙ (1-n²)`, `dz = dH ⊙ (H(t-1) - n) ⊙ z(1-z)`,
/// `dr = dn ⊙ q ⊙ r(1-r)`, `dq = dn ⊙ r`; ∂L/∂H(t-1) gains `dH ⊙ z` before the products with W_hhᵀ.
///
/// A row of Z holds r, z, n and q.
struct GRU: Cell {
  let kernels: Kernels

  static let gates = GateLayout(
    placeCount: 4,
    input: [(GateGroup(column: 0, count: 2, place: 0), "b_h"), (GateGroup(column: 2, count: 1, place: 2), "b_xn")],
    hidden: [
      (GateGroup(column: 0, count: 2, place: 0, goesOn: true), ""), (GateGroup(column: 2, count: 1, place: 3), "b_hn"),
    ])

  func forward(_ window: LayerWindow, time t: Int, _ share: Share) {
    let (H, units) = (window.hiddenSize, share.units(window.hiddenSize))
    let row = t * window.batchSize + share.streams.lowerBound
    let own = row * H + units.lowerBound
    kernels.table.pointee.gru(
      share.streams.count, units.count, window.gates + row * 4 * H + units.lowerBound, 4 * H, H,
      window.previousStates + own, window.states + own, H)
  }

  func backward(_ window: LayerWindow, time t: Int, previous: Int?, _ share: Share) {
    let (H, B) = (window.hiddenSize, window.batchSize)
    let units = share.units(H)
    let row = t * B + share.streams.lowerBound
    let own = row * H + units.lowerBound
    let dh = window.hiddenGradient
    kernels.table.pointee.gru_backward(
      share.streams.count, units.count, window.gates + row * 4 * H + units.lowerBound, 4 * H, H,
      window.previousStates + own, dh + own, previous.map { dh + own + ($0 - t) * B * H }, H)
  }
}
