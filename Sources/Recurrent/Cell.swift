import CKernels

/// What makes a recurrent layer an RNN, an LSTM or a GRU: what happens between the products of a time step.
///
/// `ThroughTime` does what all have in common. For each gate, Z(t) starts as `b + X(t)·W_xh` and goes on with
/// `H(t-1)·W_hh`; backwards, ∂L/∂H(t) starts as what the layer above says and goes on with `∂L/∂Z(t+1)·W_hhᵀ`, and the
/// weights' gradients are products over all rows of the window.
protocol Cell {
  /// Which gates stand where.
  static var gates: GateLayout { get }

  /// From Z(t) to H(t), for the share's streams and units.
  func forward(_ window: LayerWindow, time t: Int, _ share: Share)

  /// From ∂L/∂H(t) to ∂L/∂Z(t), likewise.
  ///
  /// - Parameter previous: the time whose state t starts from; nil where it is the carried one.
  func backward(_ window: LayerWindow, time t: Int, previous: Int?, _ share: Share)

  /// Packs the weights that the cell itself has, for the forward and the backward pass.
  func pack(_ share: Share)

  /// The gradients of the weights that the cell itself has.
  func gradients(_ window: LayerWindow, _ gradients: FloatBuffer, _ share: Share)

  /// H of all time steps; as a requirement it is compiled for each cell.
  func forwardThroughTime(_ weights: LayerWeights, _ window: LayerWindow, _ share: Share)

  /// ∂L/∂Z of all time steps, likewise.
  func backwardThroughTime(_ weights: LayerWeights, _ window: LayerWindow, _ share: Share)
}

extension Cell {
  func pack(_ share: Share) {}
  func gradients(_ window: LayerWindow, _ gradients: FloatBuffer, _ share: Share) {}
}

/// Gates side by side whose products are one.
struct GateGroup: BitwiseCopyable {
  /// Their columns in W_xh or W_hh, in units of H: the first and how many.
  let column: Int
  let count: Int
  /// The place of the first in a row of Z, in units of H.
  let place: Int
  /// Do its chains go on from what the other product left?
  var goesOn = false
}

/// Which gates stand where, in the weights and in Z.
struct GateLayout {
  /// Gates in a row of Z.
  let placeCount: Int
  /// The groups of X(t)·W_xh, each with the name of its bias, without the layer's suffix.
  let input: [(GateGroup, bias: String)]
  /// The groups of H(t-1)·W_hh, likewise; no name where there is none.
  let hidden: [(GateGroup, bias: String)]
}
