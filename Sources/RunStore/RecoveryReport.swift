/// What `Recovery` took out of a damaged store, and what it left.
public struct RecoveryReport: Hashable, Sendable {
  /// The rows of a table.
  public struct Table: Hashable, Sendable {
    /// The table.
    public var name: String
    /// Rows that are in the new store.
    public var taken: Int
    /// Rows that were read and are not in the new store.
    public var left: Int
    /// What could not be read or was no row of a store, and SQLite's words for it.
    public var remarks: [String]
  }

  /// What became of a run.
  public struct Run: Hashable, Sendable {
    /// The run.
    public var id: Int64
    /// Its name; `nil` when its row is lost.
    public var name: String?
    /// Whether it is in the new store.
    public var isTaken: Bool
    /// Its last step in the new store.
    public var stepsDone: Int
    /// Its last step in the damaged store, as far as that tells.
    public var stepsDoneBefore: Int
    /// Its checkpoints in the new store.
    public var checkpoints: Int
    /// What is not as it was, and why.
    public var losses: [String]
    /// What else is to be known of it.
    public var remarks: [String]
  }

  /// The new store, as it was named.
  public var path: String
  /// What was found about the file as a whole.
  public var notes: [String]
  /// Whether commits are lost with a damaged `-wal`.
  public var hasLostCommits: Bool
  /// All tables.
  public var tables: [Table]
  /// All runs that are or were in one of the tables, in the order of ids.
  public var runs: [Run]

  /// Whether all that was in the damaged store is in the new one.
  public var isComplete: Bool {
    !hasLostCommits && tables.allSatisfy { $0.left == 0 && $0.remarks.isEmpty }
      && runs.allSatisfy { $0.isTaken && $0.losses.isEmpty }
  }
}

/// What somebody who can train found about a run that was read out of a damaged store.
///
/// No digest covers hyperparameters, the seed and the data; steps that are trained again from a checkpoint with the
/// bits of the record prove them.
public enum RecoveryVerdict: Hashable, Sendable {
  /// Trained again with the bits of the record.
  case proved(String)
  /// There is nothing to compare, or no way to train it here; the run is taken with this remark.
  case unproved(String)
  /// The embedded data is not what its digest covers; the run is taken without it.
  case dataDamaged(String)
  /// Trained again, it differs, or it cannot be trained as its hyperparameters stand.
  case disproved(String)
}
