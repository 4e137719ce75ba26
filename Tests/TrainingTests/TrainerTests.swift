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
      let states = run.hiddenStates.filter { $0.step == row.step }
      #expect(states.isEmpty || states.count == twin.window.states.entries.count)
      for state in states {
        let expected = try twin.states.first { $0.name == state.name }
        #expect(state.values.map(\.bitPattern) == expected?.values.map(\.bitPattern), "\(state.name), step \(row.step)")
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
    request.hyperparameters.optimizer.learningRate = 1e-300  // zero in float32
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
  let window: Window
  private let optimizer: Optimizer
  private let source: any WindowSource
  private let values: Hyperparameters
  /// Losses since the last evaluation, and what they mean for the schedule.
  private var losses: [Double] = []
  private var plateau = PlateauState()

  init(_ request: TrainingRequest, kernels: Kernels) throws {
    values = request.hyperparameters
    network = try Network(values.network, kernels: kernels, seed: request.seed)
    optimizer = try Optimizer(values.optimizer, for: network)
    window = try Window(length: values.window, batchSize: values.batchSize, configuration: values.network)
    source = try request.data.windows(values)
  }

  /// The states that the next window starts from.
  var states: [NamedTensor] {
    get throws {
      let buffer = try FloatBuffer(count: window.states.count)
      window.copyStates(to: buffer)
      return window.states.tensors(in: buffer)
    }
  }

  func step(_ step: Int) -> (loss: Double, gradientNorm: Double) {
    var index = step - 1
    if let windows = source.windowsPerPass {
      index %= windows
      if source.startsFromZero(window: index) { window.resetStates() }
    }
    source.fill(window: index, inputs: window.inputs.pointer, targets: window.targets.pointer)
    network.forward(window, step: step)
    let loss = network.loss(values.loss, window).mean
    network.backward(window, step: step)
    let norm = network.gradientNorm()
    network.clip(values.clipping, gradientNorm: norm)
    let rate = values.learningRate.rate(step: step, plateau: plateau)
    #expect(optimizer.update(network, step: step, learningRate: rate))
    window.carryStates()
    losses.append(loss)
    if values.evaluateEvery > 0, step % values.evaluateEvery == 0 {
      if case .plateau(let settings) = values.schedule {
        plateau.observe(losses.reduce(0, +) / Double(losses.count), settings)
      }
      losses = []
    }
    return (loss, norm)
  }
}
