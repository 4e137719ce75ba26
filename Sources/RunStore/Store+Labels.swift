import GRDB

/// What people write on runs: tags, a note, pins. No bit of a training depends on them, and a run may be in training
/// meanwhile.
extension Store {
  /// Puts tags on a run; those that it has stay.
  ///
  /// - throws: `StoreError` of kind `invalid` for a tag without letters or with control characters, and of kind `missing`
  ///   for an unknown run. Then nothing is changed.
  public func addTags(_ tags: [String], runID: Int64) throws {
    for tag in tags { try Self.requireTag(tag) }
    try write("tag a run of") { db in
      try requireRun(runID, db)
      for tag in tags { try db.run("INSERT OR IGNORE INTO tags (run_id, tag) VALUES (?, ?)", [runID, tag]) }
    }
  }

  /// Takes tags off a run.
  ///
  /// - throws: `StoreError` of kind `missing` when it has not all of them. Then nothing is changed.
  public func removeTags(_ tags: [String], runID: Int64) throws {
    try write("untag a run of") { db in
      try requireRun(runID, db)
      let own = try db.tags(runID: runID)
      if let missing = tags.first(where: { !own.contains($0) }) {
        throw StoreError(
          .missing, "run \(runID) of \(path) has no tag \(missing.debugDescription)",
          hint: own.isEmpty ? "it has no tags" : "its tags are: \(own.joined(separator: ", "))")
      }
      for tag in tags { try db.run("DELETE FROM tags WHERE run_id = ? AND tag = ?", [runID, tag]) }
    }
  }

  /// Writes a person's remark on a run in place of the one it has; nil removes it.
  public func setNote(_ note: String?, runID: Int64) throws {
    try write("note something on a run of") { db in
      try requireRun(runID, db)
      try db.run("UPDATE runs SET note = ? WHERE id = ?", [note, runID])
    }
  }

  /// Keeps a checkpoint whatever has to make room, or no longer.
  ///
  /// - throws: `StoreError` of kind `missing` when it is no longer there.
  public func setPinned(_ isPinned: Bool, checkpointID: Int64) throws {
    try write("pin a checkpoint of") { db in
      try db.run("UPDATE checkpoints SET pinned = ? WHERE id = ?", [isPinned, checkpointID])
      guard db.changesCount == 1 else {
        throw StoreError(
          .missing, "there is no checkpoint \(checkpointID) in \(path)", hint: "keepstep checkpoints RUN lists them")
      }
    }
  }

  private static func requireTag(_ tag: String) throws {
    let isVisible = tag.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard !tag.allSatisfy(\.isWhitespace), isVisible else {
      throw StoreError(
        .invalid, "\(tag.debugDescription) is no tag: it must have letters, and no control characters",
        hint: "choose a word")
    }
  }

  private func requireRun(_ runID: Int64, _ db: Database) throws {
    let isThere = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", arguments: [runID])
    guard isThere == true else { throw RunSelector.unknown("\(runID)", path: path) }
  }
}

extension StoreReader {
  /// A run's tags, in alphabetic order.
  public func tags(runID: Int64) throws -> [String] {
    try read("read the tags in") { try $0.tags(runID: runID) }
  }
}

extension Database {
  fileprivate func tags(runID: Int64) throws -> [String] {
    try String.fetchAll(self, sql: "SELECT tag FROM tags WHERE run_id = ? ORDER BY tag", arguments: [runID])
  }
}
