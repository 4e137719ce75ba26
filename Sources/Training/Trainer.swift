import Dispatch
import Recurrent
import RunStore
import Sequences

/// The training of one network on one dataset, a step at a time. Allocates nothing after `init`.
///
/// data → window → network → loss → gradients → optimizer → carried states. What becomes of a step's outcome is not its
/// business: see `Recorder` and `Replay`.
final class Trainer {
  let hyperparameters: Hyperparameters
  let network: Network
  let optimizer: Optimizer
  let window: Window
  /// Steps taken.
  private(set) var step = 0

  private let source: any WindowSource
  private var monitor: Monitor
  /// Takes the validation loss, where there is a validation part.
  private let validator: Evaluator?
  private let learningRate: LearningRate
  private var plateau: PlateauState
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
    if hyperparameters.loss.isClassification, case .table(let table) = data {
      try table.checkClasses(column: hyperparameters.targets[0], count: hyperparameters.classes)
    }
    validator = try Self.validator(hyperparameters, data, kernels)
    let plan = ThreadPlan(
      hyperparameters.network, window: hyperparameters.window, batchSize: hyperparameters.batchSize,
      threads: kernels.threads)
    network = try Network(hyperparameters.network, kernels: kernels, seed: seed, plan: plan)
    optimizer = try Optimizer(hyperparameters.optimizer, for: network)
    window = try Window(
      length: hyperparameters.window, batchSize: hyperparameters.batchSize, configuration: hyperparameters.network)
    monitor = Monitor(every: hyperparameters.evaluateEvery)
    learningRate = hyperparameters.learningRate
    plateau = hyperparameters.plateauStart
  }

  private static func validator(
    _ hyperparameters: Hyperparameters, _ data: DataSource, _ kernels: Kernels
  ) throws -> Evaluator? {
    guard hyperparameters.split.validation > 0, hyperparameters.evaluateEvery > 0, case .table(let table) = data else {
      return nil
    }
    return try Evaluator(.validation, of: table, hyperparameters, kernels: kernels)
  }

  /// Have as many evaluations in a row brought no new best as early stopping bears? Then no further step is taken.
  var hasStoppedEarly: Bool { hyperparameters.earlyStopping.map { monitor.badCount >= $0 } ?? false }

  /// Trains up to step `last`, or to where it stops early, handing each outcome to `keep`, until `keep` says to stop.
  func train(to last: Int, keep: (StepOutcome, Trainer) throws -> Bool) throws {
    Kernels.resetFloatingPointMode()
    setClock(seconds: secondsBefore)
    while step < last, !hasStoppedEarly {
      var outcome = try takeStep()
      if step == last || hasStoppedEarly { outcome.checkpoint = .final }
      guard try keep(outcome, self) else { return }
    }
  }

  /// One optimizer update on the next window of every stream.
  private func takeStep() throws -> StepOutcome {
    let next = step + 1
    fillWindow(next)
    network.forward(window, step: next)
    let loss = network.loss(hyperparameters.loss, window)
    try refuse(loss.mean, "loss", next)
    network.backward(window, step: next)
    let norm = network.gradientNorm()
    try refuse(norm, "gradient norm", next)
    network.clip(hyperparameters.clipping, gradientNorm: norm)
    let rate = learningRate.rate(step: next, plateau: plateau)
    guard optimizer.update(network, step: next - hyperparameters.optimizerOrigin, learningRate: rate) else {
      throw notFinite("a weight after the update", next)
    }
    window.carryStates()
    step = next
    let accuracy = loss.correct.map { Double($0) / Double(window.length * window.batchSize) }
    let evaluation = try evaluation(Monitor.Observation(loss: loss.mean, accuracy: accuracy))
    let now = DispatchTime.now().uptimeNanoseconds
    var outcome = StepOutcome(
      endedAt: now,
      row: StepRecord(
        step: step, loss: loss.mean, learningRate: rate, gradientNorm: norm,
        trainSeconds: Double(now &- startedAt) * 1e-9, accuracy: accuracy), evaluation: evaluation)
    outcome.hiddenIsDue = isDue(hyperparameters.recordHiddenEvery)
    outcome.checkpoint = isDue(hyperparameters.checkpointEvery) ? .interval : nil
    return outcome
  }

  /// The evaluation after the step just taken, if one is due.
  private func evaluation(_ observation: Monitor.Observation) throws -> Evaluation? {
    guard let training = monitor.observe(step: step, observation) else { return nil }
    let validation = validator?.evaluate(network.parameters)
    if let validation { try refuse(validation.loss, "validation loss", step) }
    let value = hyperparameters.monitored == .validationLoss ? validation?.loss ?? training.loss : training.loss
    if case .plateau(let settings) = hyperparameters.schedule { plateau.observe(value, settings) }
    return Evaluation(
      training: training, validation: validation, monitorValue: value, isBest: monitor.judge(value))
  }

  private func fillWindow(_ step: Int) {
    var index = step - 1 - hyperparameters.dataOrigin
    if let perPass = source.windowsPerPass {
      index %= perPass
      if source.startsFromZero(window: index) { window.resetStates() }
    }
    source.fill(window: index, inputs: window.inputs.pointer, targets: window.targets.pointer)
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
    for (moment, source) in zip(state.moments, optimizer.moments) { moment.buffer.copy(from: source.buffer) }
    window.copyStates(to: state.stateValues)
    state.step = step
    state.monitorValue = nil
  }

  /// Goes on from `state`, with the monitor and the schedule's state as they stood then and `seconds` of training spent.
  func restore(_ state: TrainingState, monitor: Monitor, plateau: PlateauState, seconds: Double) {
    network.parameters.copy(from: state.weights)
    for (moment, source) in zip(optimizer.moments, state.moments) { moment.buffer.copy(from: source.buffer) }
    window.setStates(from: state.stateValues)
    step = state.step
    self.monitor = monitor
    self.plateau = plateau
    secondsBefore = seconds
  }

  /// Goes on counting training time from `seconds`.
  func setClock(seconds: Double) {
    startedAt = DispatchTime.now().uptimeNanoseconds &- UInt64(min(max(0, seconds), 1e9) * 1e9)
  }
}
