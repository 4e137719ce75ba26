import ArgumentParser
import RunStore

/// `RUN` or `RUN@CHECKPOINT` on the command line.
struct RunReference: ExpressibleByArgument, Sendable {
  /// An id, a name, a uuid's first letters, or `last`.
  let run: String
  /// A step, `best` or `last`, as it was written after the `@`.
  let checkpoint: String?

  init?(argument: String) {
    let parts = argument.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let run = parts.first, !run.isEmpty, parts.last != "" else { return nil }
    self.run = run
    self.checkpoint = parts.count == 2 ? parts[1] : nil
  }

  /// The named checkpoint.
  ///
  /// - Throws: `StoreError` when it is none of a step, `best` and `last`.
  var selector: CheckpointSelector? {
    get throws { try checkpoint.map { try CheckpointSelector(parsing: $0) } }
  }

  /// The run and the checkpoint: the named one, or the best, or the newest of a run that was never evaluated.
  func resolve(in reader: StoreReader) throws -> (RunRecord, CheckpointRecord) {
    let record = try reader.run(run)
    if let selector = try selector {
      return (record, try reader.checkpoint(runID: record.id, selector))
    }
    let isEvaluated = try reader.checkpoints(runID: record.id).contains { $0.monitorValue != nil }
    return (record, try reader.checkpoint(runID: record.id, isEvaluated ? .best : .last))
  }

  /// Refuses `RUN@CHECKPOINT` where a whole run is meant.
  ///
  /// - Throws: `ValidationError`.
  func requireWholeRun(_ command: String) throws {
    guard let checkpoint else { return }
    throw ValidationError("\(command) is about whole runs, and \"\(run)@\(checkpoint)\" names a checkpoint")
  }
}
