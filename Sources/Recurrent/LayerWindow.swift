/// One layer's and direction's memory of a window; whoever makes it holds the memory.
///
/// T time steps, B streams, H hidden units, P floats of one H(t). Rows lie in the order of time, also where the layer
/// reads backwards: its state before time t is then the one that stands at t + 1.
struct LayerWindow: BitwiseCopyable {
  let batchSize: Int
  let hiddenSize: Int
  let stateSize: Int
  let isReverse: Bool
  /// Is there a C?
  let hasCell: Bool
  /// Has Z a place of its own?
  let hasGates: Bool
  /// Is there dropout behind it?
  let isDropped: Bool
  /// T of the window at hand.
  var length: Int

  /// H [T + 1, B, P]; the carried one stands first, or last where the layer reads backwards.
  let hidden: UnsafeMutablePointer<Float>
  /// An LSTM's C [T + 1, B, H], likewise.
  let cell: UnsafeMutablePointer<Float>
  /// An LSTM's tanh(C) [T, B, H].
  let tanhCell: UnsafeMutablePointer<Float>
  /// An LSTM's H(t) [T, B, H] before its projection.
  let unprojected: UnsafeMutablePointer<Float>
  /// Z, then the activations, then ∂L/∂Z [T, B, gates · H]; an RNN's Z is where its H will be, and its ∂L/∂Z where
  /// ∂L/∂H was.
  let gates: UnsafeMutablePointer<Float>
  /// ∂L/∂H [T, B, P].
  let hiddenGradient: UnsafeMutablePointer<Float>
  /// ∂L/∂C [B, H] on its way to earlier time steps.
  let cellGradient: UnsafeMutablePointer<Float>
  /// ∂L/∂H [B, H] before the projection.
  let unprojectedGradient: UnsafeMutablePointer<Float>
  /// H after dropout [T, B, P], for the layer above.
  let dropped: UnsafeMutablePointer<Float>

  init(
    length T: Int, batchSize B: Int, configuration: NetworkConfiguration, place: LayerPlace,
    holder: inout Holder
  ) throws {
    let (H, P) = (configuration.hiddenSize, configuration.stateSize)
    let isLSTM = configuration.cell == .lstm
    let isProjected = configuration.projectionSize > 0
    isDropped = configuration.dropout > 0 && place.layer < configuration.numLayers - 1
    batchSize = B
    hiddenSize = H
    stateSize = P
    isReverse = place.isReverse
    hasCell = isLSTM
    hasGates = configuration.cell != .rnn
    length = T
    hidden = try holder.buffer((T + 1) * B * P)
    cell = try holder.buffer(isLSTM ? (T + 1) * B * H : 0)
    tanhCell = try holder.buffer(isLSTM ? T * B * H : 0)
    unprojected = try holder.buffer(isProjected ? T * B * H : 0)
    gates = try holder.buffer(hasGates ? T * B * 4 * H : 0)
    hiddenGradient = try holder.buffer(T * B * P)
    cellGradient = try holder.buffer(isLSTM ? B * H : 0)
    unprojectedGradient = try holder.buffer(isProjected ? B * H : 0)
    dropped = try holder.buffer(isDropped ? T * B * P : 0)
  }

  /// Floats of one H(t), B · P.
  var hiddenCount: Int { batchSize * stateSize }
  /// Floats of one C(t), B · H.
  var cellCount: Int { batchSize * hiddenSize }

  /// H of the window's time steps [T, B, P].
  var states: UnsafeMutablePointer<Float> { isReverse ? hidden : hidden + hiddenCount }
  /// For each time step the H [T, B, P] that it starts from.
  var previousStates: UnsafeMutablePointer<Float> { isReverse ? hidden + hiddenCount : hidden }
  /// C of the window's time steps [T, B, H].
  var cells: UnsafeMutablePointer<Float> { isReverse ? cell : cell + cellCount }
  /// For each time step the C [T, B, H] that it starts from.
  var previousCells: UnsafeMutablePointer<Float> { isReverse ? cell + cellCount : cell }

  /// H [B, P] that the window starts from.
  var carriedHidden: UnsafeMutablePointer<Float> {
    isReverse ? hidden + length * hiddenCount : hidden
  }
  /// C [B, H] that the window starts from.
  var carriedCell: UnsafeMutablePointer<Float> {
    isReverse ? cell + length * cellCount : cell
  }

  /// The time that is the i-th to be computed.
  func time(_ i: Int) -> Int { isReverse ? length - 1 - i : i }

  /// Carries the last states over into the next window, of `next` time steps; gradients stop there.
  mutating func carry(into next: Int) {
    let last = isReverse ? 0 : length
    let (h, c) = (hidden + last * hiddenCount, cell + last * cellCount)
    length = next
    carriedHidden.update(from: h, count: hiddenCount)
    if hasCell { carriedCell.update(from: c, count: cellCount) }
  }

  /// Starts the next window from zero.
  func reset() {
    carriedHidden.update(repeating: 0, count: hiddenCount)
    if hasCell { carriedCell.update(repeating: 0, count: cellCount) }
  }
}
