import Recurrent
import RunStore
import Sequences

/// What a new run is made of.
public struct TrainingRequest: Sendable {
  /// What shapes it.
  public var hyperparameters: Hyperparameters
  /// Its name; `nil` lets the store choose one.
  public var name: String?
  /// The planned end.
  public var steps = 300
  /// The key of all its random numbers.
  public var seed: UInt64 = 1
  /// Its data.
  public var data = DataSource.sine
  /// Are the data's values stored, so that a resume needs no file?
  public var embedsData = true
  /// Weights to start from instead of random ones, under Keepstep's names.
  public var initialWeights: [NamedTensor]?
  /// A remark.
  public var note: String?

  /// The seed script's job, or what `hyperparameters` say.
  public init(hyperparameters: Hyperparameters = Hyperparameters()) {
    self.hyperparameters = hyperparameters
  }
}

extension TrainingSession {
  /// Creates a run with its untrained network as checkpoint 0.
  ///
  /// - Throws: when a value is out of range, the data doesn't fit, or the store can't be written; then nothing changed.
  public static func start(_ request: TrainingRequest, in store: Store, kernels: Kernels) throws -> TrainingSession {
    var request = request
    request.hyperparameters.layout = try request.data.storedLayout(embedded: request.embedsData)
    try checkSteps(request.steps, first: 0)
    try request.hyperparameters.requireOrigins(upTo: 0)
    let trainer = try Trainer(
      request.hyperparameters, seed: request.seed, data: request.data, kernels: kernels)
    if let weights = request.initialWeights {
      try trainer.network.directory.load(weights, into: trainer.network.parameters)
    }
    let state = try TrainingState(request.hyperparameters)
    trainer.capture(into: state)
    let new = NewRun(
      name: request.name, parentCheckpointID: nil, dataset: request.newDataset, seed: Int64(bitPattern: request.seed),
      stepsPlanned: request.steps, hyperparameters: request.hyperparameters.stored, note: request.note,
      firstCheckpoint: NewCheckpoint(
        step: 0, reason: .start, monitorValue: nil, historyDigest: HistoryDigest.start.hex, tensors: state.tensors()))
    let (run, lock, segmentID) = try store.createRun(new, segment: segment(after: 0, kernels, trainer))
    return TrainingSession(
      run: run, hyperparameters: request.hyperparameters, stepsPlanned: request.steps, store: store, lock: lock,
      segmentID: segmentID, trainer: trainer, newestCheckpoint: 0, replay: nil, history: .start)
  }

  static func checkSteps(_ steps: Int, first: Int) throws {
    guard steps >= first else {
      throw TrainingError(
        first == 0 ? "--steps is \(steps), below 0" : "--steps is \(steps), and the run has come to step \(first)",
        hint: "--steps counts from the run's beginning; it must be at least \(first)")
    }
  }

  static func segment(after step: Int, _ kernels: Kernels, _ trainer: Trainer) -> NewSegment {
    NewSegment(
      firstStep: step + 1, keepstepVersion: keepstepVersion, numericsVersion: numericsVersion,
      instructionSet: kernels.name, threads: trainer.network.plan.count)
  }
}

extension TrainingRequest {
  fileprivate var newDataset: NewDataset? {
    NewDataset(data, embedded: embedsData)
  }
}

extension NewDataset {
  /// The row that a data source becomes; the sine task has none.
  init?(_ data: DataSource, embedded: Bool) {
    guard case .table(let table) = data else { return nil }
    self.init(
      sha256: table.digest, source: table.source, columns: table.columns, rows: table.rowCount,
      values: embedded ? table.values : nil)
  }
}
