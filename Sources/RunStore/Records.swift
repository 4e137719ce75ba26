/// What a run has come to.
public enum RunStatus: String, Sendable, CaseIterable {
  case running, interrupted, finished, failed
}

/// Why a checkpoint was written.
public enum CheckpointReason: String, Sendable, CaseIterable {
  case start, interval, best, signal, final, manual
}

/// What a tensor of a checkpoint is part of.
public enum TensorKind: String, Sendable, CaseIterable {
  case weight, optimizer, hidden
}

/// A value of a hyperparameter: numbers stay numbers, switches are 0 or 1.
public enum HyperparameterValue: Hashable, Sendable {
  case integer(Int64)
  case real(Double)
  case text(String)
}

/// A row of `runs`.
public struct RunRecord: Hashable, Sendable {
  public var id: Int64
  public var uuid: String
  public var name: String
  public var status: RunStatus
  public var parentCheckpointID: Int64?
  public var datasetID: Int64?
  public var seed: Int64
  public var stepsPlanned: Int
  public var stepsDone: Int
  /// UTC, ISO 8601.
  public var createdAt: String
  /// UTC, ISO 8601; the trainer's heartbeat.
  public var updatedAt: String
  public var finishedAt: String?
  public var failure: String?
  public var note: String?
}

/// What the trainer tells about a new run; the store adds the id, the uuid and the times.
public struct NewRun: Sendable {
  /// `nil` lets the store choose one ("run-7").
  public var name: String?
  /// The parent's checkpoint, when this run is a fork.
  public var parentCheckpointID: Int64?
  public var dataset: NewDataset?
  public var seed: Int64
  public var stepsPlanned: Int
  public var hyperparameters: [String: HyperparameterValue]
  public var note: String?
  /// The step this run starts from: 0, or a fork's checkpoint.
  public var firstCheckpoint: NewCheckpoint
}

/// A row of `segments`: a stretch of a run's steps that one process trained.
public struct SegmentRecord: Hashable, Sendable {
  public var id: Int64
  public var runID: Int64
  /// The first step this process trained and recorded or compared.
  public var firstStep: Int
  /// The last step it committed; less than `firstStep` while there is none.
  public var lastStep: Int
  public var startedAt: String
  public var endedAt: String?
  /// `finished`, `interrupted` (a signal), `failed`, or `killed` (found dead by its free lock).
  public var endReason: String?
  public var host: String
  public var pid: Int
  public var keepstepVersion: String
  public var numericsVersion: Int
  public var instructionSet: String
  public var threads: Int
}

/// What the trainer tells about a new segment; the store adds host, pid and times.
public struct NewSegment: Sendable {
  public var firstStep: Int
  public var keepstepVersion: String
  public var numericsVersion: Int
  public var instructionSet: String
  public var threads: Int
}

/// A row of `steps`.
public struct StepRecord: Hashable, Sendable {
  public var step: Int
  public var loss: Double
  public var learningRate: Double
  public var gradientNorm: Double
  /// Seconds of training so far, over all segments; no part of any digest or comparison.
  public var trainSeconds: Double
}

/// A row of `evaluations`.
public struct EvaluationRecord: Hashable, Sendable {
  public var step: Int
  /// `training` (mean loss since the last evaluation) or `validation`.
  public var split: String
  public var loss: Double
}

/// A row of `hidden_states`.
public struct HiddenStateRecord: Hashable, Sendable {
  public var step: Int
  /// `H`, with layer and direction suffixes.
  public var name: String
  public var shape: [Int]
  public var values: [Float]
}

/// A tensor of a checkpoint, whole: the store cuts it into parts and puts the parts together again.
public struct CheckpointTensor: Hashable, Sendable {
  public var kind: TensorKind
  public var name: String
  public var shape: [Int]
  public var values: [Float]
}

/// A checkpoint to be written.
public struct NewCheckpoint: Sendable {
  public var step: Int
  public var reason: CheckpointReason
  public var monitorValue: Double?
  /// The history chain as it stands after `step`; see `HistoryDigest`.
  public var historyDigest: String
  public var tensors: [CheckpointTensor]
}

/// A row of `checkpoints`.
public struct CheckpointRecord: Hashable, Sendable {
  public var id: Int64
  public var runID: Int64
  public var step: Int
  public var reason: CheckpointReason
  public var monitorValue: Double?
  public var createdAt: String
  /// SHA-256 over the tensors, 64 hexadecimal digits; see `CheckpointDigest`.
  public var digest: String
  public var historyDigest: String
  public var pinned: Bool
}

/// A dataset to be stored, or found again by its digest.
public struct NewDataset: Sendable {
  /// SHA-256, 64 hexadecimal digits.
  public var sha256: String
  public var source: String
  public var columns: [String]
  public var rows: Int
  /// Row-major [rows, columns]; `nil` keeps the values out of the store.
  public var values: [Float]?
}

/// A row of `datasets`.
public struct DatasetRecord: Sendable {
  public var id: Int64
  public var sha256: String
  public var source: String
  public var columns: [String]
  public var rows: Int
  public var values: [Float]?
}

/// A line of the view `run_summary`.
public struct RunSummary: Hashable, Sendable {
  public var id: Int64
  public var name: String
  public var status: RunStatus
  public var cell: String?
  public var hiddenSize: Int?
  public var numLayers: Int?
  public var stepsDone: Int
  public var stepsPlanned: Int
  public var lastLoss: Double?
  public var bestLoss: Double?
  public var bestStep: Int?
  public var trainSeconds: Double?
  public var createdAt: String
}

/// How a trainer's hold on its run ends.
public struct RunEnd: Sendable {
  public var status: RunStatus
  /// The message of a failed run.
  public var failure: String?
}

/// All that one commit of a trainer writes, in one transaction.
public struct RunBatch: Sendable {
  public var runID: Int64
  public var segmentID: Int64
  /// In ascending order, going on from what is recorded.
  public var steps: [StepRecord] = []
  public var evaluations: [EvaluationRecord] = []
  public var hiddenStates: [HiddenStateRecord] = []
  /// In ascending order of steps.
  public var checkpoints: [NewCheckpoint] = []
  /// How many of the newest checkpoints stay beside the best, the first, the last and the pinned; `nil` keeps all.
  public var keep: Int?
  /// Set in the last batch of a segment.
  public var end: RunEnd?

  public init(runID: Int64, segmentID: Int64) {
    self.runID = runID
    self.segmentID = segmentID
  }
}
