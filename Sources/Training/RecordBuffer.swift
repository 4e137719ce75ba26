import Recurrent
import RunStore

/// What waits for the next commit. Two of these take turns: the trainer fills one while the recorder empties the other.
///
/// All room is taken in `init`.
final class RecordBuffer {
  private(set) var steps: [StepRecord] = []
  private(set) var evaluations: [EvaluationRecord] = []
  private(set) var hiddenSteps: [Int] = []
  /// States due by interval, in ascending order of steps.
  private(set) var checkpoints: [TrainingState] = []
  /// The best state of these steps, when it is better than all before; it may be one of `checkpoints`.
  private(set) var best: TrainingState?

  private let hiddenCapacity: Int
  private let hiddenCount: Int
  private let hiddenValues: FloatBuffer
  private let hiddenRoom: FloatBuffer
  private var spareStates: [TrainingState]
  private var bestRoom: TrainingState
  /// A waiting state may make room when so many newer ones wait that the commit would prune it anyway.
  private let keep: Int?
  /// What is kept beside the newest: the last one and the best.
  private static let keptBeside = 2

  /// Bytes that waiting states, and waiting hidden states, may take where more than one fits.
  private static let stateBytes = 32 << 20
  private static let hiddenBytes = 8 << 20

  init(_ hyperparameters: Hyperparameters, stepCapacity: Int) throws {
    func state() throws -> TrainingState {
      try TrainingState(hyperparameters)
    }
    let bestRoom = try state()
    let wanted = min(hyperparameters.keep ?? 10, 1 << 20) + Self.keptBeside
    let states = hyperparameters.checkpointEvery == 0 ? 1 : max(1, min(wanted, Self.stateBytes / bestRoom.byteCount))
    self.bestRoom = bestRoom
    self.keep = hyperparameters.keep
    hiddenCount = bestRoom.states.count
    hiddenRoom = try FloatBuffer(count: hiddenCount)
    let every = hyperparameters.recordHiddenEvery
    hiddenCapacity = every == 0 ? 0 : max(1, min(stepCapacity / every, Self.hiddenBytes / (4 * hiddenCount)))
    hiddenValues = try FloatBuffer(count: hiddenCapacity * hiddenCount)
    spareStates = try (0..<states).map { _ in try state() }
    steps.reserveCapacity(stepCapacity)
    evaluations.reserveCapacity(stepCapacity)
    hiddenSteps.reserveCapacity(hiddenCapacity)
    checkpoints.reserveCapacity(states)
  }

  var isEmpty: Bool { steps.isEmpty && checkpoints.isEmpty }
  /// Half full is time for a commit. Not more than `steps` of its room for steps are used.
  func isHalfFull(steps room: Int) -> Bool {
    2 * steps.count >= room || (hiddenCapacity > 0 && 2 * hiddenSteps.count >= hiddenCapacity)
  }

  /// Is there room for a step and all that is due with it, when at most `steps` steps may wait?
  func hasRoom(for outcome: StepOutcome, steps room: Int) -> Bool {
    steps.count < room && (!outcome.hiddenIsDue || hiddenSteps.count < hiddenCapacity)
      && (outcome.checkpoint == nil || hasRoomForState)
  }

  /// Is there room for another state, or one that the commit would not keep?
  var hasRoomForState: Bool {
    !spareStates.isEmpty || keep.map { checkpoints.count - Self.keptBeside >= $0 } ?? false
  }

  /// Takes a step in, with copies of all that is due.
  func append(_ outcome: StepOutcome, of trainer: Trainer) {
    steps.append(outcome.row)
    evaluations.append(contentsOf: outcome.evaluationRecords)
    if outcome.hiddenIsDue {
      trainer.window.copyStates(to: hiddenRoom)
      (hiddenValues.pointer + hiddenSteps.count * hiddenCount).update(from: hiddenRoom.pointer, count: hiddenCount)
      hiddenSteps.append(outcome.row.step)
    }
    if let reason = outcome.checkpoint {
      appendState(of: trainer, reason: reason, monitorValue: outcome.evaluation?.monitorValue)
      if outcome.isBest { best = checkpoints.last }
    } else if outcome.isBest {
      trainer.capture(into: bestRoom)
      bestRoom.monitorValue = outcome.evaluation?.monitorValue
      bestRoom.reason = .best
      best = bestRoom
    }
  }

  /// Takes the trainer's state in.
  func appendState(of trainer: Trainer, reason: CheckpointReason, monitorValue: Double?) {
    let state = spareStates.popLast() ?? takeOldest()
    trainer.capture(into: state)
    state.monitorValue = monitorValue
    state.reason = reason
    checkpoints.append(state)
  }

  /// The room of the oldest waiting state, which the commit would not keep; or, if that is the best one and stays, the
  /// room that was there for the best.
  private func takeOldest() -> TrainingState {
    var oldest = checkpoints.removeFirst()
    guard oldest === best else { return oldest }
    swap(&oldest, &bestRoom)
    return oldest
  }

  /// The hidden states of a step as rows.
  func hiddenRecords(_ index: Int) -> [HiddenStateRecord] {
    let first = hiddenValues.pointer + index * hiddenCount
    return bestRoom.states.entries.map { entry in
      let values = UnsafeBufferPointer(start: first + entry.offset, count: entry.count)
      return HiddenStateRecord(
        step: hiddenSteps[index], name: entry.name, shape: entry.shape, values: Array(values))
    }
  }

  /// Makes it ready for the next turn.
  func clear() {
    steps.removeAll(keepingCapacity: true)
    evaluations.removeAll(keepingCapacity: true)
    hiddenSteps.removeAll(keepingCapacity: true)
    spareStates.append(contentsOf: checkpoints)
    checkpoints.removeAll(keepingCapacity: true)
    best = nil
  }
}
