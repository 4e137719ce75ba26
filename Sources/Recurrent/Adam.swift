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

  /// β₁ᵗ and β₂ᵗ for every t.
  struct Decay {
    let beta1: Powers
    let beta2: Powers

    init(_ settings: OptimizerSettings) {
      (beta1, beta2) = (Powers(settings.beta1), Powers(settings.beta2))
    }
  }

  init(_ settings: OptimizerSettings, _ decay: Decay, learningRate: Double, step: Int) {
    let isDecoupled = settings.kind == .adamw
    stepSize = learningRate / (1 - decay.beta1.power(step))
    l2 = isDecoupled ? 0 : settings.weightDecay
    scalars = ks_adam_scalars(
      one_minus_beta1: Float(1 - settings.beta1), beta2: Float(settings.beta2),
      one_minus_beta2: Float(1 - settings.beta2), step_size: Float(stepSize),
      inverse_root_correction2: Float(1 / (1 - decay.beta2.power(step)).squareRoot()),
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
}
