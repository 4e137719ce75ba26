import Foundation
import GRDB

/// A run of another store as one snapshot of that store shows it. Everything in it may be a stranger's.
///
/// Made for one read transaction.
struct MergeSource {
  /// The other store, as it was named.
  let path: String
  let db: Database
  /// As it is to be recorded here: nobody trains it here, so it is never `running`.
  let run: RunRecord
  /// Whether a living trainer holds it.
  let isTrainedThere: Bool
  let hyperparameters: [String: HyperparameterValue]
  /// In the order in which they began; none is open.
  let segments: [SegmentRecord]
  /// In the order of steps; at least one.
  let checkpoints: [CheckpointRecord]
  /// The digest of its data.
  let datasetSHA256: String?

  /// How messages name it.
  var label: String { "run \(run.id) (\(run.name)) of \(path)" }

  /// The run that forks go on from, by what is the same in every store.
  struct Origin: Hashable {
    /// The parent run's.
    var uuid: String
    /// The checkpoint's.
    var step: Int
  }

  /// Reads the run's rows, but for its history, tensors and data.
  ///
  /// - returns: `nil` when the run was removed meanwhile.
  /// - throws: `StoreError` for rows that no Keepstep wrote.
  init?(_ run: RunRecord, of other: StoreReader, _ db: Database) throws {
    path = other.path
    self.db = db
    self.run = try Self.ended(run)
    isTrainedThere = run.status == .running && other.isHeld(runID: run.id)
    hyperparameters = try HyperparameterValue.fetchAll(db, runID: run.id)
    segments = try SegmentRecord.fetchAll(db, runID: run.id).map { Self.ended($0, at: run.updatedAt) }
    checkpoints = try CheckpointRecord.fetchAll(db, runID: run.id)
    datasetSHA256 = try run.datasetID.flatMap { id in
      try String.fetchOne(db, sql: "SELECT sha256 FROM datasets WHERE id = ?", arguments: [id])
    }
    guard (datasetSHA256 == nil) == (run.datasetID == nil) else {
      throw StoreError(.damaged, "its dataset \(run.datasetID ?? 0) is not there")
    }
    guard !checkpoints.isEmpty else { throw StoreError(.damaged, "it has no checkpoint") }
  }

  /// A copy has no trainer: it is what a store looks like in which the trainer was found dead.
  private static func ended(_ run: RunRecord) throws -> RunRecord {
    var run = run
    if run.status == .running { run.status = .interrupted }
    // It selects the run here, so it must be one; that of Foundation is in capitals.
    guard UUID(uuidString: run.uuid)?.uuidString.lowercased() == run.uuid else {
      throw StoreError(.damaged, "its uuid \(run.uuid.debugDescription) is none")
    }
    return run
  }

  private static func ended(_ segment: SegmentRecord, at time: String) -> SegmentRecord {
    var segment = segment
    if segment.endedAt == nil { (segment.endedAt, segment.endReason) = (time, "killed") }
    return segment
  }

  /// The other store's labels of the run.
  func tags() throws -> [String] {
    try reading {
      try Row.fetchAll(db, sql: "SELECT tag FROM tags WHERE run_id = ? ORDER BY tag", arguments: [run.id])
        .map { try $0.text(0) }
    }
  }

  /// The checkpoint that a fork was made from: the other store's link, or, where that was removed, the fork's own note.
  func origin() throws -> Origin? {
    if let id = run.parentCheckpointID {
      let sql = "SELECT uuid, step FROM checkpoints JOIN runs ON runs.id = run_id WHERE checkpoints.id = ?"
      let row = try reading { try Row.fetchOne(db, sql: sql, arguments: [id]) }
      if let row { return Origin(uuid: try row.text(0), step: try row.int(1)) }
    }
    guard case .text(let note)? = hyperparameters["forked_from"] else { return nil }
    let parts = note.split(separator: "@").map(String.init)
    guard parts.count == 2, let step = Int(parts[1]) else { return nil }
    return Origin(uuid: parts[0], step: step)
  }

  /// The run's data with its digest checked.
  ///
  /// - throws: `StoreError` of kind `damaged` with both digests when they differ.
  func dataset(_ digest: DatasetDigest) throws -> NewDataset? {
    guard let id = run.datasetID else { return nil }
    let sql = "SELECT id, sha256, source, columns, rows, data FROM datasets WHERE id = ?"
    let record = try reading { try Row.fetchOne(db, sql: sql, arguments: [id]).map(DatasetRecord.init(row:)) }
    guard let record else { throw StoreError(.damaged, "its dataset \(id) is not there") }
    if record.values != nil {
      let found = try made(digest, record)
      guard found == record.sha256 else {
        throw StoreError(
          .damaged, "its dataset \(id) is damaged: its digest is \(record.sha256), its values' is \(found)",
          hint: damageHint)
      }
    }
    return NewDataset(
      sha256: record.sha256, source: record.source, columns: record.columns, rows: record.rows, values: record.values)
  }

  private func made(_ digest: DatasetDigest, _ record: DatasetRecord) throws -> String {
    do {
      return try digest(record, hyperparameters)
    } catch {
      throw StoreError(
        .damaged, "its dataset \(record.id) has no digest: \(error.localizedDescription)", hint: damageHint)
    }
  }

  /// Makes every digest of the run anew: those of its checkpoints and the chain over its history.
  ///
  /// - throws: `StoreError` of kind `damaged` with what `check` finds wrong with the run.
  func requireSound() throws {
    let findings = try reading { CheckedRun(id: run.id, stepsDone: run.stepsDone).findings(db) }
    guard let first = findings.first else { return }
    let others = findings.count > 1 ? "; and \(findings.count - 1) more" : ""
    throw StoreError(.damaged, "\(first.subject) \(first.message)\(others)", hint: damageHint)
  }

  private var damageHint: String {
    "`keepstep check --store \(path)` lists what is wrong; `keepstep recover` takes what is intact into a new store"
  }

  /// Gives SQLite's errors while the other store is read a kind that lets the merge go on with other runs.
  func reading<Result>(_ body: () throws -> Result) throws -> Result {
    try Self.reading(path, body)
  }

  /// As the method, before there is a source.
  static func reading<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      let told = StoreError.wrapping(error, "read", path: path)
      throw told.kind == .database ? StoreError(.damaged, told.message, hint: told.hint) : told
    }
  }
}
