import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Store {
  /// Takes in the runs of another store, by uuid, each in one transaction of its own: a run is here with all that belongs
  /// to it or not at all, whatever happens meanwhile. Merging again changes nothing.
  ///
  /// - A run that is not here is copied, with its data, its place among forks, tags and note. Its name gets a number when
  ///   a run here has it already.
  /// - A run that is here as well is compared to the bit. When one history is the beginning of the other, what the other
  ///   store has more is taken in; what this store has more stays.
  /// - A run whose histories part, whose digests do not hold, or that a trainer holds here is left out, and so told; the
  ///   others go on.
  ///
  /// The other store is only read, each run in one snapshot; a run that is being trained there is taken as it stands, as
  /// `interrupted`. Nothing is taken whose digests were not made anew before. Memory stays within a checkpoint, or the
  /// data of a run.
  ///
  /// - parameter other: of any version that this program knows.
  /// - parameter datasetDigest: how the digest of a run's data is made.
  /// - parameter each: called after each run, in the order of their ids there.
  /// - throws: `StoreError` when the other store is this one, or what keeps this store from being written; runs that were
  ///   handed out before are here. Whatever `each` throws.
  public func merge(
    _ other: StoreReader, datasetDigest: @escaping DatasetDigest, each: (MergedRun) throws -> Void = { _ in }
  ) throws -> [MergedRun] {
    try other.requireOther(than: path)
    let ids = try other.read("list the runs of") { try Int64.fetchAll($0, sql: "SELECT id FROM runs ORDER BY id") }
    var all: [MergedRun] = []
    for id in ids {
      guard let merged = try merge(runID: id, of: other, datasetDigest) else { continue }
      all.append(merged)
      try each(merged)
    }
    return all
  }

  private func merge(
    runID: Int64, of other: StoreReader, _ datasetDigest: DatasetDigest
  ) throws -> MergedRun? {
    var merged: MergedRun??
    do {
      try other.read("read a run of") { merged = .some(try merge(runID: runID, of: other, $0, datasetDigest)) }
    } catch {
      // A read transaction that met a damaged page fails once more at its end, when all is told already.
      if merged == nil { throw error }
    }
    return merged ?? nil
  }

  /// - returns: `nil` when the run was removed meanwhile.
  private func merge(
    runID: Int64, of other: StoreReader, _ db: Database, _ datasetDigest: DatasetDigest
  ) throws -> MergedRun? {
    var merged = MergedRun(idThere: runID, nameThere: "run \(runID)", outcome: .equal)
    do {
      let source = try MergeSource.reading(other.path) { () -> MergeSource? in
        guard let run = try RunRecord.fetch(db, id: runID) else { return nil }
        merged.nameThere = RunName.isValid(run.name) ? run.name : run.uuid.debugDescription
        return try MergeSource(run, of: other, db)
      }
      guard let source else { return nil }
      merged.isTrainedThere = source.isTrainedThere
      try take(source, into: &merged, datasetDigest)
    } catch let error as StoreError where error.concernsOneRun {
      merged.outcome = .refused(error)
    }
    return merged
  }

  private func take(_ source: MergeSource, into merged: inout MergedRun, _ datasetDigest: DatasetDigest) throws {
    let uuid = source.run.uuid
    while true {
      let found = try reader.read("find a run in") { db in
        try Int64.fetchOne(db, sql: "SELECT id FROM runs WHERE uuid = ?", arguments: [uuid])
      }
      if let id = found {
        if try goOn(id, source, into: &merged) { return }
      } else if try add(source, into: &merged, datasetDigest) {
        return
      }
      // Another process brought the run in, or removed it, between the two looks: look again.
    }
  }

  /// - returns: `false` when the run has come here by another way meanwhile.
  private func add(_ source: MergeSource, into merged: inout MergedRun, _ datasetDigest: DatasetDigest) throws -> Bool {
    guard RunName.isValid(source.run.name) else {
      throw StoreError(
        .invalid, "its name \(source.run.name.debugDescription) could not select it",
        hint: "give it another: sqlite3 \(source.path) \"UPDATE runs SET name = '…' WHERE id = \(source.run.id)\"")
    }
    // Before the store lock is taken: it may take its time.
    try source.requireSound()
    let isHere = try reader.read("look for data in") { try $0.hasValues(ofDataset: source.datasetSHA256) }
    let dataset = isHere ? nil : try source.dataset(datasetDigest)
    let added = try write("take a run into") { db -> (id: Int64, name: String)? in
      let known = try Int64.fetchOne(db, sql: "SELECT id FROM runs WHERE uuid = ?", arguments: [source.run.uuid])
      guard known == nil else { return nil }
      return try db.refusingBrokenRules {
        let datasetID = try dataset.map { try db.findOrInsert($0, path: path) } ?? db.dataset(source.datasetSHA256)
        guard (datasetID == nil) == (source.datasetSHA256 == nil) else {
          throw StoreError(.conflict, "its data was removed from \(path) at the same instant", hint: "merge again")
        }
        let name = try db.unusedName(source.run.name)
        return (try db.insert(source, name: name, datasetID: datasetID, partBytes: partBytes), name)
      }
    }
    guard let added else { return false }
    (merged.id, merged.name) = added
    let first = source.checkpoints.first?.step ?? 0
    merged.outcome = .added(steps: source.run.stepsDone - first, checkpoints: source.checkpoints.count)
    return true
  }

  /// - returns: `false` when the run has gone meanwhile.
  private func goOn(_ id: Int64, _ source: MergeSource, into merged: inout MergedRun) throws -> Bool {
    // What is compared cannot change while this process holds the run; a trainer's hold matters only if something is taken.
    let lock = try RunLock.take(runID: id, storePath: file.absolutePath)
    defer { lock?.unlock() }
    merged.id = id
    let comparison = try reader.read("compare a run of") { db -> MergeComparison? in
      guard let run = try RunRecord.fetch(db, id: id) else { return nil }
      merged.name = run.name
      let comparison = try MergeComparison(run, of: db, path: path, with: source)
      do {
        try comparison.requireOneHistory()
      } catch let error as StoreError where error.kind == .conflict {
        try source.requireSound()
        try db.requireSound(run, path: path)
        throw error
      }
      return comparison
    }
    guard let comparison else {
      merged.id = nil
      return false
    }
    let (here, there) = (comparison.run.stepsDone, source.run.stepsDone)
    guard comparison.isMoreThere else {
      merged.outcome = there < here ? .aheadHere(there: there, here: here) : .equal
      return true
    }
    guard lock != nil else {
      throw try reader.read("look for a run's trainer in") { try $0.heldError(runID: id, path: path) }
    }
    try source.requireSound()
    try write("take the rest of a run into") { db in
      try db.refusingBrokenRules { try db.append(source, to: comparison, partBytes: partBytes) }
    }
    merged.outcome = .continued(from: here, to: there, bothWentOn: comparison.bothWentOn)
    return true
  }
}

extension StoreReader {
  /// Refuses the store at `path`, whatever name or link leads there.
  ///
  /// - throws: `StoreError` when both are one file.
  public func requireOther(than path: String) throws {
    let own = StoreFile(path: path, allowsNetworkFileSystem: true)
    var (a, b) = (stat(), stat())
    guard stat(file.absolutePath, &a) == 0, stat(own.absolutePath, &b) == 0, a.st_dev == b.st_dev, a.st_ino == b.st_ino
    else { return }
    throw StoreError(
      .invalid, "\(self.path) and \(path) are the same store, which has nothing to bring into itself",
      hint: "name another store")
  }
}

extension StoreError {
  /// Whether the other runs of a merge can go on: neither this store nor its disk failed.
  fileprivate var concernsOneRun: Bool { kind != .database && kind != .unknownOutcome }
}

extension RunName {
  fileprivate static func isValid(_ name: String) -> Bool { (try? validate(name)) != nil }
}

extension Database {
  /// Whether a dataset needs nothing from elsewhere: there is none, or its values are here.
  fileprivate func hasValues(ofDataset sha256: String?) throws -> Bool {
    guard let sha256 else { return true }
    let sql = "SELECT EXISTS (SELECT 1 FROM datasets WHERE sha256 = ? AND data IS NOT NULL)"
    return try Bool.fetchOne(self, sql: sql, arguments: [sha256]) ?? false
  }

  fileprivate func dataset(_ sha256: String?) throws -> Int64? {
    try Int64.fetchOne(self, sql: "SELECT id FROM datasets WHERE sha256 = ?", arguments: [sha256])
  }

  /// The name itself, or with "-2", "-3", … behind it when it is taken.
  fileprivate func unusedName(_ name: String) throws -> String {
    var (candidate, count) = (name, 1)
    while try Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE name = ?)", arguments: [candidate])
      == true
    {
      count += 1
      var stem = name
      while stem.utf8.count + "-\(count)".utf8.count > 255 { stem.removeLast() }
      candidate = "\(stem)-\(count)"
    }
    return candidate
  }

  /// Tells damage here from histories that part.
  fileprivate func requireSound(_ run: RunRecord, path: String) throws {
    guard let first = CheckedRun(id: run.id, stepsDone: run.stepsDone).findings(self).first else { return }
    throw StoreError(
      .damaged, "it is damaged in \(path): \(first.subject) \(first.message)",
      hint: "`keepstep check` lists what is wrong; `keepstep recover` takes what is intact into a new store")
  }

  /// A row that breaks a rule of the schema is its store's fault, not this one's.
  fileprivate func refusingBrokenRules<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw StoreError(
        .damaged, "it breaks a rule of the schema: \(error.message ?? "unknown")",
        hint: "no Keepstep wrote it so; `keepstep recover` takes what is intact into a new store")
    }
  }
}
