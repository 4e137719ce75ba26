/// Something that is not as it must be.
public struct CheckFinding: Hashable, Sendable {
  /// What it is about: "the database", "run 3", "checkpoint 12 (run 3, step 100)".
  public var subject: String
  /// What is wrong with it.
  public var message: String

  /// A finding.
  public init(subject: String, message: String) {
    self.subject = subject
    // An error of the library begins with what it is about.
    self.message = message.hasPrefix(subject + " ") ? String(message.dropFirst(subject.count + 1)) : message
  }
}

/// What a store is made of.
public struct StoreFacts: Hashable, Sendable {
  /// SQLite's `application_id`; every store has the same.
  public var applicationID: Int
  /// The store's version.
  public var version: Int
  /// `wal`.
  public var journalMode: String
  /// The version of SQLite that this program runs with.
  public var sqliteVersion: String
  /// Whether that SQLite can lose commits when a program that does not take the store lock (`sqlite3`, a script) writes
  /// into the store while a training runs: the WAL-reset bug. Keepstep's own processes are safe from it.
  public var foreignWritersAtRisk: Bool
  /// Runs.
  public var runs: Int
  /// Step rows.
  public var steps: Int
  /// Checkpoints.
  public var checkpoints: Int
}

/// What `StoreReader.check()` found.
public struct CheckReport: Hashable, Sendable {
  /// What the store is made of.
  public var facts: StoreFacts
  /// What is wrong with it; empty for a sound store.
  public var findings: [CheckFinding]
  /// What is as it may be, and yet should be known.
  public var notes: [String] = []

  /// Whether nothing is wrong.
  public var isSound: Bool { findings.isEmpty }
}
