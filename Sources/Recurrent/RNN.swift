import CKernels

/// The textbook's RNN (Elman 1990) with a single gate. Same mathematics as `torch.nn.RNN`.
///
/// `Z(t) = b_h + X(t)·W_xh + H(t-1)·W_hh`, `H(t) = φ(Z(t))`; φ is tanh or relu.
/// Backwards: `∂L/∂Z(t) = ∂L/∂H(t) ⊙ φ'(Z(t))`; both derivatives follow from H(t).
///
/// Z stands where H will be, and ∂L/∂Z where ∂L/∂H was.
struct RNN: Cell {
  let kernels: Kernels
  let nonlinearity: Nonlinearity

  static let gates = GateLayout(
    placeCount: 1, input: [(GateGroup(column: 0, count: 1, place: 0), "b_h")],
    hidden: [(GateGroup(column: 0, count: 1, place: 0, goesOn: true), "")])

  func forward(_ window: LayerWindow, time t: Int, _ share: Share) {
    let activate = nonlinearity == .tanh ? kernels.table.pointee.tanh : kernels.table.pointee.relu
    forEachRun(window, t, share) { offset, count in
      let z = window.states + offset
      activate(count, z, z)
    }
  }

  func backward(_ window: LayerWindow, time t: Int, previous: Int?, _ share: Share) {
    let derive = nonlinearity == .tanh ? kernels.table.pointee.tanh_backward : kernels.table.pointee.relu_backward
    forEachRun(window, t, share) { offset, count in
      let dh = window.hiddenGradient + offset
      derive(count, window.states + offset, dh, dh)
    }
  }

  /// The floats of time t that are the share's, as runs side by side.
  @inline(__always)
  private func forEachRun(_ window: LayerWindow, _ t: Int, _ share: Share, _ body: (Int, Int) -> Void) {
    let (H, units) = (window.hiddenSize, share.units(window.hiddenSize))
    let first = (t * window.batchSize + share.streams.lowerBound) * H
    if units.count == H {
      body(first, share.streams.count * H)
    } else {
      for b in 0..<share.streams.count { body(first + b * H + units.lowerBound, units.count) }
    }
  }
}
