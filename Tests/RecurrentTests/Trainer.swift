import Recurrent

/// A network in training, as plainly as it can be driven: a window, its loss, an update, the hidden state carried on.
struct Trainer {
  let network: Network
  let adam: Adam
  let window: Window

  init(
    _ configuration: NetworkConfiguration, kernels: Kernels, length: Int, batchSize: Int, seed: UInt64 = 1,
    learningRate: Double = 0.02
  ) throws {
    network = try Network(configuration, kernels: kernels, seed: seed)
    adam = try Adam(Adam.Settings(learningRate: learningRate), for: network, kernels: kernels)
    window = try Window(length: length, batchSize: batchSize, configuration: configuration)
  }

  /// One step (from 1); its loss and gradient norm.
  func step(_ step: Int, _ x: [Float], _ y: [Float], carry: Bool = true) -> (loss: Double, norm: Double, finite: Bool) {
    window.inputs.set(x)
    window.targets.set(y)
    network.forward(window)
    let loss = network.meanSquaredError(window)
    network.backward(window)
    let norm = network.gradientNorm()
    let finite = adam.update(network, step: step)
    if carry { window.carryHidden() }
    return (loss, norm, finite)
  }
}
