import Dispatch
import Recurrent
import RunStore
import Sequences

/// The training of one network on one dataset, a step at a time. Allocates nothing after `init`.
///
/// data → window → network → loss → gradients → Adam → carried state. What becomes of a step's outcome is not its
/// business: see `Recorder` and `Replay`.
final class Trainer {
  let hyperparameters: Hyperparameters
  let network: Network
  let optimizer: Adam
  let window: Window
  /// Steps taken.
  private(set) var step = 0

  private let source: any WindowSource
  private var monitor: Monitor
  /// When, on the monotonic clock, a training without interruptions would have begun; in nanoseconds.
  private var startedAt = DispatchTime.now().uptimeNanoseconds
  /// Seconds of training before `train`.
  private var secondsBefore = 0.0

  /// An untrained network before step 1.
  ///
  /// - Throws: `TrainingError`, `RecurrentError` or `SequenceError` when a value is out of range or doesn't fit.
  init(_ hyperparameters: Hyperparameters, seed: UInt64, data: DataSource, kernels: Kernels) throws {
    try hyperparameters.validate()
    self.hyperparameters = hyperparameters
    source = try data.windows(hyperparameters)
    network = try Network(hyperparameters.network, kernels: kernels, seed: seed)
    optimizer = try Adam(hyperparameters.adam, for: network, kernels: kernels)
    window = try Window(
      length: hyperparameters.window, batchSize: hyperparameters.batchSize, configuration: hyperparameters.network)
    monitor = Monitor(every: hyperparameters.evaluateEvery)
  }

  /// Trains up to step `last`, handing each outcome to `keep`, until `keep` says to stop.
  func train(to last: Int, keep: (StepOutcome, Trainer) throws -> Bool) throws {
    Kernels.resetFloatingPointMode()
    setClock(seconds: secondsBefore)
    while step < last {
      var outcome = try takeStep()
      if step == last { outcome.checkpoint = .final }
      guard try keep(outcome, self) else { return }
    }
  }

  /// One optimizer update on the next window of every stream.
  private func takeStep() throws -> StepOutcome {
    let next = step + 1
    fillWindow(next)
    network.forward(window)
    let loss = network.meanSquaredError(window)
    try refuse(loss, "loss", next)
    network.backward(window)
    let norm = network.gradientNorm()
    try refuse(norm, "gradient norm", next)
    guard optimizer.update(network, step: next) else {
      throw notFinite("a weight after the update", next)
    }
    window.carryHidden()
    step = next
    return outcome(loss: loss, gradientNorm: norm)
  }

  private func fillWindow(_ step: Int) {
    var index = step - 1 - hyperparameters.dataOrigin
    if let perPass = source.windowsPerPass {
      index %= perPass
      if index == 0 { window.resetHidden() }  // each pass over the data starts from zero
    }
    source.fill(window: index, inputs: window.inputs.pointer, targets: window.targets.pointer)
  }

  private func outcome(loss: Double, gradientNorm: Double) -> StepOutcome {
    let seconds = Double(DispatchTime.now().uptimeNanoseconds &- startedAt) * 1e-9
    var outcome = StepOutcome(
      row: StepRecord(
        step: step, loss: loss, learningRate: hyperparameters.adam.learningRate, gradientNorm: gradientNorm,
        trainSeconds: seconds))
    if let (value, isBest) = monitor.observe(step: step, loss: loss) {
      outcome.evaluation = value
      outcome.isBest = isBest
    }
    outcome.hiddenIsDue = isDue(hyperparameters.recordHiddenEvery)
    outcome.checkpoint = isDue(hyperparameters.checkpointEvery) ? .interval : nil
    return outcome
  }

  private func isDue(_ interval: Int) -> Bool {
    interval > 0 && step % interval == 0
  }

  private func refuse(_ value: Double, _ name: String, _ step: Int) throws {
    guard value.isFinite else { throw notFinite("the \(name) is \(value.isNaN ? "NaN" : "infinite")", step) }
  }

  private func notFinite(_ what: String, _ step: Int) -> NotFinite {
    NotFinite(step: step, what: what)
  }
}

/// A training that has left the finite numbers: `what` is not finite at `step`, which is not kept.
struct NotFinite: Error {
  let step: Int
  let what: String
}

extension Trainer {
  /// Copies out all that must survive.
  func capture(into state: TrainingState) {
    state.weights.copy(from: network.parameters)
    state.m.copy(from: optimizer.m)
    state.v.copy(from: optimizer.v)
    state.hidden.pointer.update(from: window.carried, count: state.hidden.count)
    state.step = step
    state.monitorValue = nil
  }

  /// Goes on from `state`, with `monitor` as it stood then and `seconds` of training spent.
  func restore(_ state: TrainingState, monitor: Monitor, seconds: Double) {
    network.parameters.copy(from: state.weights)
    optimizer.m.copy(from: state.m)
    optimizer.v.copy(from: state.v)
    window.carried.update(from: state.hidden.pointer, count: state.hidden.count)
    step = state.step
    self.monitor = monitor
    secondsBefore = seconds
  }

  /// Goes on counting training time from `seconds`.
  func setClock(seconds: Double) {
    startedAt = DispatchTime.now().uptimeNanoseconds &- UInt64(min(max(0, seconds), 1e9) * 1e9)
  }
}
