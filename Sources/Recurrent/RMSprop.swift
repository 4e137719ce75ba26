import CKernels

/// RMSprop (Hinton 2012, lecture 6e), as `torch.optim.RMSprop`, not centered.
///
/// With `g' = g + λp`: `v = α v + (1 - α) g'²`, `d = √v + ε`; `p = p - η g' / d`, or with momentum
/// `m = μ m + g' / d`, `p = p - η m`.
struct RMSprop: UpdateRule {
  private let settings: OptimizerSettings
  private let learningRate: Double

  init(_ settings: OptimizerSettings, learningRate: Double) {
    self.settings = settings
    self.learningRate = learningRate
  }

  func update(
    _ n: Int, _ p: UnsafeMutablePointer<Float>, m: UnsafeMutablePointer<Float>?, v: UnsafeMutablePointer<Float>?,
    _ g: UnsafePointer<Float>, multiplicity: Int, _ kernels: Kernels
  ) -> Bool {
    guard let v else { preconditionFailure("RMSprop has the mean of squares") }
    var scalars = ks_rmsprop_scalars(
      step_size: Float(learningRate * Double(multiplicity)), alpha: Float(settings.alpha),
      one_minus_alpha: Float(1 - settings.alpha), epsilon: Float(settings.epsilon),
      momentum: Float(settings.momentum), l2: Float(settings.weightDecay / Double(multiplicity)))
    return kernels.table.pointee.rmsprop(n, p, m, v, g, &scalars) != 0
  }
}
