import CKernels

/// Stochastic gradient descent (Robbins and Monro 1951) with momentum, as `torch.optim.SGD` with dampening 0.
///
/// With `g' = g + λp`: `m = μ m + g'`, `p = p - η m`, or with Nesterov's rule `p = p - η (g' + μ m)`; without momentum
/// `p = p - η g'`.
struct SGD: UpdateRule {
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
    var scalars = ks_sgd_scalars(
      step_size: Float(learningRate * Double(multiplicity)), momentum: Float(settings.momentum),
      l2: Float(settings.weightDecay / Double(multiplicity)), nesterov: settings.nesterov ? 1 : 0)
    return kernels.table.pointee.sgd(n, p, m, g, &scalars) != 0
  }
}
