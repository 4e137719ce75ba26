/// Rows [T · B, width] of a window, side by side.
struct Rows: BitwiseCopyable {
  let pointer: UnsafeMutablePointer<Float>
  let width: Int
}

/// All that one window's forward and backward pass reads and writes, allocated once.
///
/// T time steps, B streams, I inputs, O outputs. Rows (t, b) lie in the order t, then b.
public final class Window {
  /// T of the window at hand, at most as many as there is room for.
  public private(set) var length: Int
  /// The largest T.
  public let capacity: Int
  /// B.
  public let batchSize: Int
  /// X [T, B, I].
  public let inputs: FloatBuffer
  /// Y [T, B, O], or class numbers [T, B, 1].
  public let targets: FloatBuffer
  /// Q [T, B, O].
  public let outputs: FloatBuffer
  /// The carried states, by name: H [B, P] of each layer and direction, and an LSTM's C [B, H].
  public let states: TensorDirectory

  /// ∂L/∂Q [T, B, O].
  let outputGradient: FloatBuffer
  /// The memory of each layer and direction, in the order of the tensors.
  let places: UnsafeMutableBufferPointer<LayerWindow>
  /// What each layer reads, the output layer last: in training after dropout.
  private let rowsInTraining: [UnsafeBufferPointer<Rows>]
  private let rowsInEvaluation: [UnsafeBufferPointer<Rows>]
  /// ∂L/∂H of each layer.
  private let gradientRows: [UnsafeBufferPointer<Rows>]
  private let holder: Holder

  /// - Throws: `RecurrentError` when a size is below 1 or the memory can't be had.
  public init(length T: Int, batchSize B: Int, configuration: NetworkConfiguration) throws {
    try configuration.validate(window: T, batchSize: B)
    let (I, O) = (configuration.inputSize, configuration.outputSize)
    length = T
    capacity = T
    batchSize = B
    inputs = try FloatBuffer(count: T * B * I)
    targets = try FloatBuffer(count: T * B * O)
    outputs = try FloatBuffer(count: T * B * O)
    states = TensorDirectory(statesOf: configuration, batchSize: B)
    outputGradient = try FloatBuffer(count: T * B * O)
    var holder = Holder()
    let places = try configuration.places.map {
      try LayerWindow(length: T, batchSize: B, configuration: configuration, place: $0, holder: &holder)
    }
    let (D, P) = (configuration.directionCount, configuration.stateSize)
    /// A part a direction for each layer.
    func rows(_ pointer: (LayerWindow) -> UnsafeMutablePointer<Float>) -> [UnsafeBufferPointer<Rows>] {
      (0..<configuration.numLayers).map { layer in
        holder.pin(places[layer * D..<(layer + 1) * D].map { Rows(pointer: pointer($0), width: P) })
      }
    }
    let inputRows = holder.pin([Rows(pointer: inputs.pointer, width: I)])
    rowsInTraining = [inputRows] + rows { $0.isDropped ? $0.dropped : $0.states }
    rowsInEvaluation = [inputRows] + rows { $0.states }
    gradientRows = rows { $0.hiddenGradient }
    self.places = holder.pinMutable(places)
    self.holder = holder
  }

  /// What a layer reads; that of index `numLayers` is the output layer.
  func rows(ofLayer layer: Int, isTraining: Bool) -> UnsafeBufferPointer<Rows> {
    isTraining ? rowsInTraining[layer] : rowsInEvaluation[layer]
  }

  /// ∂L/∂H of a layer.
  func gradientRows(ofLayer layer: Int) -> UnsafeBufferPointer<Rows> {
    gradientRows[layer]
  }

  /// H(1) … H(T) [T, B, P] of a layer and direction, in the order of the tensors; after `forward`.
  public func hiddenStates(ofPlace index: Int = 0) -> [Float] {
    let place = places[index]
    return Array(UnsafeBufferPointer(start: place.states, count: length * place.hiddenCount))
  }

  /// Carries the last states over into the next window; gradients stop there.
  ///
  /// - Parameter length: the next window's T, where it is another one.
  /// - Precondition: `length` is from 1 to `capacity`.
  public func carryStates(length: Int? = nil) {
    let next = length ?? self.length
    precondition((1...capacity).contains(next))
    for index in places.indices { places[index].carry(into: next) }
    self.length = next
  }

  /// Starts the next window from states of zero.
  public func resetStates() {
    for place in places { place.reset() }
  }

  /// Copies the carried states out, in the order of `states`.
  public func copyStates(to buffer: FloatBuffer) {
    forEachState { buffer.pointer.advanced(by: $0.offset).update(from: $1, count: $0.count) }
  }

  /// Goes on from states in the order of `states`.
  public func setStates(from buffer: FloatBuffer) {
    forEachState { $1.update(from: buffer.pointer + $0.offset, count: $0.count) }
  }

  private func forEachState(_ body: (TensorDirectory.Entry, UnsafeMutablePointer<Float>) -> Void) {
    var index = 0
    for place in places {
      body(states.entries[index], place.carriedHidden)
      index += 1
      if place.hasCell {
        body(states.entries[index], place.carriedCell)
        index += 1
      }
    }
  }
}
