import Foundation
import GRDB

extension Database {
  /// Writes the run of another store with all its rows, except that its parent and its name here are given.
  ///
  /// - returns: its id here.
  /// - precondition: no run of this store has its uuid.
  func insert(_ source: MergeSource, name: String, datasetID: Int64?, partBytes: Int) throws -> Int64 {
    let run = source.run
    try self.run(
      """
      INSERT INTO runs (uuid, name, status, parent_checkpoint_id, dataset_id, seed, steps_planned, steps_done,
        created_at, updated_at, finished_at, failure, note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        run.uuid, name, run.status.rawValue, try parentCheckpoint(of: source), datasetID, run.seed, run.stepsPlanned,
        run.stepsDone, run.createdAt, run.updatedAt, run.finishedAt, run.failure, run.note,
      ])
    let runID = lastInsertedRowID
    for (name, value) in source.hyperparameters {
      try self.run(
        "INSERT INTO hyperparameters (run_id, name, value) VALUES (?, ?, ?)", [runID, name, value.databaseValue])
    }
    for segment in source.segments { try insert(segment, runID: runID) }
    for tag in try source.tags() { try self.run("INSERT INTO tags (run_id, tag) VALUES (?, ?)", [runID, tag]) }
    try insertHistory(of: source, after: 0, runID: runID)
    for checkpoint in source.checkpoints { try insert(checkpoint, of: source, runID: runID, partBytes: partBytes) }
    try linkForks(of: runID, uuid: run.uuid)
    return runID
  }

  /// Adds to a run what the other store recorded after it.
  ///
  /// - parameter comparison: as the run stands here.
  /// - precondition: both histories are one, and this process holds the run.
  func append(_ source: MergeSource, to comparison: MergeComparison, partBytes: Int) throws {
    let (run, there) = (comparison.run, source.run)
    try endDeadSegments(of: run.id)
    try appendSegments(of: source, to: comparison)
    try insertHistory(of: source, after: run.stepsDone, runID: run.id)
    for checkpoint in source.checkpoints where checkpoint.step > comparison.newestCheckpoint {
      try insert(checkpoint, of: source, runID: run.id, partBytes: partBytes)
    }
    try self.run(
      """
      UPDATE runs SET status = ?, steps_planned = ?, steps_done = ?, updated_at = ?, finished_at = ?, failure = ?
      WHERE id = ?
      """,
      [
        there.status.rawValue, there.stepsPlanned, there.stepsDone, there.updatedAt, there.finishedAt, there.failure,
        run.id,
      ])
    try linkForks(of: run.id, uuid: there.uuid)
  }

  /// The segments that brought what is new; the one that both have may have gone on since it was copied.
  private func appendSegments(of source: MergeSource, to comparison: MergeComparison) throws {
    for segment in source.segments {
      if let here = comparison.segments.last(where: { $0.isSameStretch(as: segment) }) {
        let isLonger = segment.lastStep > here.lastStep
        guard isLonger || (segment.lastStep == here.lastStep && here.endReason ?? "killed" == "killed") else {
          continue
        }
        try run(
          "UPDATE segments SET last_step = ?, ended_at = ?, end_reason = ? WHERE id = ?",
          [segment.lastStep, segment.endedAt, segment.endReason, here.id])
      } else if segment.lastStep > comparison.run.stepsDone || segment.id == source.segments.last?.id {
        try insert(segment, runID: comparison.run.id)
      }
    }
  }

  private func insert(_ segment: SegmentRecord, runID: Int64) throws {
    try run(
      """
      INSERT INTO segments (run_id, first_step, last_step, started_at, ended_at, end_reason, host, pid,
        keepstep_version, numerics_version, instruction_set, threads)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        runID, segment.firstStep, segment.lastStep, segment.startedAt, segment.endedAt, segment.endReason,
        segment.host, segment.pid, segment.keepstepVersion, segment.numericsVersion, segment.instructionSet,
        segment.threads,
      ])
  }

  /// Copies the rows of all steps after one, one row at a time.
  private func insertHistory(of source: MergeSource, after step: Int, runID: Int64) throws {
    let range = (step + 1)...Int.max
    let plain = try StepInsertion(self, runID: runID, hasAccuracy: false)
    let classified = try StepInsertion(self, runID: runID, hasAccuracy: true)
    try source.forEach(try source.db.stepRows(source.run.id, range), StepRecord.init(row:)) { row in
      try (row.accuracy == nil ? plain : classified).insert(row)
    }
    try source.forEach(try source.db.evaluationRows(source.run.id, range), EvaluationRecord.init(row:)) { row in
      try run(
        "INSERT INTO evaluations (run_id, step, split, loss, accuracy) VALUES (?, ?, ?, ?, ?)",
        [runID, row.step, row.split, row.loss + 0.0, row.accuracy.map { $0 + 0.0 }])
    }
    try source.forEach(try source.db.hiddenStateRows(source.run.id, range), HiddenStateRecord.init(row:)) { row in
      try Canonical.requireSound(row.values, shape: row.shape, "hidden state \(row.name) of step \(row.step)")
      try run(
        "INSERT INTO hidden_states (run_id, step, name, shape, data) VALUES (?, ?, ?, ?, ?)",
        [runID, row.step, row.name, FloatBlob.json(row.shape), FloatBlob.data(row.values[...])])
    }
  }

  /// Copies a checkpoint; its tensors' digest is made anew, from the very numbers that are written.
  private func insert(_ record: CheckpointRecord, of source: MergeSource, runID: Int64, partBytes: Int) throws {
    let tensors = try source.reading { try source.db.soundTensors(of: record).get() }
    let checkpoint = try PreparedCheckpoint(
      NewCheckpoint(
        step: record.step, reason: record.reason, monitorValue: record.monitorValue,
        historyDigest: record.historyDigest, tensors: tensors), partBytes: partBytes)
    try insert(checkpoint, runID: runID, now: record.createdAt)
    if record.pinned {
      try run("UPDATE checkpoints SET pinned = 1 WHERE run_id = ? AND step = ?", [runID, record.step])
    }
  }

  /// The checkpoint here from which the other store's run was forked, if it is here.
  private func parentCheckpoint(of source: MergeSource) throws -> Int64? {
    guard let origin = try source.origin(), let first = source.checkpoints.first else { return nil }
    // A fork's first checkpoint has its parent's history, so a link to another one would be no parent's.
    return try Int64.fetchOne(
      self,
      sql: """
        SELECT checkpoints.id FROM checkpoints JOIN runs ON runs.id = run_id
        WHERE uuid = ? AND step = ? AND history_digest = ?
        """, arguments: [origin.uuid, origin.step, first.historyDigest])
  }

  /// Links the forks that were here before their parent.
  private func linkForks(of runID: Int64, uuid: String) throws {
    try run(
      """
      UPDATE runs SET parent_checkpoint_id = parent.id
      FROM hyperparameters AS note, checkpoints AS parent, checkpoints AS first
      WHERE runs.parent_checkpoint_id IS NULL
        AND note.run_id = runs.id AND note.name = 'forked_from' AND note.value = ?2 || '@' || parent.step
        AND parent.run_id = ?1
        AND first.run_id = runs.id AND first.step = parent.step AND first.history_digest = parent.history_digest
      """, [runID, uuid])
  }
}

extension MergeSource {
  /// Hands out the records of a cursor over the other store; what `body` writes fails with its own errors.
  fileprivate func forEach<Record>(
    _ cursor: @autoclosure () throws -> RowCursor, _ record: (Row) throws -> Record, _ body: (Record) throws -> Void
  ) throws {
    let rows = try reading(cursor)
    while let next = try reading({ try rows.next().map(record) }) { try body(next) }
  }
}
