/// Why a checkpoint was written.
public enum CheckpointReason: String, Sendable, CaseIterable {
  case start, interval, best, signal, final, manual
}

/// What a tensor of a checkpoint is part of.
public enum TensorKind: String, Sendable, CaseIterable {
  case weight, optimizer, hidden
}

/// A tensor of a checkpoint, whole: the store cuts it into parts and puts the parts together again.
public struct CheckpointTensor: Hashable, Sendable {
  /// What it is part of.
  public var kind: TensorKind
  /// `W_hh`; of the optimizer `W_hh.m`, `W_hh.v`; hidden `H`, `C`.
  public var name: String
  /// Its axes' lengths; empty for a single number.
  public var shape: [Int]
  /// Row-major, as many as the product of `shape`.
  public var values: [Float]

  /// A tensor.
  public init(kind: TensorKind, name: String, shape: [Int], values: [Float]) {
    self.kind = kind
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// A checkpoint to be written.
public struct NewCheckpoint: Sendable {
  /// Steps taken; 0 is the untrained network.
  public var step: Int
  /// Why it is written.
  public var reason: CheckpointReason
  /// The watched loss at this step, lower is better; `nil` when it was not taken.
  public var monitorValue: Double?
  /// The history chain as it stands after `step`; see `HistoryDigest`.
  public var historyDigest: String
  /// All that must survive.
  public var tensors: [CheckpointTensor]

  /// A checkpoint to be written.
  public init(
    step: Int, reason: CheckpointReason, monitorValue: Double? = nil, historyDigest: String,
    tensors: [CheckpointTensor]
  ) {
    self.step = step
    self.reason = reason
    self.monitorValue = monitorValue
    self.historyDigest = historyDigest
    self.tensors = tensors
  }
}

/// A row of `checkpoints`.
public struct CheckpointRecord: Hashable, Sendable {
  /// The checkpoint.
  public var id: Int64
  /// Its run.
  public var runID: Int64
  /// Steps taken; 0 is the untrained network.
  public var step: Int
  /// Why it was written.
  public var reason: CheckpointReason
  /// The watched loss at this step, lower is better; `nil` when it was not taken.
  public var monitorValue: Double?
  /// UTC, ISO 8601.
  public var createdAt: String
  /// SHA-256 over the tensors, 64 hexadecimal digits; see `CheckpointDigest`.
  public var digest: String
  /// SHA-256 chain over the rows up to `step`, 64 hexadecimal digits; see `HistoryDigest`.
  public var historyDigest: String
  /// Never removed to make room.
  public var pinned: Bool

  /// A row with all its columns.
  public init(
    id: Int64, runID: Int64, step: Int, reason: CheckpointReason, monitorValue: Double? = nil, createdAt: String,
    digest: String, historyDigest: String, pinned: Bool
  ) {
    self.id = id
    self.runID = runID
    self.step = step
    self.reason = reason
    self.monitorValue = monitorValue
    self.createdAt = createdAt
    self.digest = digest
    self.historyDigest = historyDigest
    self.pinned = pinned
  }
}
