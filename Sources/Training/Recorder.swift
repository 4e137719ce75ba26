import Dispatch
import Foundation
import RunStore

/// The background writer of one segment: takes outcomes from the trainer and commits them, never more than a quarter
/// of a second late while steps come in.
///
/// The queue is bounded: when it is full the trainer waits, nothing is dropped. When a commit fails its outcome is
/// unknown: the trainer's next call throws, and nothing is retried. Writes come from a thread of its own, as a
/// cancelled task would interrupt SQLite.
final class Recorder: @unchecked Sendable {
  // Unchecked: all state below is only touched with `condition` locked, but for `back`, which belongs to the writer
  // from the swap to the end of its commit, and `history`, which belongs to the writer.
  private let condition = MonotonicCondition()
  private var front: RecordBuffer
  private var back: RecordBuffer
  private var commitIsDue = false
  private var stepRoom = Recorder.firstStepCapacity
  private var end: RunEnd?
  private var isDone = false
  private var failure: (any Error)?
  private var lastCommit = DispatchTime.now().uptimeNanoseconds
  private var history: HistoryDigest
  /// The last evaluation's monitored value, and its step.
  private var lastEvaluation: (step: Int, value: Double)?
  /// The newest step whose state was handed in.
  private(set) var lastCheckpointStep: Int

  private let store: Store
  private let runID: Int64
  private let segmentID: Int64
  private let keep: Int?

  /// Steps that wait at most.
  private static let stepCapacity = 16_384
  /// Steps that wait at most for the first commit, which may be one among many trainers'.
  private static let firstStepCapacity = 2_048
  /// Steps that wait at most, however many trainers share the store: a commit of fewer is hardly shorter.
  private static let leastStepCapacity = 512
  /// Waits for the store's lock, in nanoseconds, by which a trainer tells that others share the store with him, and that
  /// their turns have become long.
  private static let alone: UInt64 = 50_000_000
  private static let longWait: UInt64 = 400_000_000
  /// The longest that a step waits for its commit while the trainer goes on, in nanoseconds.
  private static let commitInterval: UInt64 = 200_000_000
  /// How often the heartbeat is written when no step comes, in nanoseconds.
  private static let heartbeat: UInt64 = 500_000_000

  /// A recorder of new steps for a run whose newest checkpoint is at `step`; `history` is the chain over all that is
  /// recorded.
  init(
    store: Store, runID: Int64, segmentID: Int64, hyperparameters: Hyperparameters, newestCheckpoint step: Int,
    history: HistoryDigest
  ) throws {
    self.store = store
    self.runID = runID
    self.segmentID = segmentID
    self.keep = hyperparameters.keep
    self.history = history
    lastCheckpointStep = step
    front = try RecordBuffer(hyperparameters, stepCapacity: Self.stepCapacity)
    back = try RecordBuffer(hyperparameters, stepCapacity: Self.stepCapacity)
    let thread = Thread { [self] in writeUntilDone() }
    thread.name = "recorder"  // Linux keeps 15 characters
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// What a replay found at the record's end: the chain over all that is recorded, and the last step's outcome.
  /// Before the first `keep`.
  func begin(history: HistoryDigest, after outcome: StepOutcome) {
    condition.lock()
    defer { condition.unlock() }
    self.history = history
    note(outcome)
  }

  /// Takes a step in; waits while there is no room.
  ///
  /// - Throws: the error of a commit that failed.
  func keep(_ outcome: StepOutcome, of trainer: Trainer) throws {
    condition.lock()
    defer { condition.unlock() }
    while failure == nil, !front.hasRoom(for: outcome, steps: stepRoom) { waitForWriter() }
    if let failure { throw failure }
    front.append(outcome, of: trainer)
    note(outcome)
    if outcome.checkpoint != nil { lastCheckpointStep = outcome.row.step }
    let late = outcome.endedAt > lastCommit &+ Self.commitInterval
    if !commitIsDue, outcome.checkpoint != nil || late || front.isHalfFull(steps: stepRoom) {
      requestCommit()
    }
  }

  private func note(_ outcome: StepOutcome) {
    if let evaluation = outcome.evaluation { lastEvaluation = (outcome.row.step, evaluation.monitorValue) }
  }

  /// Takes the trainer's state in as the segment's last checkpoint, if it has none at that step.
  func keepState(of trainer: Trainer, reason: CheckpointReason) throws {
    condition.lock()
    defer { condition.unlock() }
    guard lastCheckpointStep < trainer.step else { return }
    while failure == nil, !front.hasRoomForState { waitForWriter() }
    if let failure { throw failure }
    let evaluation = lastEvaluation.flatMap { $0.step == trainer.step ? $0.value : nil }
    front.appendState(of: trainer, reason: reason, monitorValue: evaluation)
    lastCheckpointStep = trainer.step
  }

  /// Commits all that waits together with the run's end, and waits for it.
  ///
  /// - Throws: the error of a commit that failed.
  func finish(_ end: RunEnd) throws {
    condition.lock()
    defer { condition.unlock() }
    self.end = end
    requestCommit()
    while !isDone { condition.wait() }
    if let failure { throw failure }
  }

  private var sinceLastCommit: UInt64 { DispatchTime.now().uptimeNanoseconds &- lastCommit }

  private func waitForWriter() {
    requestCommit()
    condition.wait()
  }

  private func requestCommit() {
    commitIsDue = true
    condition.broadcast()
  }
}

// MARK: - The writer's thread

extension Recorder {
  private func writeUntilDone() {
    while let end = waitForWork() {
      var thrown: (any Error)?
      var waited: UInt64 = 0
      do {
        waited = try store.append(batch(end: end.value))
      } catch {
        thrown = error
      }
      condition.lock()
      adaptRoom(waited)
      back.clear()
      failure = thrown
      isDone = thrown != nil || end.value != nil
      condition.broadcast()
      condition.unlock()
    }
  }

  /// Makes this trainer's next turns short when he had to wait long for this one, and long again when he is alone.
  ///
  /// A turn lasts as long as the steps that waited for it: without this each of sixteen trainers waits for fifteen long
  /// turns. And who is far ahead of his writer takes the processor from the one whose turn it is.
  private func adaptRoom(_ waited: UInt64) {
    if waited > Self.longWait {
      stepRoom = max(Self.leastStepCapacity, stepRoom / 2)
    } else if waited < Self.alone {
      stepRoom = min(Self.stepCapacity, 2 * stepRoom)
    }
  }

  /// Waits for a commit to be due, or for the heartbeat, and swaps the buffers.
  ///
  /// - Returns: the run's end, if that is what is to be written too; nil when there is nothing more to do.
  private func waitForWork() -> (value: RunEnd?, Void)? {
    condition.lock()
    defer { condition.unlock() }
    if isDone { return nil }
    while !commitIsDue {
      let isAwoken = condition.wait(nanoseconds: Int(Self.commitInterval))
      // A step that a long one follows is not kept waiting for it.
      if !isAwoken, !front.isEmpty || sinceLastCommit > Self.heartbeat { break }
    }
    commitIsDue = false
    lastCommit = DispatchTime.now().uptimeNanoseconds
    swap(&front, &back)
    condition.broadcast()
    return (end, ())
  }

  /// Everything of `back` as one transaction.
  private func batch(end: RunEnd?) -> RunBatch {
    var batch = RunBatch(runID: runID, segmentID: segmentID)
    batch.steps = back.steps
    batch.evaluations = back.evaluations
    batch.hiddenStates = back.hiddenSteps.indices.flatMap { back.hiddenRecords($0) }
    batch.keep = keep
    batch.end = end
    var states = back.checkpoints
    if let best = back.best, !states.contains(where: { $0 === best }) {
      states.insert(best, at: states.firstIndex { $0.step > best.step } ?? states.endIndex)
    }
    batch.checkpoints = checkpoints(states, in: batch)
    return batch
  }

  /// The states as checkpoints, each with the history chain as it stands after its step.
  private func checkpoints(_ states: [TrainingState], in batch: RunBatch) -> [NewCheckpoint] {
    var checkpoints: [NewCheckpoint] = []
    var rows = RowsByStep(batch)
    var waiting = states[...]
    func take(upTo step: Int) {
      while let state = waiting.first, state.step <= step {
        checkpoints.append(
          NewCheckpoint(
            step: state.step, reason: state.reason, monitorValue: state.monitorValue, historyDigest: history.hex,
            tensors: state.tensors()))
        waiting.removeFirst()
      }
    }
    for step in batch.steps {
      let (evaluations, hiddenStates) = rows.next(step.step)
      history.append(step: step, evaluations: evaluations, hiddenStates: hiddenStates)
      take(upTo: step.step)
    }
    take(upTo: .max)
    return checkpoints
  }
}

/// A batch's evaluations and hidden states, handed out step by step.
private struct RowsByStep {
  private var evaluations: ArraySlice<EvaluationRecord>
  private var hiddenStates: ArraySlice<HiddenStateRecord>

  init(_ batch: RunBatch) {
    evaluations = batch.evaluations[...]
    hiddenStates = batch.hiddenStates[...]
  }

  mutating func next(_ step: Int) -> ([EvaluationRecord], [HiddenStateRecord]) {
    let e = evaluations.prefix { $0.step == step }
    let h = hiddenStates.prefix { $0.step == step }
    evaluations.removeFirst(e.count)
    hiddenStates.removeFirst(h.count)
    return (Array(e), Array(h))
  }
}
