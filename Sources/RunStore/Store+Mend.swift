import GRDB

extension Store {
  /// Mends a damaged checkpoint with the tensors that a training which came by has made again.
  ///
  /// Two of three must agree to the bit: the tensors made again, the stored ones, and the digest. What stands alone is put
  /// right: the stored tensors where the digest covers what was made again, the digest where the stored tensors are just
  /// that.
  ///
  /// - returns: Whether it is mended; otherwise all is as it was.
  public func mend(_ checkpoint: CheckpointRecord, with tensors: [CheckpointTensor]) throws -> Bool {
    let digest = CheckpointDigest.sha256(of: tensors)
    return try write("mend a checkpoint of") { db in
      if digest == checkpoint.digest {
        try db.run("DELETE FROM tensors WHERE checkpoint_id = ?", [checkpoint.id])
        for tensor in tensors { try db.insert(tensor, checkpointID: checkpoint.id, partBytes: partBytes) }
        return true
      }
      guard let stored = try? db.joinedTensors(checkpointID: checkpoint.id),
        CheckpointDigest.sha256(of: stored) == digest
      else { return false }
      try db.run("UPDATE checkpoints SET digest = ? WHERE id = ?", [digest, checkpoint.id])
      return true
    }
  }
}
