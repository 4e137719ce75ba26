import Foundation
import GRDB

extension StoreReader {
  /// The checkpoints of a run, in the order of steps.
  public func checkpoints(runID: Int64) throws -> [CheckpointRecord] {
    try read("list the checkpoints in") { try CheckpointRecord.fetchAll($0, runID: runID) }
  }

  /// The checkpoint with that id, or `nil` when it is not there (any more).
  public func checkpoint(id: Int64) throws -> CheckpointRecord? {
    try read("find a checkpoint in") { try CheckpointRecord.fetch($0, "id = ?", [id]).first }
  }

  /// The checkpoint of a run that `selector` names.
  ///
  /// - throws: `StoreError` listing the nearest steps when there is none.
  public func checkpoint(runID: Int64, _ selector: CheckpointSelector) throws -> CheckpointRecord {
    try read("find a checkpoint in") { db in
      let found: [CheckpointRecord]
      switch selector {
      case .best:
        found = try bestCheckpoint(runID: runID, db)
      case .last:
        found = try CheckpointRecord.fetch(db, "run_id = ? ORDER BY step DESC LIMIT 1", [runID])
      case .step(let step):
        found = try CheckpointRecord.fetch(db, "run_id = ? AND step = ?", [runID, step])
      }
      if let checkpoint = found.first { return checkpoint }
      throw try noCheckpoint(runID: runID, selector, db)
    }
  }

  /// The tensors of a checkpoint, its parts joined, in the order of (kind, name). Their digest is made anew and compared.
  ///
  /// - throws: `StoreError` of kind `damaged` naming the checkpoint and both digests when they differ, and the newest
  ///   checkpoint of the run whose digest holds.
  public func tensors(checkpointID: Int64) throws -> [CheckpointTensor] {
    try read("read a checkpoint of") { db in
      guard let checkpoint = try CheckpointRecord.fetch(db, "id = ?", [checkpointID]).first else {
        throw StoreError(.missing, "there is no checkpoint \(checkpointID) in \(path)")
      }
      switch try db.soundTensors(of: checkpoint) {
      case .success(let tensors): return tensors
      case .failure(let damage):
        throw StoreError(
          .damaged, "\(damage.message) in \(path)", hint: db.wayOut(of: checkpoint.runID))
      }
    }
  }

  /// The lowest monitored value, the earliest of equals; each of them must be what was recorded as evaluation.
  private func bestCheckpoint(runID: Int64, _ db: Database) throws -> [CheckpointRecord] {
    if let wrong = try db.misvaluedCheckpoints(runID: runID).first {
      throw StoreError(
        .damaged,
        "which checkpoint of run \(runID) in \(path) is the best can't be told: the monitored value of step "
          + "\(wrong.step), \(wrong.monitorValue.map { "\($0)" } ?? "nothing"), is none of its evaluations' losses",
        hint: "name a checkpoint by its step, or use last")
    }
    let valued = try CheckpointRecord.fetchAll(db, runID: runID).filter { $0.monitorValue != nil }
    return valued.min { ($0.monitorValue ?? 0, $0.step) < ($1.monitorValue ?? 0, $1.step) }.map { [$0] } ?? []
  }

  private func noCheckpoint(runID: Int64, _ selector: CheckpointSelector, _ db: Database) throws -> StoreError {
    let steps = try CheckpointRecord.fetchAll(db, runID: runID).map(\.step)
    guard !steps.isEmpty else { return RunSelector.unknown("\(runID)", path: path) }
    guard case .step(let wanted) = selector else {
      return StoreError(
        .missing, "run \(runID) of \(path) has no checkpoint with a monitored value yet",
        hint: "name one by its step, or use last")
    }
    // Any number may be asked for, so the distance must not overflow.
    func distance(_ step: Int) -> UInt { UInt(bitPattern: max(step, wanted) &- min(step, wanted)) }
    let nearest = steps.sorted { distance($0) < distance($1) }.prefix(6).sorted()
    return StoreError(
      .missing, "run \(runID) of \(path) has no checkpoint of step \(wanted)",
      hint: "the nearest are of the steps \(nearest.map(String.init).joined(separator: ", "))")
  }
}

extension CheckpointRecord {
  /// All of a run, in the order of steps.
  static func fetchAll(_ db: Database, runID: Int64) throws -> [CheckpointRecord] {
    try fetch(db, "run_id = ? ORDER BY step", [runID])
  }

  /// Those that fit an SQL condition.
  static func fetch(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> [CheckpointRecord] {
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, run_id, step, reason, monitor_value, created_at, digest, history_digest, pinned
        FROM checkpoints WHERE \(condition)
        """)
    return try Row.fetchAll(statement, arguments: arguments).map { row in
      CheckpointRecord(
        id: try row.integer(0), runID: try row.integer(1), step: try row.step(2), reason: try row.choice(3),
        monitorValue: try row.optional(4, row.double), createdAt: try row.text(5), digest: try row.text(6),
        historyDigest: try row.text(7), pinned: try row.integer(8) != 0)
    }
  }
}

extension Database {
  /// A checkpoint's tensors when they are all that its digest covers, or what is wrong with them.
  func soundTensors(of checkpoint: CheckpointRecord) throws -> Result<[CheckpointTensor], StoreError> {
    let subject = "checkpoint \(checkpoint.id) (run \(checkpoint.runID), step \(checkpoint.step))"
    do {
      let tensors = try joinedTensors(checkpointID: checkpoint.id)
      let digest = CheckpointDigest.sha256(of: tensors)
      if digest == checkpoint.digest { return .success(tensors) }
      return .failure(
        StoreError(.damaged, "\(subject) is damaged: its digest is \(checkpoint.digest), its tensors' is \(digest)"))
    } catch let error as StoreError {
      return .failure(StoreError(.damaged, "\(subject) is damaged: \(error.message)"))
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      return .failure(StoreError(.damaged, "\(subject) is damaged: its pages are malformed (SQLite 11)"))
    }
  }

  /// A checkpoint's tensors as they are stored, their parts joined, whatever its digest says.
  ///
  /// - throws: `StoreError` of kind `damaged` when parts are missing or shapes and values do not fit.
  func joinedTensors(checkpointID: Int64) throws -> [CheckpointTensor] {
    let rows = try Row.fetchCursor(
      self,
      sql: "SELECT kind, name, part, shape, data FROM tensors WHERE checkpoint_id = ? ORDER BY kind, name, part",
      arguments: [checkpointID])
    var tensors: [CheckpointTensor] = []
    var nextPart = 0
    while let row = try rows.next() {
      let (kind, name, part, shape) = (
        try row.choice(0) as TensorKind, try row.text(1), try row.int(2), try row.shape(3)
      )
      if part == 0 {
        tensors.append(CheckpointTensor(kind: kind, name: name, shape: shape, values: []))
        nextPart = 0
      }
      guard part == nextPart, var tensor = tensors.popLast(), tensor.kind == kind, tensor.name == name,
        tensor.shape == shape
      else {
        throw StoreError(.damaged, "a part before part \(part) of \(kind.rawValue) \(name) is missing or differs")
      }
      FloatBlob.append(try row.blob(4), to: &tensor.values)
      tensors.append(tensor)
      nextPart += 1
    }
    for tensor in tensors where FloatBlob.count(tensor.shape) != tensor.values.count {
      throw StoreError(
        .damaged,
        "\(tensor.kind.rawValue) \(tensor.name) has \(tensor.values.count) values, its shape is \(FloatBlob.json(tensor.shape))"
      )
    }
    return tensors
  }
}
