/// One layer's and direction's memory of a window.
///
/// T time steps, B streams, H hidden units, P floats of one H(t). Rows lie in the order of time, also where the layer
/// reads backwards: its state before time t is then the one that stands at t + 1.
final class LayerWindow {
  let batchSize: Int
  let hiddenSize: Int
  let stateSize: Int
  let isReverse: Bool
  /// T of the window at hand.
  var length: Int

  /// H [T + 1, B, P]; the carried one stands first, or last where the layer reads backwards.
  let hidden: FloatBuffer
  /// An LSTM's C [T + 1, B, H], likewise.
  let cell: FloatBuffer
  /// An LSTM's tanh(C) [T, B, H].
  let tanhCell: FloatBuffer
  /// An LSTM's H(t) [T, B, H] before its projection.
  let unprojected: FloatBuffer
  /// Z, then the activations, then ∂L/∂Z [T, B, gates · H]; an RNN's Z is where its H will be, and its ∂L/∂Z where
  /// ∂L/∂H was.
  let gates: FloatBuffer
  /// ∂L/∂H [T, B, P].
  let hiddenGradient: FloatBuffer
  /// ∂L/∂C [B, H] on its way to earlier time steps.
  let cellGradient: FloatBuffer
  /// ∂L/∂H [B, H] before the projection.
  let unprojectedGradient: FloatBuffer
  /// H after dropout [T, B, P], for the layer above.
  let dropped: FloatBuffer

  init(length T: Int, batchSize B: Int, configuration: NetworkConfiguration, place: LayerPlace) throws {
    let (H, P) = (configuration.hiddenSize, configuration.stateSize)
    let isLSTM = configuration.cell == .lstm
    let isProjected = configuration.projectionSize > 0
    let isDropped = configuration.dropout > 0 && place.layer < configuration.numLayers - 1
    batchSize = B
    hiddenSize = H
    stateSize = P
    isReverse = place.isReverse
    length = T
    hidden = try FloatBuffer(count: (T + 1) * B * P)
    cell = try FloatBuffer(count: isLSTM ? (T + 1) * B * H : 0)
    tanhCell = try FloatBuffer(count: isLSTM ? T * B * H : 0)
    unprojected = try FloatBuffer(count: isProjected ? T * B * H : 0)
    gates = try FloatBuffer(count: configuration.cell == .rnn ? 0 : T * B * 4 * H)
    hiddenGradient = try FloatBuffer(count: T * B * P)
    cellGradient = try FloatBuffer(count: isLSTM ? B * H : 0)
    unprojectedGradient = try FloatBuffer(count: isProjected ? B * H : 0)
    dropped = try FloatBuffer(count: isDropped ? T * B * P : 0)
  }

  /// Floats of one H(t), B · P.
  var hiddenCount: Int { batchSize * stateSize }
  /// Floats of one C(t), B · H.
  var cellCount: Int { batchSize * hiddenSize }

  /// H of the window's time steps [T, B, P].
  var states: UnsafeMutablePointer<Float> { isReverse ? hidden.pointer : hidden.pointer + hiddenCount }
  /// For each time step the H [T, B, P] that it starts from.
  var previousStates: UnsafeMutablePointer<Float> { isReverse ? hidden.pointer + hiddenCount : hidden.pointer }
  /// C of the window's time steps [T, B, H].
  var cells: UnsafeMutablePointer<Float> { isReverse ? cell.pointer : cell.pointer + cellCount }
  /// For each time step the C [T, B, H] that it starts from.
  var previousCells: UnsafeMutablePointer<Float> { isReverse ? cell.pointer + cellCount : cell.pointer }

  /// H [B, P] that the window starts from.
  var carriedHidden: UnsafeMutablePointer<Float> {
    isReverse ? hidden.pointer + length * hiddenCount : hidden.pointer
  }
  /// C [B, H] that the window starts from.
  var carriedCell: UnsafeMutablePointer<Float> {
    isReverse ? cell.pointer + length * cellCount : cell.pointer
  }

  /// The time that is the i-th to be computed.
  func time(_ i: Int) -> Int { isReverse ? length - 1 - i : i }

  /// Carries the last states over into the next window, of `next` time steps; gradients stop there.
  func carry(into next: Int) {
    let last = isReverse ? 0 : length
    let (h, c) = (hidden.pointer + last * hiddenCount, cell.pointer + last * cellCount)
    length = next
    carriedHidden.update(from: h, count: hiddenCount)
    if cell.count > 0 { carriedCell.update(from: c, count: cellCount) }
  }

  /// Starts the next window from zero.
  func reset() {
    carriedHidden.update(repeating: 0, count: hiddenCount)
    if cell.count > 0 { carriedCell.update(repeating: 0, count: cellCount) }
  }
}
