import Recurrent

/// A network in training, as plainly as it can be driven: a window, its loss, an update, the states carried on.
struct Trainer {
  let network: Network
  let optimizer: Optimizer
  let window: Window
  let loss: Loss
  let clipping: Clipping

  init(
    _ configuration: NetworkConfiguration, kernels: Kernels, length: Int, batchSize: Int, seed: UInt64 = 1,
    learningRate: Double = 0.02, settings: OptimizerSettings? = nil, loss: Loss = .meanSquaredError,
    clipping: Clipping = Clipping()
  ) throws {
    let plan = ThreadPlan(configuration, window: length, batchSize: batchSize, threads: kernels.threads)
    network = try Network(configuration, kernels: kernels, seed: seed, plan: plan)
    optimizer = try Optimizer(settings ?? OptimizerSettings(.adam, learningRate: learningRate), for: network)
    self.loss = loss
    self.clipping = clipping
    window = try Window(length: length, batchSize: batchSize, configuration: configuration)
  }

  /// One step (from 1); its loss and gradient norm.
  func step(_ step: Int, _ x: [Float], _ y: [Float], carry: Bool = true) -> (loss: Double, norm: Double, finite: Bool) {
    window.inputs.set(x)
    window.targets.set(y)
    network.forward(window, step: step)
    let loss = network.loss(loss, window).mean
    network.backward(window, step: step)
    let norm = network.gradientNorm()
    network.clip(clipping, gradientNorm: norm)
    let finite = optimizer.update(network, step: step)
    if carry { window.carryStates() }
    return (loss, norm, finite)
  }
}
