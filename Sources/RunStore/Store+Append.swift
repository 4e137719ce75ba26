import Dispatch
import Foundation
import GRDB

extension Store {
  /// Writes all of a batch in one transaction, and with it the run's `steps_done` and heartbeat, the segment's `last_step`,
  /// the end if there is one, and removes the checkpoints that `keep` does not keep.
  ///
  /// A checkpoint of a step that has one already is compared with it: an equal one adds its monitored value, a different
  /// one is refused.
  ///
  /// - returns: How long it waited for its turn, in nanoseconds: for the store lock, which other trainers hold in theirs.
  /// - throws: `StoreError`. Before anything is written, for what cannot be recorded bit for bit or does not go on from
  ///   what is recorded. Of kind `unknownOutcome` when the commit failed: then nobody knows whether the batch is there,
  ///   so it must not be written again; a resume finds its rows equal or absent.
  @discardableResult
  public func append(_ batch: RunBatch) throws -> UInt64 {
    try batch.validate()
    let checkpoints = try prepare(batch.checkpoints, runID: batch.runID)
    let asked = DispatchTime.now().uptimeNanoseconds
    return try write("append to") { db in
      let begun = DispatchTime.now().uptimeNanoseconds
      let done = try db.cachedStatement(sql: "SELECT steps_done FROM runs WHERE id = ?")
      guard let stepsDone = try Int.fetchOne(done, arguments: [batch.runID]) else {
        throw RunSelector.unknown("\(batch.runID)", path: path)
      }
      try batch.validateOrder(stepsDone: stepsDone)
      let now = Timestamp.now()
      try db.insertRows(of: batch)
      try db.write(checkpoints, of: batch, now: now)
      try db.updateSegment(of: batch, now: now)
      try db.updateRun(of: batch, now: now)
      return begun - asked
    }
  }

  /// Looks all checkpoints through and makes one of those that share a step.
  private func prepare(_ checkpoints: [NewCheckpoint], runID: Int64) throws -> [PreparedCheckpoint] {
    var prepared: [PreparedCheckpoint] = []
    for new in checkpoints {
      let next = try PreparedCheckpoint(new, partBytes: partBytes)
      if let index = prepared.firstIndex(where: { $0.step == next.step }) {
        try prepared[index].merge(next, runID: runID)
      } else {
        prepared.append(next)
      }
    }
    return prepared
  }
}

extension Database {
  fileprivate func insertRows(of batch: RunBatch) throws {
    let runID = batch.runID
    // x + 0.0 is zero for minus zero.
    let plain = try StepInsertion(self, runID: runID, hasAccuracy: false)
    let classified = try StepInsertion(self, runID: runID, hasAccuracy: true)
    for row in batch.steps { try (row.accuracy == nil ? plain : classified).insert(row) }
    for row in batch.evaluations {
      try run(
        "INSERT INTO evaluations (run_id, step, split, loss, accuracy) VALUES (?, ?, ?, ?, ?)",
        [runID, row.step, row.split, row.loss + 0.0, row.accuracy.map { $0 + 0.0 }])
    }
    for row in batch.hiddenStates {
      try run(
        "INSERT INTO hidden_states (run_id, step, name, shape, data) VALUES (?, ?, ?, ?, ?)",
        [runID, row.step, row.name, FloatBlob.json(row.shape), FloatBlob.data(row.values[...])])
    }
  }

  /// Writes the checkpoints that stay and removes those that have to go.
  fileprivate func write(_ new: [PreparedCheckpoint], of batch: RunBatch, now: String) throws {
    guard !new.isEmpty else { return }
    let stored = try CheckpointRecord.fetchAll(self, runID: batch.runID)
    let storedByStep = Dictionary(stored.map { ($0.step, $0) }) { first, _ in first }
    var candidates = stored.map(Retention.Candidate.init)
    for checkpoint in new {
      if let old = storedByStep[checkpoint.step] {
        let merged = try merge(checkpoint, into: old)
        candidates.removeAll { $0.step == old.step }
        candidates.append(merged)
      } else {
        candidates.append(Retention.Candidate(checkpoint))
      }
    }
    let survivors = batch.keep.map { Retention(keep: $0).survivors(among: candidates) }
    for checkpoint in new where storedByStep[checkpoint.step] == nil {
      if survivors?.contains(checkpoint.step) ?? true { try insert(checkpoint, runID: batch.runID, now: now) }
    }
    guard let survivors else { return }
    for old in stored where !survivors.contains(old.step) {
      try run("DELETE FROM checkpoints WHERE id = ?", [old.id])
    }
  }

  /// Finds a recorded checkpoint equal to a new one of its step, and adds what the old row lacks.
  private func merge(_ new: PreparedCheckpoint, into old: CheckpointRecord) throws -> Retention.Candidate {
    try PreparedCheckpoint.requireEqual(
      runID: old.runID, step: old.step, digests: (old.digest, new.digest),
      histories: (old.historyDigest, new.historyDigest))
    var merged = Retention.Candidate(old)
    merged.monitorValue = old.monitorValue ?? new.monitorValue
    if old.reason == .best { merged.reason = new.reason }
    if merged != Retention.Candidate(old) {
      try run(
        "UPDATE checkpoints SET monitor_value = ?, reason = ? WHERE id = ?",
        [merged.monitorValue, merged.reason.rawValue, old.id])
    }
    return merged
  }

  fileprivate func updateSegment(of batch: RunBatch, now: String) throws {
    try run(
      """
      UPDATE segments SET last_step = coalesce(?, last_step), ended_at = ?, end_reason = ?
      WHERE id = ? AND run_id = ? AND ended_at IS NULL
      """,
      [
        batch.steps.last?.step, batch.end == nil ? nil : now, batch.end?.status.rawValue, batch.segmentID, batch.runID,
      ])
    guard changesCount == 1 else {
      throw StoreError(
        .conflict, "segment \(batch.segmentID) of run \(batch.runID) is not open any more: its run was taken over",
        hint: "resume the run")
    }
  }

  fileprivate func updateRun(of batch: RunBatch, now: String) throws {
    try run(
      "UPDATE runs SET steps_done = coalesce(?, steps_done), updated_at = ? WHERE id = ?",
      [batch.steps.last?.step, now, batch.runID])
    guard let end = batch.end else { return }
    try run(
      "UPDATE runs SET status = ?, finished_at = ?, failure = ? WHERE id = ?",
      [end.status.rawValue, end.status == .finished ? now : nil, end.failure, batch.runID])
  }
}

extension Retention.Candidate {
  /// A checkpoint that is recorded.
  init(_ row: CheckpointRecord) {
    self.init(step: row.step, reason: row.reason, monitorValue: row.monitorValue, pinned: row.pinned)
  }

  fileprivate init(_ new: PreparedCheckpoint) {
    self.init(step: new.step, reason: new.reason, monitorValue: new.monitorValue, pinned: false)
  }
}
