import Recurrent
import RunStore

extension TrainingSession {
  /// Goes on with a run from one of its checkpoints.
  ///
  /// Steps after the checkpoint that are recorded already are trained again and compared bit for bit. A damaged checkpoint
  /// among them is mended when the training comes to just the state that its digest covers or its tensors hold.
  ///
  /// - Parameters:
  ///   - store: the store that has it.
  ///   - kernels: what computes it.
  ///   - selector: the run: an id, a name, a uuid's first letters, or `last`.
  ///   - checkpoint: where to go on from; the newest one by default.
  ///   - steps: another planned end.
  ///   - dataPath: a file to read the data from instead of the store; its digest must be the run's.
  /// - Throws: when the run is unknown, held by another process, or damaged; then nothing changed.
  public static func resume(
    _ selector: String, from checkpoint: CheckpointSelector = .last, in store: Store, steps: Int? = nil,
    dataPath: String? = nil, kernels: Kernels
  ) throws -> TrainingSession {
    let found = try store.reader.run(selector)
    let lock = try store.lockRun(found.id)
    // What is read from here on can't change any more.
    let run = try store.reader.run(String(found.id))
    let recorded = try RecordedRun(run, in: store.reader, dataPath: dataPath)
    try recorded.checkNumerics(in: store.reader)
    let chosen = try store.reader.checkpoint(runID: run.id, checkpoint)
    let planned = steps ?? run.stepsPlanned
    try checkSteps(planned, first: max(chosen.step, run.stepsDone))
    try store.reader.requireSound(chosen, .whole)
    let trainer = try trainer(of: recorded, at: chosen, in: store.reader, kernels: kernels)
    let history = try HistoryDigest(hex: chosen.historyDigest)
    let replay = try Replay(
      reader: store.reader, run: run, hyperparameters: recorded.hyperparameters, history: history,
      mend: { try store.mend($0, with: $1) })
    let newest = try store.reader.checkpoint(runID: run.id, .last).step
    let segmentID = try store.beginSegment(
      runID: run.id, segment(after: chosen.step, kernels, trainer), lock, stepsPlanned: steps)
    return TrainingSession(
      run: run, hyperparameters: recorded.hyperparameters, stepsPlanned: planned, store: store, lock: lock,
      segmentID: segmentID, trainer: trainer, newestCheckpoint: newest, replay: replay, history: history)
  }

  /// A trainer that stands where the run stood at a checkpoint.
  static func trainer(
    of recorded: RecordedRun, at checkpoint: CheckpointRecord, in reader: StoreReader, kernels: Kernels
  ) throws -> Trainer {
    let hyperparameters = recorded.hyperparameters
    try hyperparameters.requireOrigins(upTo: checkpoint.step)
    let trainer = try recorded.untrained(kernels)
    let state = try TrainingState(hyperparameters)
    try state.load(try reader.tensors(checkpointID: checkpoint.id), step: checkpoint.step)
    trainer.restore(
      state, monitor: try recorded.monitor(at: checkpoint.step, in: reader),
      plateau: try recorded.plateau(at: checkpoint.step, in: reader),
      seconds: try recorded.seconds(at: checkpoint.step, in: reader))
    return trainer
  }
}
