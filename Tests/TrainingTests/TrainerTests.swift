import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// The loop against a plain twin of it, which knows nothing of stores.
@Suite struct TrainerTests {
  @Test(arguments: TrainingCase.all + [.table]) func everyStepIsThePlainLoops(training: TrainingCase) throws {
    let bench = try Bench()
    let request = try training.request()
    try bench.train(request)
    let run = try bench.content()
    let twin = try Twin(request, kernels: bench.kernels)
    for row in run.steps {
      let (loss, norm) = twin.step(row.step)
      #expect((row.loss.bitPattern, row.gradientNorm.bitPattern) == (loss.bitPattern, norm.bitPattern))
      if let state = run.hiddenStates.first(where: { $0.step == row.step }) {
        #expect(state.values.map(\.bitPattern) == twin.hidden.map(\.bitPattern), "step \(row.step)")
      }
    }
    for tensor in twin.network.directory.tensors(in: twin.network.parameters) {
      let recorded = run.checkpoints[60]?.tensors["weight \(tensor.name) \(tensor.shape)"]
      #expect(recorded == tensor.values.map(\.bitPattern), "\(tensor.name)")
    }
  }

  /// With weights that stay as they are, each pass over the data is like the first.
  @Test(arguments: [1, 3]) func everyPassBeginsAtZero(streams: Int) throws {
    let bench = try Bench()
    var request = try TrainingCase.table.request(steps: 35)
    request.hyperparameters.batchSize = streams
    request.hyperparameters.adam.learningRate = 1e-300  // zero in float32
    try bench.train(request)
    let windows = try #require(try request.data.windows(request.hyperparameters).windowsPerPass)
    #expect(windows < 35)
    let losses = try bench.content().steps.map(\.loss)
    #expect(losses.indices.allSatisfy { losses[$0] == losses[$0 % windows] })
    #expect(Set(losses).count == windows)
  }
}

/// Forward, backward, update, carry.
private final class Twin {
  let network: Network
  private let optimizer: Adam
  private let window: Window
  private let source: any WindowSource

  init(_ request: TrainingRequest, kernels: Kernels) throws {
    let values = request.hyperparameters
    network = try Network(values.network, kernels: kernels, seed: request.seed)
    optimizer = try Adam(values.adam, for: network, kernels: kernels)
    window = try Window(length: values.window, batchSize: values.batchSize, configuration: values.network)
    source = try request.data.windows(values)
  }

  /// H(T) of the last window.
  var hidden: [Float] { Array(window.hidden.values.suffix(window.hiddenCount)) }

  func step(_ step: Int) -> (loss: Double, gradientNorm: Double) {
    if step > 1 { window.carryHidden() }
    var index = step - 1
    if let windows = source.windowsPerPass {
      index %= windows
      if index == 0 { window.resetHidden() }
    }
    source.fill(window: index, inputs: window.inputs.pointer, targets: window.targets.pointer)
    network.forward(window)
    let loss = network.meanSquaredError(window)
    network.backward(window)
    let norm = network.gradientNorm()
    #expect(optimizer.update(network, step: step))
    return (loss, norm)
  }
}
