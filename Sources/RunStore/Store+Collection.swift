import GRDB

/// What a collection removes, or would.
public struct Collection: Hashable, Sendable {
  /// The checkpoints, in the order of runs and steps.
  public var checkpoints: [CheckpointRecord]
  /// Bytes of their tensors.
  public var bytes: Int

  /// A collection.
  public init(checkpoints: [CheckpointRecord], bytes: Int) {
    self.checkpoints = checkpoints
    self.bytes = bytes
  }
}

extension StoreReader {
  /// The checkpoints of runs that no rule keeps: beside a run's first, last, best and pinned ones, and those that forks
  /// began at, the newest `keep` stay.
  public func collection(runIDs: [Int64], keep: Int) throws -> Collection {
    try read("look for checkpoints to remove in") { try $0.collection(runIDs: runIDs, keep: keep) }
  }
}

extension Store {
  /// Removes the checkpoints that `StoreReader.collection` finds, in one transaction. Steps, evaluations and hidden states
  /// stay, and so does every digest of the history.
  ///
  /// - throws: `StoreError` of kind `held` when one of the runs is in training: its trainer makes room by the run's own rule.
  public func removeCheckpoints(ofRuns runIDs: [Int64], keep: Int) throws -> Collection {
    let locks = try runIDs.map { try lockRun($0) }
    defer { for lock in locks { lock.unlock() } }
    return try write("remove checkpoints from") { db in
      let found = try db.collection(runIDs: runIDs, keep: keep)
      for checkpoint in found.checkpoints { try db.run("DELETE FROM checkpoints WHERE id = ?", [checkpoint.id]) }
      return found
    }
  }

  /// Gives the space of removed rows back to the disk: writes the whole store anew. Trainers wait meanwhile.
  ///
  /// - returns: the file's bytes before and after.
  /// - throws: `StoreError` when there is no room for a second copy; the store stays as it was.
  public func compact() throws -> (before: Int, after: Int) {
    try withoutTransaction("give space back in") { db in
      let before = try db.fileBytes()
      // VACUUM compiles the schema's own constraints anew, past the harmless `json_type` that stands in for SQLite's. It
      // runs no trigger and no view; extensions stay off, and nothing of a stranger's schema has a side effect without.
      try db.execute(sql: "PRAGMA trusted_schema = ON")
      defer { try? db.execute(sql: "PRAGMA trusted_schema = OFF") }
      try db.execute(sql: "VACUUM")
      return (before, try db.fileBytes())
    }
  }
}

extension Database {
  fileprivate func fileBytes() throws -> Int {
    try Int.fetchOne(self, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
  }

  fileprivate func collection(runIDs: [Int64], keep: Int) throws -> Collection {
    let parents = try Set(
      Int64.fetchAll(self, sql: "SELECT parent_checkpoint_id FROM runs WHERE parent_checkpoint_id IS NOT NULL"))
    let retention = Retention(keep: keep)
    let removed = try runIDs.flatMap { runID in
      let all = try CheckpointRecord.fetchAll(self, runID: runID)
      let survivors = retention.survivors(among: all.map(Retention.Candidate.init))
      return all.filter { !survivors.contains($0.step) && !parents.contains($0.id) }
    }
    let bytes = try removed.reduce(0) { sum, checkpoint in
      let sql = "SELECT total(length(data)) FROM tensors WHERE checkpoint_id = ?"
      return sum + Int(try Double.fetchOne(self, sql: sql, arguments: [checkpoint.id]) ?? 0)
    }
    return Collection(checkpoints: removed, bytes: bytes)
  }
}
