import CKernels

/// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019), in the order of operations of
/// `torch.optim.Adam` and `AdamW`.
///
/// With g the gradient at step t: `m = m + (1 - β₁)(g - m)`, `v = β₂ v + (1 - β₂) g²`,
/// `p = p - η / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`. Weight decay: Adam's `g + λp` stands for g, AdamW's
/// `p (1 - ηλ)` for p.
struct Adam: UpdateRule {
  private let scalars: ks_adam_scalars
  private let stepSize: Double
  private let l2: Double

  init(_ settings: OptimizerSettings, learningRate: Double, step: Int) {
    let isDecoupled = settings.kind == .adamw
    stepSize = learningRate / (1 - Adam.power(settings.beta1, step))
    l2 = isDecoupled ? 0 : settings.weightDecay
    scalars = ks_adam_scalars(
      one_minus_beta1: Float(1 - settings.beta1), beta2: Float(settings.beta2),
      one_minus_beta2: Float(1 - settings.beta2), step_size: Float(stepSize),
      inverse_root_correction2: Float(1 / (1 - Adam.power(settings.beta2, step)).squareRoot()),
      epsilon: Float(settings.epsilon), l2: Float(l2),
      keep: isDecoupled ? Float(1 - learningRate * settings.weightDecay) : 1)
  }

  func update(
    _ n: Int, _ p: UnsafeMutablePointer<Float>, m: UnsafeMutablePointer<Float>?, v: UnsafeMutablePointer<Float>?,
    _ g: UnsafePointer<Float>, multiplicity: Int, _ kernels: Kernels
  ) -> Bool {
    guard let m, let v else { preconditionFailure("Adam has two moments") }
    var scalars = scalars
    scalars.step_size = Float(stepSize * Double(multiplicity))
    scalars.l2 = Float(l2 / Double(multiplicity))
    return kernels.table.pointee.adam(n, p, m, v, g, &scalars) != 0
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
