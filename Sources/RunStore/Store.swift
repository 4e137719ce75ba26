import Foundation
import GRDB
import Synchronization

/// The write side of a store; a training process has one.
///
/// Every transaction runs under the store lock, with `synchronous=FULL`: when a method returns, what it wrote survives
/// `kill -9` and a power cut. Several processes may have the same store open and train different runs.
///
/// ```swift
/// let store = try Store(path: "keepstep.db")
/// let (run, lock, segmentID) = try store.createRun(newRun, segment: newSegment)
/// var batch = RunBatch(runID: run.id, segmentID: segmentID)
/// batch.steps = steps
/// try store.append(batch)
/// lock.unlock()
/// try store.close()
/// ```
public final class Store: Sendable {
  /// The file, as it was named.
  public let path: String
  /// Reads what this store has committed.
  public var reader: StoreReader { StoreReader(of: self) }

  let file: StoreFile
  let pool: DatabasePool
  let lock: StoreLock
  /// Tensors are cut into parts of at most so many bytes.
  let partBytes: Int
  /// Of the runs that this process changes; they outlast `close`, which waits for the store lock.
  private let claims: Mutex<[RunClaim]>

  /// Opens the store, creates it when there is none, brings it to the newest version, and marks the runs whose trainer
  /// is dead.
  ///
  /// A store of an older version is migrated in a transaction, unless a trainer is at work in it: that is an older
  /// program, which could not go on in the newer version.
  ///
  /// An empty file becomes a store. Nothing is changed when the file is refused.
  ///
  /// - parameter path: the database file; its folder must exist.
  /// - parameter partBytes: tensors above so many bytes are cut into parts; a multiple of 4. A value of SQLite's holds at
  ///   most 1,000,000,000 bytes.
  /// - parameter allowsNetworkFileSystem: whether the store may lie where other machines could open it too.
  /// - parameter claims: this process's claims on the runs that it is going to change.
  /// - throws: `StoreError` for a missing or read-only folder, a network file system, a file that is no database, another
  ///   program's database, a store of a newer version, one of an older version with a trainer at work in it, or what
  ///   SQLite says.
  public init(
    path: String, partBytes: Int = 64 << 20, allowsNetworkFileSystem: Bool = false, claims: [RunClaim] = []
  ) throws {
    guard partBytes >= 4, partBytes % 4 == 0, partBytes <= 1_000_000_000 else {
      throw StoreError(.invalid, "a part of \(partBytes) bytes is not a multiple of 4 from 4 to 1000000000")
    }
    let file = StoreFile(path: path, allowsNetworkFileSystem: allowsNetworkFileSystem)
    try file.requireWritable()
    try Self.refuseForeign(file)
    let lock = try StoreLock(storePath: file.absolutePath)
    let pool = try lock.whileHeld {
      try file.requireNoStoppedProcess()
      return try file.inspecting { try Self.open(file) }
    }
    self.path = path
    self.partBytes = partBytes
    self.file = file
    self.lock = lock
    self.pool = pool
    self.claims = Mutex(claims)
    try markDeadRuns()
  }

  deinit {
    try? close()
  }

  /// Closes the store: what the `-wal` holds goes into the database file, and SQLite removes it unless others have the
  /// store open. Closing twice is harmless.
  ///
  /// - throws: `StoreError` with what SQLite says; what was committed is safe in the `-wal` then.
  public func close() throws {
    do {
      try lock.whileHeld { try Self.close(pool) }
    } catch {
      throw StoreError.wrapping(error, "close", path: path)
    }
  }

  /// - precondition: the store lock is held.
  private static func close(_ pool: DatabasePool) throws {
    try? pool.writeWithoutTransaction { db in
      // A reader elsewhere keeps the checkpoint from finishing; waiting for it would not be worth it.
      try db.execute(sql: "PRAGMA busy_timeout = 100")
      _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    // Only a writer removes the -wal, so it must be the last connection to close.
    pool.releaseMemory()
    try pool.close()
  }

  /// Holds a claim as long as this store is there.
  func keep(_ claim: RunClaim?) {
    guard let claim else { return }
    claims.withLock { $0.append(claim) }
  }

  /// Keeps the lock file away from another program's database. Once there is a lock file, the look is taken under the lock.
  private static func refuseForeign(_ file: StoreFile) throws {
    guard file.exists, !file.hasLockFile else { return }
    do {
      _ = try file.firstLook()
    } catch {
      // The lock file comes before the database: if it is there by now, this was a store in the making.
      guard file.hasLockFile else { throw error }
    }
  }

  /// The -wal's size while no reader makes it grow: SQLite folds it in when it has 1,000 pages, about 4 MiB, and a large
  /// commit comes on top.
  private static let walBytes = 16 << 20

  private static func open(
    _ file: StoreFile, _ configuration: Configuration = StoreFile.configuration(.writing)
  ) throws -> DatabasePool {
    if file.exists { _ = try file.firstLook() }
    let pool = try DatabasePool(path: file.absolutePath, configuration: configuration)
    try pool.writeWithoutTransaction { db in
      _ = try file.content(of: db)
      // GRDB has set NORMAL, with which a power cut takes the last commits.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA fullfsync = ON")  // macOS: through the disk's cache
      // What a long reader made the -wal grow to is given back with the first commit after it has been folded in.
      try db.execute(sql: "PRAGMA journal_size_limit = \(walBytes)")
      try db.requireNoOlderTrainer(file)
      try Migrations.run(on: db)
    }
    return pool
  }

  /// One transaction under the store lock.
  ///
  /// - parameter operation: a verb for messages, as in "cannot `append to` keepstep.db".
  func write<Result>(_ operation: String, _ body: (Database) throws -> Result) throws -> Result {
    var hasReachedCommit = false
    do {
      return try lock.whileHeld {
        try pool.writeWithoutTransaction { db in
          try db.inTransaction(.immediate, returning: body) { hasReachedCommit = true }
        }
      }
    } catch {
      if hasReachedCommit { throw StoreError.failedCommit(error, operation, path: path) }
      try file.requireNoStoppedProcess()
      throw StoreError.wrapping(error, operation, path: path)
    }
  }
}

extension Store {
  /// What SQLite does outside of a transaction, under the store lock.
  func withoutTransaction<Result>(_ operation: String, _ body: (Database) throws -> Result) throws -> Result {
    do {
      return try lock.whileHeld { try pool.writeWithoutTransaction { try body($0) } }
    } catch {
      try file.requireNoStoppedProcess()
      throw StoreError.wrapping(error, operation, path: path)
    }
  }
}

extension StoreReader {
  /// Is there a run that is recorded as running and that no living trainer holds?
  ///
  /// `false` also when there is no way to tell.
  public var hasDeadRuns: Bool {
    let running = try? read("look for dead runs in") {
      try Int64.fetchAll($0, sql: "SELECT id FROM runs WHERE status = 'running'")
    }
    return (running ?? []).contains { hold(on: $0) == .free }
  }

  /// Marks the runs whose trainer is dead and folds the `-wal` in, if that can be done at once: what somebody else may
  /// do later is not worth waiting for a trainer, which may be frozen. Leaves a store of an older version as it is.
  public func tidyUp() {
    guard (try? isOfOlderVersion()) == false else { return }
    Store.tidyUp(file) { self.hold(on: $0) == .free }
  }
}

extension Store {
  fileprivate static func tidyUp(_ file: StoreFile, isDead: (Int64) -> Bool) {
    guard (try? file.requireWritable()) != nil, let lock = try? StoreLock(storePath: file.absolutePath) else { return }
    _ = try? lock.ifSoonFree {
      let pool = try open(file, StoreFile.configuration(.writing, patience: StoreFile.tidyingPatience))
      try pool.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          _ = try db.markDeadRuns(where: isDead)
          return .commit
        }
      }
      try close(pool)
    }
  }
}

extension Database {
  /// Commits what `body` does and hands its result on; calls `beforeCommit` between the two.
  fileprivate func inTransaction<Result>(
    _ kind: TransactionKind, returning body: (Database) throws -> Result, beforeCommit: () -> Void
  ) throws -> Result {
    var outcome: Swift.Result<Result, any Error>?
    try inTransaction(kind) {
      let result = try body(self)
      outcome = .success(result)
      beforeCommit()
      return .commit
    }
    guard let outcome else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "no transaction ran") }
    return try outcome.get()
  }
}

/// What the connection that writes is set to; the promise that a commit survives hangs on it.
public struct WriterSettings: Hashable, Sendable {
  /// 2 is FULL: every commit is synced to the disk.
  public var synchronous: Int
  /// Whether rows go with the row they belong to.
  public var foreignKeys: Bool
  /// Whether deleted content is overwritten with zeros.
  public var secureDelete: Bool

  /// Settings.
  public init(synchronous: Int, foreignKeys: Bool, secureDelete: Bool) {
    self.synchronous = synchronous
    self.foreignKeys = foreignKeys
    self.secureDelete = secureDelete
  }
}

extension Store {
  /// Asks the connection that writes for its settings.
  public func writerSettings() throws -> WriterSettings {
    try lock.whileHeld {
      try pool.writeWithoutTransaction { db in
        WriterSettings(
          synchronous: try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
          foreignKeys: try Bool.fetchOne(db, sql: "PRAGMA foreign_keys") ?? false,
          secureDelete: try Bool.fetchOne(db, sql: "PRAGMA secure_delete") ?? true)
      }
    }
  }
}
