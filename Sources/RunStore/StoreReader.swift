import Foundation
import GRDB

/// The read side of a store: everything that a command which only reads needs.
///
/// Readers see what is committed, never wait for a trainer and never make one wait.
public final class StoreReader: Sendable {
  /// The file, as it was named.
  public let path: String

  let file: StoreFile
  let database: any DatabaseReader
  /// This reader's own connection, when it is not a store's.
  private let ownQueue: DatabaseQueue?
  /// The store whose connections this reader uses: it closes them when it goes, so it must not go before.
  private let store: Store?
  /// Whether a `-wal` that is there when the reader goes can only be an empty one of its own.
  private let tidiesUp: Bool
  /// Whether the main file is read as if nobody could change it, as in a folder where nobody can.
  let isImmutable: Bool

  /// Opens an existing store for reading only. Creates and changes nothing: a store of an older version is read as it
  /// is, without the values that came later.
  ///
  /// - parameter path: the database file.
  /// - parameter allowsNetworkFileSystem: whether the store may lie where other machines could open it too.
  /// - throws: `StoreError` when there is no such file or no permission to read it, when it lies on a network file system,
  ///   and when it is no database, another program's, or a store of a newer version.
  public convenience init(path: String, allowsNetworkFileSystem: Bool = false) throws {
    let file = StoreFile(path: path, allowsNetworkFileSystem: allowsNetworkFileSystem)
    try file.requireReadable()
    let (queue, isImmutable) = try file.openForReading()
    self.init(file: file, queue: queue, tidiesUp: (file.walSize ?? 0) == 0 && !isImmutable, isImmutable: isImmutable)
  }

  /// Reads through a store's connections, and keeps it from closing them.
  init(of store: Store) {
    path = store.path
    file = store.file
    database = store.pool
    self.store = store
    ownQueue = nil
    tidiesUp = false
    isImmutable = false
  }

  private init(file: StoreFile, queue: DatabaseQueue, tidiesUp: Bool, isImmutable: Bool) {
    path = file.path
    self.file = file
    database = queue
    ownQueue = queue
    store = nil
    self.tidiesUp = tidiesUp
    self.isImmutable = isImmutable
  }

  deinit {
    try? ownQueue?.close()
    if tidiesUp { file.removeEmptyWAL() }
  }

  /// One consistent look at the store, whatever a trainer commits meanwhile.
  func read<Result>(_ operation: String, _ body: (Database) throws -> Result) throws -> Result {
    do {
      return try database.read(body)
    } catch {
      throw StoreError.wrapping(error, operation, path: path)
    }
  }

  /// Whether opening the store for writing would bring it to a newer version, which older programs refuse. What only
  /// tidies up should leave it as it is then.
  public func isOfOlderVersion() throws -> Bool {
    try read("read the version of") { try $0.storeVersion() < Migrations.currentVersion }
  }

  /// What the run lock says of a run's trainer.
  enum Hold {
    /// A living trainer has it.
    case held
    /// Nobody has it.
    case free
    /// There is a lock file, and no permission to look at it.
    case unknown
  }

  /// Looks at the run lock without taking it.
  func hold(on runID: Int64) -> Hold {
    guard let lock = try? FileLock(path: StoreLock.path(of: file.absolutePath), .reading) else {
      // Whoever trains has made one: a store without it, as a copy, has no trainer.
      return file.hasLockFile ? .unknown : .free
    }
    switch lock.isHeld(byte: runID) {
    case true: return .held
    case false: return .free
    case nil: return .unknown
    }
  }

  /// Whether a living trainer holds the run. `false` also when there is no way to tell.
  public func isHeld(runID: Int64) -> Bool {
    hold(on: runID) == .held
  }

  /// What a run's row says, except that a run without a living trainer is not running.
  func status(_ recorded: RunStatus, of runID: Int64) -> RunStatus {
    recorded == .running && hold(on: runID) == .free ? .interrupted : recorded
  }
}

extension StoreFile {
  /// Removes the empty `-wal` and the `-shm` that a read-only connection had SQLite create and could not remove.
  ///
  /// SQLite does it itself when the last connection that may write closes. Nothing is done when a trainer is at work.
  func removeEmptyWAL() {
    guard walSize == 0, isFolderWritable else { return }
    // A store without a lock file, as a copy, has no trainer that the lock could keep away.
    let lock = try? FileLock(path: StoreLock.path(of: absolutePath), .existing)
    guard lock == nil ? !hasLockFile : (try? lock?.tryLock(byte: 0)) == true else { return }
    defer { lock?.unlock(byte: 0) }
    let configuration = StoreFile.configuration(.writing, patience: Self.tidyingPatience)
    let queue = try? DatabaseQueue(path: absolutePath, configuration: configuration)
    _ = try? queue?.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
    try? queue?.close()
  }
}
