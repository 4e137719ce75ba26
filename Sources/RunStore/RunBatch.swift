/// How a trainer's hold on its run ends.
public struct RunEnd: Sendable {
  /// `finished`, `interrupted` or `failed`.
  public var status: RunStatus
  /// The message of a failed run.
  public var failure: String?

  /// An end.
  public init(status: RunStatus, failure: String? = nil) {
    self.status = status
    self.failure = failure
  }
}

/// All that one commit of a trainer writes, in one transaction.
///
/// A batch without rows is a heartbeat: it sets `updated_at` and nothing else.
public struct RunBatch: Sendable {
  /// The run.
  public var runID: Int64
  /// The trainer's segment of it.
  public var segmentID: Int64
  /// In ascending order without gaps, going on from what is recorded.
  public var steps: [StepRecord] = []
  /// Of steps that are recorded, in this batch or before.
  public var evaluations: [EvaluationRecord] = []
  /// Of steps that are recorded, in this batch or before.
  public var hiddenStates: [HiddenStateRecord] = []
  /// In ascending order of steps, none beyond the last recorded step.
  public var checkpoints: [NewCheckpoint] = []
  /// How many of the newest checkpoints stay beside the best, the first, the last and the pinned; `nil` keeps all.
  public var keep: Int?
  /// Set in the last batch of a segment.
  public var end: RunEnd?

  /// A batch without rows.
  public init(runID: Int64, segmentID: Int64) {
    self.runID = runID
    self.segmentID = segmentID
  }
}
