import Foundation
import GRDB

/// A checkpoint that was looked through and has its digest, made before the store lock is taken.
struct PreparedCheckpoint {
  var step: Int
  var reason: CheckpointReason
  var monitorValue: Double?
  let digest: String
  let historyDigest: String
  let tensors: [CheckpointTensor]
  let partBytes: Int

  /// - throws: `StoreError` for tensors that do not fit their shapes, are not finite or there twice.
  init(_ new: NewCheckpoint, partBytes: Int) throws {
    let subject = "the checkpoint of step \(new.step)"
    guard new.step >= 0 else { throw StoreError(.invalid, "a checkpoint cannot be of step \(new.step)") }
    var names: Set<String> = []
    for tensor in new.tensors {
      try Canonical.requireSound(
        tensor.values, shape: tensor.shape, "\(tensor.kind.rawValue) \(tensor.name) of \(subject)")
      guard names.insert("\(tensor.kind.rawValue) \(tensor.name)").inserted else {
        throw StoreError(.invalid, "\(subject) has \(tensor.kind.rawValue) \(tensor.name) twice")
      }
    }
    step = new.step
    reason = new.reason
    monitorValue = try new.monitorValue.map { try Canonical.number($0, "the monitored value of \(subject)") }
    digest = CheckpointDigest.sha256(of: new.tensors)
    historyDigest = try HistoryDigest(hex: new.historyDigest).hex
    tensors = new.tensors
    self.partBytes = partBytes
  }

  /// Takes over what another checkpoint of the same step adds.
  ///
  /// - throws: `StoreError` when it is of another state.
  mutating func merge(_ other: PreparedCheckpoint, runID: Int64) throws {
    try Self.requireEqual(
      runID: runID, step: step, digests: (digest, other.digest), histories: (historyDigest, other.historyDigest))
    // "best" is the only reason for which a checkpoint is removed as soon as it is not the best: others outlast it.
    if reason == .best { reason = other.reason }
    if monitorValue == nil { monitorValue = other.monitorValue }
  }

  /// Refuses a second, different state of a step.
  static func requireEqual(
    runID: Int64, step: Int, digests: (String, String), histories: (String, String)
  ) throws {
    let (what, pair) = digests.0 != digests.1 ? ("tensors", digests) : ("history", histories)
    guard pair.0 != pair.1 else { return }
    throw StoreError(
      .conflict,
      "run \(runID) has a checkpoint of step \(step) with other \(what): recorded \(pair.0), now \(pair.1)",
      hint: "the training went another way than what is recorded; keepstep fork starts a run of its own from there")
  }
}

extension Database {
  /// Writes a checkpoint with its tensors. Only inside the transaction that makes both present at once.
  func insert(_ checkpoint: PreparedCheckpoint, runID: Int64, now: String) throws {
    try run(
      """
      INSERT INTO checkpoints (run_id, step, reason, monitor_value, created_at, digest, history_digest)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        runID, checkpoint.step, checkpoint.reason.rawValue, checkpoint.monitorValue, now, checkpoint.digest,
        checkpoint.historyDigest,
      ])
    let checkpointID = lastInsertedRowID
    for tensor in checkpoint.tensors {
      try insert(tensor, checkpointID: checkpointID, partBytes: checkpoint.partBytes)
    }
  }

  /// Writes a tensor, in parts where it is large. Only inside the transaction that makes all of a checkpoint's present.
  func insert(_ tensor: CheckpointTensor, checkpointID: Int64, partBytes: Int) throws {
    let statement = try cachedStatement(
      sql: "INSERT INTO tensors (checkpoint_id, kind, name, part, shape, data) VALUES (?, ?, ?, ?, ?, ?)")
    let shape = FloatBlob.json(tensor.shape)
    let length = partBytes / MemoryLayout<Float>.size
    var part = 0
    // A tensor without a single number still has its row.
    repeat {
      let range = part * length..<min((part + 1) * length, tensor.values.count)
      try statement.execute(arguments: [
        checkpointID, tensor.kind.rawValue, tensor.name, part, shape, FloatBlob.data(tensor.values[range]),
      ])
      part += 1
    } while part * length < tensor.values.count
  }
}
