import GRDB

extension StoreReader {
  /// What a training from a checkpoint depends on beside its tensors.
  public enum NeededHistory: Sendable {
    /// All rows up to the checkpoint, as a run that goes on needs them.
    case whole
    /// That the checkpoint is of its step: the rows since the checkpoint before it, as a fork needs them.
    case lastLink
  }

  /// Looks through all that a training from a checkpoint depends on, before anything is trained or written: the
  /// database's structure, the checkpoint's tensors, and the history that it was written after.
  ///
  /// Takes time in proportion to the rows up to the checkpoint. What was recorded after it is trained again anyway, and
  /// compared.
  ///
  /// - throws: `StoreError` of kind `damaged` that says how the run goes on.
  public func requireSound(_ checkpoint: CheckpointRecord, _ history: NeededHistory) throws {
    try read("look through a run of") { db in
      try requireStructure(db)
      try db.requireStepsDone(of: checkpoint.runID)
      if case .failure(let damage) = try db.soundTensors(of: checkpoint) {
        throw StoreError(.damaged, "\(damage.message) in \(path)", hint: db.wayOut(of: checkpoint.runID))
      }
      let chain = try HistoryChain(db, runID: checkpoint.runID, upTo: checkpoint.step)
      let isSound = history == .whole ? chain.holds(upTo: checkpoint) : chain.linkHolds(to: checkpoint)
      guard isSound else {
        let broken = chain.breaks.first.map {
          "checkpoint \($0.checkpoint.id), step \($0.checkpoint.step): \($0.message)"
        }
        throw StoreError(
          .damaged,
          "run \(checkpoint.runID) in \(path) is damaged before step \(checkpoint.step): "
            + (broken ?? "its history does not hold"),
          hint: db.wayOut(of: checkpoint.runID))
      }
    }
  }

  /// Writing into a file whose pages are linked wrongly would spread the damage. Of a large file only the small tables are
  /// read through: `keepstep check` reads all of it.
  private func requireStructure(_ db: Database) throws {
    let size = try Int.fetchOne(db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
    let parts = size <= 64 << 20 ? [""] : ["runs", "hyperparameters", "segments", "checkpoints"].map { "(\($0))" }
    for part in parts {
      let found = try String.fetchOne(db, sql: "PRAGMA integrity_check\(part)") ?? "ok"
      guard found == "ok" else {
        throw StoreError(
          .damaged, "\(path) is damaged: \(found.split(separator: "\n").joined(separator: " "))",
          hint: "nothing was changed; keepstep check lists all that is wrong")
      }
    }
  }
}

extension Database {
  /// How a run goes on when a checkpoint of it can't: from the newest one of which all holds, or, where the record itself
  /// is damaged, as another run.
  func wayOut(of runID: Int64) -> String {
    let none = "no checkpoint of the run holds; restore the store from a copy"
    guard let checkpoints = try? CheckpointRecord.fetchAll(self, runID: runID),
      let chain = try? HistoryChain(self, runID: runID)
    else { return none }
    let newest = checkpoints.last { checkpoint in
      guard chain.linkHolds(to: checkpoint), case .success? = try? soundTensors(of: checkpoint) else { return false }
      return true
    }
    guard let newest else { return none }
    guard chain.breaks.isEmpty else {
      return
        "the record can't be gone on with; `keepstep fork \(runID)@\(newest.step)` goes on from the newest checkpoint "
        + "that holds, as a new run"
    }
    return
      "`keepstep resume \(runID)@\(newest.step)` goes on from the newest checkpoint that holds, and mends the others "
      + "after it"
  }

  /// Refuses a run whose `steps_done` is not the step of its last row, or of its first checkpoint where it has none.
  func requireStepsDone(of runID: Int64) throws {
    let row = try Row.fetchOne(
      self,
      sql: """
        SELECT steps_done, coalesce((SELECT max(step) FROM steps WHERE run_id = runs.id),
          (SELECT min(step) FROM checkpoints WHERE run_id = runs.id), steps_done) FROM runs WHERE id = ?
        """, arguments: [runID])
    guard let row else { return }
    let (said, found) = (try row.int(0), try row.int(1))
    guard said == found else {
      throw StoreError(
        .damaged, "run \(runID) is damaged: its steps_done is \(said), and its step rows end at \(found)",
        hint: "keepstep check lists all that is wrong")
    }
  }

  /// The checkpoints of a run whose monitored value is none of their step's evaluations. A fork's first one brings its
  /// parent's along; and a library's own run, which says nothing of evaluations, may watch what it likes.
  func misvaluedCheckpoints(runID: Int64) throws -> [CheckpointRecord] {
    try CheckpointRecord.fetch(
      self,
      """
      run_id = ? AND monitor_value IS NOT NULL AND reason != 'start' AND monitor_value NOT IN (
        SELECT loss FROM evaluations WHERE evaluations.run_id = checkpoints.run_id
          AND evaluations.step = checkpoints.step)
        AND EXISTS (SELECT 1 FROM evaluations WHERE evaluations.run_id = checkpoints.run_id
          AND evaluations.step = checkpoints.step)
        AND EXISTS (SELECT 1 FROM hyperparameters WHERE run_id = ? AND name = 'evaluate_every') ORDER BY step
      """, [runID, runID])
  }
}
