import CKernels

/// All that one window's forward and backward pass reads and writes, allocated once.
///
/// T time steps, B streams, I inputs, H hidden units, O outputs. Rows (t, b) lie in the order t, then b.
public final class Window {
  /// T.
  public let length: Int
  /// B.
  public let batchSize: Int
  /// X [T, B, I].
  public let inputs: FloatBuffer
  /// Y [T, B, O].
  public let targets: FloatBuffer
  /// H [T + 1, B, H]: the carried H(0), then H(1) … H(T).
  public let hidden: FloatBuffer
  /// Q [T, B, O].
  public let outputs: FloatBuffer
  /// ∂L/∂Q [T, B, O].
  let outputGradient: FloatBuffer
  /// ∂L/∂Z [T, B, H], where H(t) = φ(Z(t)).
  let preactivationGradient: FloatBuffer

  /// - Throws: `RecurrentError` when a size is below 1 or the memory can't be had.
  public init(length T: Int, batchSize B: Int, configuration: NetworkConfiguration) throws {
    try configuration.validate(window: T, batchSize: B)
    let (I, H, O) = (configuration.inputSize, configuration.hiddenSize, configuration.outputSize)
    self.length = T
    self.batchSize = B
    self.inputs = try FloatBuffer(count: T * B * I)
    self.targets = try FloatBuffer(count: T * B * O)
    self.hidden = try FloatBuffer(count: (T + 1) * B * H)
    self.outputs = try FloatBuffer(count: T * B * O)
    self.outputGradient = try FloatBuffer(count: T * B * O)
    self.preactivationGradient = try FloatBuffer(count: T * B * H)
  }

  /// Floats of one H(t), B · H.
  public var hiddenCount: Int { hidden.count / (length + 1) }

  /// H(0) [B, H], which a window starts from.
  public var carried: UnsafeMutablePointer<Float> { hidden.pointer }

  /// Carries H(T) over into the next window's H(0); gradients stop there.
  public func carryHidden() {
    hidden.pointer.update(from: hidden.pointer + length * hiddenCount, count: hiddenCount)
  }

  /// Starts the next window from H(0) = 0.
  public func resetHidden() {
    hidden.pointer.update(repeating: 0, count: hiddenCount)
  }
}
