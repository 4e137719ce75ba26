/// What a run has come to.
public enum RunStatus: String, Sendable, CaseIterable {
  case running, interrupted, finished, failed
}

/// A value of a hyperparameter: numbers stay numbers, switches are 0 or 1.
public enum HyperparameterValue: Hashable, Sendable {
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// A row of `runs`.
public struct RunRecord: Hashable, Sendable {
  /// Counts from 1 and is never used again, even when the run is removed.
  public var id: Int64
  /// The same in every copy of the store.
  public var uuid: String
  /// Unique in its store.
  public var name: String
  /// `interrupted` also when the row still says `running` but its trainer is dead.
  public var status: RunStatus
  /// The checkpoint this run was forked from; `nil` for none, or one that was removed.
  public var parentCheckpointID: Int64?
  /// Its data.
  public var datasetID: Int64?
  /// Of all its randomness.
  public var seed: Int64
  /// The step it ends at.
  public var stepsPlanned: Int
  /// Its highest recorded step; a fork begins at its checkpoint's.
  public var stepsDone: Int
  /// UTC, ISO 8601.
  public var createdAt: String
  /// UTC, ISO 8601; the trainer's heartbeat.
  public var updatedAt: String
  /// UTC, ISO 8601; `nil` until it has reached `stepsPlanned` or stopped early.
  public var finishedAt: String?
  /// The message of a failed run.
  public var failure: String?
  /// A person's remark.
  public var note: String?

  /// A row with all its columns.
  public init(
    id: Int64, uuid: String, name: String, status: RunStatus, parentCheckpointID: Int64? = nil,
    datasetID: Int64? = nil, seed: Int64, stepsPlanned: Int, stepsDone: Int, createdAt: String, updatedAt: String,
    finishedAt: String? = nil, failure: String? = nil, note: String? = nil
  ) {
    self.id = id
    self.uuid = uuid
    self.name = name
    self.status = status
    self.parentCheckpointID = parentCheckpointID
    self.datasetID = datasetID
    self.seed = seed
    self.stepsPlanned = stepsPlanned
    self.stepsDone = stepsDone
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.finishedAt = finishedAt
    self.failure = failure
    self.note = note
  }

  /// Has it ended before its planned end, as evaluations brought no new best?
  public var hasStoppedEarly: Bool { status == .finished && stepsDone < stepsPlanned }
}

/// What the trainer tells about a new run; the store adds the id, the uuid and the times.
public struct NewRun: Sendable {
  /// `nil` lets the store choose one ("run-7").
  public var name: String?
  /// The parent's checkpoint, when this run is a fork.
  public var parentCheckpointID: Int64?
  /// Its data, stored once for all runs that share it.
  public var dataset: NewDataset?
  /// Of all its randomness.
  public var seed: Int64
  /// The step it ends at.
  public var stepsPlanned: Int
  /// Every value that shapes the run, defaults included. `run_summary` reads `cell`, `hidden_size`, `num_layers`.
  public var hyperparameters: [String: HyperparameterValue]
  /// A person's remark.
  public var note: String?
  /// The step this run starts from: 0, or a fork's checkpoint.
  public var firstCheckpoint: NewCheckpoint

  /// A new run.
  public init(
    name: String? = nil, parentCheckpointID: Int64? = nil, dataset: NewDataset? = nil, seed: Int64, stepsPlanned: Int,
    hyperparameters: [String: HyperparameterValue], note: String? = nil, firstCheckpoint: NewCheckpoint
  ) {
    self.name = name
    self.parentCheckpointID = parentCheckpointID
    self.dataset = dataset
    self.seed = seed
    self.stepsPlanned = stepsPlanned
    self.hyperparameters = hyperparameters
    self.note = note
    self.firstCheckpoint = firstCheckpoint
  }
}

/// A line of the view `run_summary`.
public struct RunSummary: Hashable, Sendable {
  /// The run.
  public var id: Int64
  /// Its name.
  public var name: String
  /// `interrupted` also when the row still says `running` but its trainer is dead.
  public var status: RunStatus
  /// `rnn`, `lstm` or `gru`.
  public var cell: String?
  /// Units a layer.
  public var hiddenSize: Int?
  /// Layers.
  public var numLayers: Int?
  /// Its highest recorded step.
  public var stepsDone: Int
  /// The step it ends at.
  public var stepsPlanned: Int
  /// The loss of step `stepsDone`.
  public var lastLoss: Double?
  /// The watched loss of its best checkpoint.
  public var bestLoss: Double?
  /// The best checkpoint's step.
  public var bestStep: Int?
  /// Seconds of training, over all segments.
  public var trainSeconds: Double?
  /// UTC, ISO 8601.
  public var createdAt: String
  /// The accuracy of step `stepsDone`, 0 to 1; `nil` without class targets.
  public var lastAccuracy: Double?

  /// A line with all its columns.
  public init(
    id: Int64, name: String, status: RunStatus, cell: String?, hiddenSize: Int?, numLayers: Int?, stepsDone: Int,
    stepsPlanned: Int, lastLoss: Double?, bestLoss: Double?, bestStep: Int?, trainSeconds: Double?, createdAt: String,
    lastAccuracy: Double? = nil
  ) {
    self.id = id
    self.name = name
    self.status = status
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.stepsDone = stepsDone
    self.stepsPlanned = stepsPlanned
    self.lastLoss = lastLoss
    self.bestLoss = bestLoss
    self.bestStep = bestStep
    self.trainSeconds = trainSeconds
    self.createdAt = createdAt
    self.lastAccuracy = lastAccuracy
  }
}
