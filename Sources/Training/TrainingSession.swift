import Recurrent
import RunStore

/// One process's hold on one run: from its lock to its end. Made by `start`, `resume` and `fork`.
public final class TrainingSession {
  /// The run as it stood when this session took it.
  public let run: RunRecord
  /// What shapes it.
  public let hyperparameters: Hyperparameters
  /// The step after which this session trains.
  public let firstCheckpoint: Int
  /// The planned end.
  public let stepsPlanned: Int

  private let store: Store
  private let lock: RunLock
  private let segmentID: Int64
  private let trainer: Trainer
  private let newestCheckpoint: Int
  private let replay: Replay?
  private let history: HistoryDigest

  init(
    run: RunRecord, hyperparameters: Hyperparameters, stepsPlanned: Int, store: Store, lock: RunLock, segmentID: Int64,
    trainer: Trainer, newestCheckpoint: Int, replay: Replay?, history: HistoryDigest
  ) {
    self.run = run
    self.hyperparameters = hyperparameters
    self.stepsPlanned = stepsPlanned
    self.store = store
    self.lock = lock
    self.segmentID = segmentID
    self.trainer = trainer
    self.firstCheckpoint = trainer.step
    self.newestCheckpoint = newestCheckpoint
    self.replay = replay
    self.history = history
  }

  /// Trains to the planned end, to where it stops early, or to a request to stop, recording every step.
  ///
  /// - Parameter stop: asks it to end before its planned end.
  /// - Parameter progress: called about ten times a second from this thread.
  /// - Throws: `TrainingError` when the training leaves the finite numbers or a replayed step differs from the record;
  ///   `StoreError` when a commit failed. What was committed stays in each case.
  public func train(stop: StopRequest, progress: @escaping (TrainingProgress) -> Void) throws -> TrainingResult {
    defer { lock.unlock() }
    let recorder = try Recorder(
      store: store, runID: run.id, segmentID: segmentID, hyperparameters: hyperparameters,
      newestCheckpoint: newestCheckpoint, history: history)
    do {
      try trainSteps(recorder, stop, progress)
    } catch let error as NotFinite {
      throw try finish(recorder, failedBy: error)
    } catch {
      // A replay that found a difference leaves the run as it was. After a commit that failed, `finish` throws its error.
      try recorder.finish(endBefore)
      if stepsPlanned != run.stepsPlanned { try store.setStepsPlanned(runID: run.id, run.stepsPlanned) }
      throw error
    }
    let signal = trainer.step < stepsPlanned && !trainer.hasStoppedEarly ? stop.signal : nil
    if signal == nil {
      try recorder.keepState(of: trainer, reason: .final)  // where the last step was only compared
    } else if trainer.step > (replay?.last ?? 0) {
      try recorder.keepState(of: trainer, reason: .signal)
    }
    try recorder.finish(end(signal))
    return TrainingResult(
      runID: run.id, name: run.name, firstStep: firstCheckpoint + 1, lastStep: trainer.step,
      stepsPlanned: stepsPlanned, stoppedEarly: trainer.hasStoppedEarly, signal: signal, replayed: replay?.compared)
  }

  private func trainSteps(
    _ recorder: Recorder, _ stop: StopRequest, _ progress: @escaping (TrainingProgress) -> Void
  ) throws {
    let lastRecorded = replay?.last ?? 0
    var reporter = ProgressReporter(
      run: run.name, stepsPlanned: stepsPlanned, firstStep: trainer.step + 1, report: progress)
    try trainer.train(to: stepsPlanned) { outcome, trainer in
      let isReplay = outcome.row.step <= lastRecorded
      if isReplay, let replay {
        try replay.compare(outcome, of: trainer)
        if outcome.row.step == lastRecorded {
          recorder.begin(history: replay.history, after: outcome)
          trainer.setClock(seconds: replay.secondsRecorded)
        }
      } else {
        try recorder.keep(outcome, of: trainer)
      }
      reporter.observe(outcome, isReplay: isReplay)
      return stop.signal == nil
    }
    try replay?.requireStop(at: trainer.step, in: trainer)
  }

  private func end(_ signal: Int32?) -> RunEnd {
    if signal == nil { return RunEnd(status: .finished) }
    let isUnchanged = trainer.step <= run.stepsDone && stepsPlanned == run.stepsPlanned
    return isUnchanged ? endBefore : RunEnd(status: .interrupted)
  }

  /// The run as this session found it.
  private var endBefore: RunEnd {
    RunEnd(status: run.status == .running ? .interrupted : run.status, failure: run.failure)
  }

  private func finish(_ recorder: Recorder, failedBy error: NotFinite) throws -> TrainingError {
    let message =
      "run \(run.name), step \(error.step): \(error.what), so the step is not kept; the last good checkpoint is at "
      + "step \(recorder.lastCheckpointStep)"
    try recorder.finish(RunEnd(status: .failed, failure: message))
    return TrainingError(
      message,
      hint: "`keepstep fork \(run.id)@\(recorder.lastCheckpointStep) --learning-rate …` goes on from there with a "
        + "smaller learning rate")
  }
}

/// How a session's training went.
public struct TrainingResult: Sendable, Hashable {
  /// The run.
  public let runID: Int64
  /// Its name.
  public let name: String
  /// The first step that this session trained.
  public let firstStep: Int
  /// The last one.
  public let lastStep: Int
  /// The planned end.
  public let stepsPlanned: Int
  /// Has it ended because evaluations brought no new best?
  public let stoppedEarly: Bool
  /// The signal that stopped it before its end.
  public let signal: Int32?
  /// What was trained again and found equal to the record, in a resume.
  public let replayed: Compared?
}
