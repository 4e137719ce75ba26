import CKernels

/// Adam (Kingma and Ba 2015, algorithm 1), in the order of operations of `torch.optim.Adam`.
///
/// With g the gradient at step t: `m = m + (1 - β₁)(g - m)`, `v = β₂ v + (1 - β₂) g²`,
/// `p = p - η / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`. t is the run's step, so that there is no counter to keep.
public final class Adam {
  /// The scalars of the rule.
  public struct Settings: Sendable, Hashable {
    /// η.
    public var learningRate: Double
    /// β₁.
    public var beta1 = 0.9
    /// β₂.
    public var beta2 = 0.999
    /// ε.
    public var epsilon = 1e-8

    /// PyTorch's defaults, but for the learning rate.
    public init(learningRate: Double) {
      self.learningRate = learningRate
    }
  }

  /// The scalars of the rule.
  public let settings: Settings
  /// First moments, in the network's flat order.
  public let m: FloatBuffer
  /// Second moments, in the network's flat order.
  public let v: FloatBuffer

  private let kernels: Kernels
  private let directory: TensorDirectory

  /// - Throws: `RecurrentError` when the memory can't be had.
  public init(_ settings: Settings, for network: Network, kernels: Kernels) throws {
    self.settings = settings
    self.kernels = kernels
    self.directory = network.directory
    self.m = try FloatBuffer(count: network.directory.count)
    self.v = try FloatBuffer(count: network.directory.count)
  }

  /// One update of the network's parameters from its gradients, as the `step`-th (from 1).
  ///
  /// - Returns: false when a parameter or a moment is not finite afterwards.
  public func update(_ network: Network, step: Int) -> Bool {
    let correction1 = 1 - Adam.power(settings.beta1, step)
    let correction2 = 1 - Adam.power(settings.beta2, step)
    var finite = true
    for entry in directory.entries {
      var scalars = ks_adam_scalars(
        one_minus_beta1: Float(1 - settings.beta1), beta2: Float(settings.beta2),
        one_minus_beta2: Float(1 - settings.beta2),
        step_size: Float(settings.learningRate / correction1 * Double(entry.multiplicity)),
        inverse_root_correction2: Float(1 / correction2.squareRoot()), epsilon: Float(settings.epsilon))
      let updated = kernels.table.pointee.adam(
        entry.count, network.parameters.pointer + entry.offset, m.pointer + entry.offset, v.pointer + entry.offset,
        network.gradients.pointer + entry.offset, &scalars)
      finite = finite && updated != 0
    }
    return finite
  }

  /// `base` to the power `exponent` by repeated squaring: a pure function of the step, and no libm in a kept result.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
