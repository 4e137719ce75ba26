import RunStore
import Sequences

/// What one step has to show: its row, and what else of it is due to be kept.
struct StepOutcome {
  /// When the step ended on the monotonic clock, in nanoseconds: the one look at the clock that a step takes.
  var endedAt: UInt64
  /// The row of `steps`.
  var row: StepRecord
  /// What an evaluation finds, when this step has one.
  var evaluation: Evaluation?
  /// Is the hidden state to be recorded?
  var hiddenIsDue = false
  /// Why a checkpoint is to be written, if one is.
  var checkpoint: CheckpointReason?

  /// Is the monitored value the lowest so far?
  var isBest: Bool { evaluation?.isBest ?? false }
  /// The rows of `evaluations`, in the order in which the store has them.
  var evaluationRecords: [EvaluationRecord] {
    guard let evaluation else { return [] }
    let parts: [(Split.Part, Monitor.Observation?)] = [
      (.training, evaluation.training), (.validation, evaluation.validation),
    ]
    return parts.compactMap { part, value in
      value.map { EvaluationRecord(step: row.step, split: part.rawValue, loss: $0.loss, accuracy: $0.accuracy) }
    }
  }
}

/// What an evaluation finds.
struct Evaluation: Sendable, Hashable {
  /// The means since the last evaluation.
  var training: Monitor.Observation
  /// Over the validation part, where there is one.
  var validation: Monitor.Observation?
  /// The one of their losses that is judged.
  var monitorValue: Double
  /// Is that the lowest so far?
  var isBest: Bool
}
