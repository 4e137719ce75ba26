import GRDB

/// The history chain of a run, made anew from its rows and held against what its checkpoints recorded, link by link: each
/// link leads from the history digest of a checkpoint over the rows after it to that of the next one.
struct HistoryChain {
  /// A link that does not hold.
  struct Break {
    let checkpoint: CheckpointRecord
    let message: String
  }

  /// In the order of steps.
  private(set) var breaks: [Break] = []

  /// Follows the chain from the run's first checkpoint to the last one up to `last`.
  ///
  /// - parameter first: where to begin; the run's first checkpoint by default.
  init(_ db: Database, runID: Int64, upTo last: Int = .max) throws {
    // Sorted again: where an index is damaged, SQLite's order is not to be relied on.
    let checkpoints = try CheckpointRecord.fetchAll(db, runID: runID).filter { $0.step <= last }
      .sorted { $0.step < $1.step }
    guard let first = checkpoints.first else { return }
    if first.step < 0 || (first.step == 0 && first.historyDigest != HistoryDigest.start.hex) {
      breaks.append(
        Break(checkpoint: first, message: "its history digest \(first.historyDigest) begins no chain"))
    }
    for (former, checkpoint) in zip(checkpoints, checkpoints.dropFirst()) {
      if let message = try Self.difference(db, from: former, to: checkpoint) {
        breaks.append(Break(checkpoint: checkpoint, message: message))
      }
    }
  }

  /// Whether all rows up to a checkpoint are those that it was written after.
  func holds(upTo checkpoint: CheckpointRecord) -> Bool {
    breaks.allSatisfy { $0.checkpoint.step > checkpoint.step }
  }

  /// Whether the rows between the former checkpoint and this one are those that it was written after.
  func linkHolds(to checkpoint: CheckpointRecord) -> Bool {
    breaks.allSatisfy { $0.checkpoint.id != checkpoint.id }
  }

  /// What is wrong with a link, or `nil`.
  private static func difference(
    _ db: Database, from former: CheckpointRecord, to checkpoint: CheckpointRecord
  ) throws -> String? {
    guard former.step >= 0, former.step < checkpoint.step else {
      return "the checkpoint before it is of step \(former.step)"
    }
    do {
      var chain = try HistoryDigest(hex: former.historyDigest)
      var rows = try HistoryRows(db, runID: checkpoint.runID, after: former.step, upTo: checkpoint.step)
      for step in former.step + 1...checkpoint.step {
        guard let next = try rows.next(upTo: checkpoint.step), next.row.step == step else {
          return "step \(step) has no row"
        }
        chain.append(step: next.row, evaluations: next.evaluations, hiddenStates: next.hiddenStates)
      }
      guard chain.hex != checkpoint.historyDigest else { return nil }
      return "the rows up to it are not those that it was written after: its history digest is "
        + "\(checkpoint.historyDigest), the rows' is \(chain.hex)"
    } catch let error as StoreError {
      return "the rows up to it are not those that it was written after: \(error.message)"
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      return "the rows up to it are on malformed pages (SQLite 11)"
    }
  }
}
