import Foundation
import GRDB

/// What went wrong with a store: the operation, the subject, both values, and a way out.
public struct StoreError: LocalizedError, Hashable, Sendable {
  /// What sort of thing went wrong, for programs.
  public enum Kind: String, Sendable {
    /// A file, run, checkpoint or dataset that is not there.
    case missing
    /// A selector that fits several runs.
    case ambiguous
    /// A value that the store refuses: not finite, not consistent, not well formed.
    case invalid
    /// A run that another trainer holds.
    case held
    /// A file that is no Keepstep store.
    case notAStore
    /// A store that a newer version wrote.
    case newerStore
    /// Content that its digest contradicts.
    case damaged
    /// Something recorded that differs from what should be recorded in its place.
    case conflict
    /// A commit of which nobody knows whether it took place.
    case unknownOutcome
    /// Anything else that SQLite or the file system said.
    case database
  }

  /// What sort of thing went wrong.
  public let kind: Kind
  /// What, where, both values.
  public let message: String
  /// A way out.
  public let hint: String?

  /// The message.
  public var errorDescription: String? { message }
  /// The hint.
  public var recoverySuggestion: String? { hint }

  /// An error.
  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension StoreError {
  /// SQLite's error in our words: "cannot append steps to keepstep.db: database or disk is full (SQLite 13)".
  static func wrapping(_ error: any Error, _ operation: String, path: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else {
      return StoreError(.database, "cannot \(operation) \(path): \(error.localizedDescription)")
    }
    return StoreError(.database, "cannot \(operation) \(path): \(words(of: error))", hint: hint(for: error))
  }

  /// A COMMIT that failed may have taken place all the same, so nothing is retried.
  static func failedCommit(_ error: any Error, _ operation: String, path: String) -> StoreError {
    let cause = (error as? DatabaseError).map(words) ?? error.localizedDescription
    return StoreError(
      .unknownOutcome,
      "the commit to \(operation) \(path) failed: \(cause); what it held may be recorded or not",
      hint: "what was committed before is kept; mend the cause, then resume: it finds the rows equal or absent")
  }

  /// Whether SQLite (or GRDB, for what is not exactly one statement) refused a user's SQL, and its words for that.
  static func refusalOfSQL(_ error: DatabaseError) -> String? {
    switch error.resultCode {
    case .SQLITE_ERROR: error.message ?? "unknown error"
    case .SQLITE_MISUSE: "there must be exactly one statement"
    default: nil
    }
  }

  private static func words(of error: DatabaseError) -> String {
    "\(error.message ?? "unknown error") (SQLite \(error.extendedResultCode.rawValue))"
  }

  private static func hint(for error: DatabaseError) -> String? {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds the database; close it, or try again"
    case .SQLITE_FULL: "free some space on its disk; what was committed is kept"
    case .SQLITE_IOERR: "look at the disk and the system's log; what was committed is kept"
    case .SQLITE_READONLY, .SQLITE_PERM: "make the file and its folder writable, or choose another store"
    case .SQLITE_CANTOPEN: "look at the permissions of the file and its folder"
    case .SQLITE_CORRUPT: "copy the file with its -wal away first; sqlite3's .recover saves what can be read"
    case .SQLITE_NOTADB: "choose another store"
    default: nil
    }
  }
}
