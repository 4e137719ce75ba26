import Recurrent
import RunStore

/// A run trained again in memory and compared with its record, bit for bit. Writes nothing.
public struct Verification: Sendable, Hashable {
  /// The checkpoint's step that it started from.
  public let from: Int
  /// The last step that was compared.
  public let to: Int
  /// What was compared and found equal.
  public let compared: Compared
  /// The first difference, or nil when all is exact.
  public let difference: String?

  /// Trains a run from a checkpoint (its first one by default) up to a step (the last recorded one by default).
  ///
  /// - Throws: when the run or checkpoint is unknown or can't be trained; a difference doesn't throw.
  public static func verify(
    _ selector: String, from checkpoint: CheckpointSelector? = nil, to last: Int? = nil, in reader: StoreReader,
    dataPath: String? = nil, kernels: Kernels, progress: @escaping (TrainingProgress) -> Void
  ) throws -> Verification {
    let run = try reader.run(selector)
    let recorded = try RecordedRun(run, in: reader, dataPath: dataPath)
    try recorded.checkNumerics(in: reader)
    let start =
      try checkpoint.map { try reader.checkpoint(runID: run.id, $0) }
      ?? firstCheckpoint(of: run, in: reader)
    let end = last ?? run.stepsDone
    guard (start.step...max(start.step, run.stepsDone)).contains(end) else {
      throw TrainingError(
        "cannot verify run \(run.name) up to step \(end): its record goes from step \(start.step) to \(run.stepsDone)",
        hint: "name a step in between with --to")
    }
    try reader.requireSound(start, .lastLink)
    let trainer = try TrainingSession.trainer(of: recorded, at: start, in: reader, kernels: kernels)
    let replay = try Replay(
      reader: reader, run: run, hyperparameters: recorded.hyperparameters,
      history: try HistoryDigest(hex: start.historyDigest))
    var reporter = ProgressReporter(
      run: run.name, stepsPlanned: end, firstStep: start.step + 1, report: progress)
    do {
      if start.step == 0, recorded.hyperparameters.initialization == "random" {
        // The untrained network is a function of the seed, too.
        try replay.compareState(start, try recorded.untrained(kernels))
      }
      try trainer.train(to: end) { outcome, trainer in
        try replay.compare(outcome, of: trainer)
        reporter.observe(outcome, isReplay: true)
        return true
      }
      if trainer.step < end { try replay.requireStop(at: trainer.step, in: trainer) }
    } catch let error as TrainingError {
      return Verification(from: start.step, to: trainer.step, compared: replay.compared, difference: error.message)
    } catch let error as NotFinite {
      let difference = "run \(run.name), step \(error.step): \(error.what), and the record is finite"
      return Verification(from: start.step, to: trainer.step, compared: replay.compared, difference: difference)
    }
    return Verification(from: start.step, to: end, compared: replay.compared, difference: nil)
  }

  private static func firstCheckpoint(of run: RunRecord, in reader: StoreReader) throws -> CheckpointRecord {
    let all = try reader.checkpoints(runID: run.id)
    guard let first = all.min(by: { $0.step < $1.step }) else {
      throw TrainingError("run \(run.name) has no checkpoint", hint: "`keepstep check` tells what else is missing")
    }
    return first
  }
}
