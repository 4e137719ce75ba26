import GRDB

extension Store {
  /// Puts the tensors of a damaged checkpoint back, as a training that came by has made them again.
  ///
  /// - throws: `StoreError` unless they are, to the bit, what the checkpoint's digest covers.
  public func mend(_ checkpoint: CheckpointRecord, with tensors: [CheckpointTensor]) throws {
    let digest = CheckpointDigest.sha256(of: tensors)
    guard digest == checkpoint.digest else {
      throw StoreError(
        .conflict,
        "checkpoint \(checkpoint.id) (run \(checkpoint.runID), step \(checkpoint.step)) can't be mended: its digest is "
          + "\(checkpoint.digest), the tensors' is \(digest)")
    }
    try write("mend a checkpoint of") { db in
      try db.run("DELETE FROM tensors WHERE checkpoint_id = ?", [checkpoint.id])
      for tensor in tensors { try db.insert(tensor, checkpointID: checkpoint.id, partBytes: partBytes) }
    }
  }
}
