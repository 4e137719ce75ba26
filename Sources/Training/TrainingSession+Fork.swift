import Recurrent
import RunStore

/// What a fork changes.
public struct ForkRequest: Sendable {
  /// The parent's hyperparameters, changed; the network's must stay.
  public var hyperparameters: Hyperparameters
  /// The new run's name; `nil` lets the store choose one.
  public var name: String?
  /// The planned end, counted from the parent's beginning.
  public var steps: Int
  /// The key of the random numbers from here on.
  public var seed: UInt64
  /// The data, the parent's or other.
  public var data: DataSource
  /// Are the data's values stored?
  public var embedsData = true

  /// A fork that changes nothing yet.
  public init(of parent: RecordedRun) {
    hyperparameters = parent.hyperparameters
    steps = parent.record.stepsPlanned
    seed = UInt64(bitPattern: parent.record.seed)
    data = parent.data
  }
}

extension TrainingSession {
  /// Starts a new run at a checkpoint of another one, which is copied, so that the parent may be removed.
  ///
  /// Steps go on from the checkpoint's number. With other data, columns, windows or streams, the data is read from its
  /// beginning; with another number of streams the hidden state starts at zero; with other data, columns, parts or scaling
  /// the monitored value, which could not be compared, is not inherited. Early stopping counts anew.
  ///
  /// - Throws: when the network would change, or a value is out of range; then nothing changed.
  public static func fork(
    _ request: ForkRequest, of parent: RecordedRun, at checkpoint: CheckpointRecord, in store: Store, kernels: Kernels
  ) throws -> TrainingSession {
    var request = request
    request.hyperparameters.layout = try request.data.storedLayout(embedded: request.embedsData)
    let needsEvaluations = if case .plateau = request.hyperparameters.schedule { true } else { false }
    try store.reader.requireSound(checkpoint, needsEvaluations ? .whole : .lastLink)
    try checkSteps(request.steps, first: checkpoint.step)
    try checkNetwork(request.hyperparameters.network, parent.hyperparameters.network)
    request.hyperparameters.forkedFrom = "\(parent.record.uuid)@\(checkpoint.step)"
    if request.readsOtherWindows(than: parent) { request.hyperparameters.dataOrigin = checkpoint.step }
    request.continueSchedules(
      try parent.plateau(at: checkpoint.step, in: store.reader), of: parent, at: checkpoint.step)
    try request.hyperparameters.requireOrigins(upTo: checkpoint.step)
    var tensors = try store.reader.tensors(checkpointID: checkpoint.id)
    if request.hyperparameters.optimizerOrigin == checkpoint.step { tensors.removeAll { $0.kind == .optimizer } }
    if request.hyperparameters.batchSize != parent.hyperparameters.batchSize {
      tensors = tensors.map { $0.kind == .hidden ? zeroHidden($0, batchSize: request.hyperparameters.batchSize) : $0 }
    }
    let trainer = try Trainer(request.hyperparameters, seed: request.seed, data: request.data, kernels: kernels)
    let state = try TrainingState(request.hyperparameters)
    try state.load(tensors, step: checkpoint.step, withMoments: tensors.contains { $0.kind == .optimizer })
    let monitorValue = request.isComparable(with: parent) ? checkpoint.monitorValue : nil
    let monitor = Monitor(every: request.hyperparameters.evaluateEvery, best: monitorValue)
    trainer.restore(state, monitor: monitor, plateau: request.hyperparameters.plateauStart, seconds: 0)
    let new = NewRun(
      name: request.name, parentCheckpointID: checkpoint.id,
      dataset: NewDataset(request.data, embedded: request.embedsData), seed: Int64(bitPattern: request.seed),
      stepsPlanned: request.steps, hyperparameters: request.hyperparameters.stored, note: nil,
      firstCheckpoint: NewCheckpoint(
        step: checkpoint.step, reason: .start, monitorValue: monitorValue,
        historyDigest: checkpoint.historyDigest, tensors: state.tensors()))
    let (run, lock, segmentID) = try store.createRun(new, segment: segment(after: checkpoint.step, kernels, trainer))
    return TrainingSession(
      run: run, hyperparameters: request.hyperparameters, stepsPlanned: request.steps, store: store, lock: lock,
      segmentID: segmentID, trainer: trainer, newestCheckpoint: checkpoint.step, replay: nil,
      history: try HistoryDigest(hex: checkpoint.historyDigest))
  }

  /// Dropout has no tensors, so it may change.
  private static func checkNetwork(_ new: NetworkConfiguration, _ old: NetworkConfiguration) throws {
    var old = old
    old.dropout = new.dropout
    guard new == old else {
      throw TrainingError(
        "a fork goes on with its parent's network, \(described(old)), and the options ask for \(described(new))",
        hint: "`keepstep export` and `keepstep train --init` start another network from these weights")
    }
  }

  private static func described(_ network: NetworkConfiguration) -> String {
    "\(network.numLayers) \(network.cell.rawValue) layers, \(network.isBidirectional ? "both directions, " : "")"
      + "\(network.inputSize) inputs, \(network.hiddenSize) hidden units, \(network.outputSize) outputs, "
      + "\(network.nonlinearity.rawValue), biases \(network.hasBias ? network.biases.rawValue : "none"), "
      + "\(network.hasOutputBias ? "with" : "without") output bias"
  }

  private static func zeroHidden(_ tensor: CheckpointTensor, batchSize: Int) -> CheckpointTensor {
    var tensor = tensor
    let units = tensor.shape.last ?? 0
    tensor.shape = [batchSize, units]
    tensor.values = Array(repeating: 0, count: batchSize * units)
    return tensor
  }
}

extension ForkRequest {
  /// Would step k see another window than the parent's step k? The sine task has no beginning to go back to.
  fileprivate func readsOtherWindows(than parent: RecordedRun) -> Bool {
    if hasOtherData(than: parent) { return true }
    guard case .table = data else { return false }
    let (a, b) = (hyperparameters, parent.hyperparameters)
    return a.window != b.window || a.batchSize != b.batchSize
  }

  /// Goes on with the parent's optimizer and schedule; another rule starts with moments of zero, as at its step 1.
  fileprivate mutating func continueSchedules(_ plateau: PlateauState, of parent: RecordedRun, at step: Int) {
    let (new, old) = (hyperparameters.optimizer, parent.hyperparameters.optimizer)
    if new.kind != old.kind || new.momentNames != old.momentNames { hyperparameters.optimizerOrigin = step }
    let isSamePlateau = hyperparameters.schedule == parent.hyperparameters.schedule && isComparable(with: parent)
    hyperparameters.plateauStart = isSamePlateau ? plateau : PlateauState()
  }

  /// Can its monitored values be compared with its parent's?
  fileprivate func isComparable(with parent: RecordedRun) -> Bool {
    !hasOtherData(than: parent) && hyperparameters.monitored == parent.hyperparameters.monitored
  }

  /// Does it learn something else than its parent?
  fileprivate func hasOtherData(than parent: RecordedRun) -> Bool {
    switch (data, parent.data) {
    case (.sine, .sine): return false
    case (.table(let new), .table(let old)):
      let (a, b) = (hyperparameters, parent.hyperparameters)
      return new.digest != old.digest || a.inputs != b.inputs || a.targets != b.targets || a.shift != b.shift
        || a.sequences != b.sequences || a.loss != b.loss || a.split != b.split || a.scaling != b.scaling
    default: return true
    }
  }
}
