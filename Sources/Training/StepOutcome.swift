import RunStore

/// What one step has to show: its row, and what else of it is due to be kept.
struct StepOutcome {
  /// When the step ended on the monotonic clock, in nanoseconds: the one look at the clock that a step takes.
  var endedAt: UInt64
  /// The row of `steps`.
  var row: StepRecord
  /// The value of an evaluation, when this step has one.
  var evaluation: Double?
  /// The accuracy since the last evaluation, when this step has one and the targets are classes.
  var accuracy: Double?
  /// Is the evaluation the lowest so far?
  var isBest = false
  /// Is the hidden state to be recorded?
  var hiddenIsDue = false
  /// Why a checkpoint is to be written, if one is.
  var checkpoint: CheckpointReason?

  /// The row of `evaluations`.
  var evaluationRecord: EvaluationRecord? {
    evaluation.map { EvaluationRecord(step: row.step, split: "training", loss: $0, accuracy: accuracy) }
  }
}
