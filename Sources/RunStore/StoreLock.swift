import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The store lock: byte 0 of the sidecar file, held around every write transaction, every checkpoint of the WAL, and
/// around opening, creating, migrating and closing.
///
/// SQLite 3.7.0 to 3.51.2 can lose committed pages when one connection checkpoints while another restarts the WAL
/// (sqlite.org/wal.html#the_wal_reset_bug). With this lock no two processes of ours ever do so at once.
final class StoreLock: @unchecked Sendable {
  private let path: String
  /// Threads of one process share the file description, so its lock does not part them: this does. It also guards `file`.
  private let threads = NSLock()
  private var file: FileLock

  /// The lock of the store at `storePath`; creates the sidecar file.
  init(storePath: String) throws {
    path = Self.path(of: storePath)
    file = try FileLock(path: path)
  }

  /// The sidecar file of a store.
  static func path(of storePath: String) -> String { storePath + "-lock" }

  /// Runs `body` while no other process or thread holds the lock, waiting as long as it takes.
  func whileHeld<Result>(_ body: () throws -> Result) throws -> Result {
    threads.lock()
    defer { threads.unlock() }
    try file.lock(byte: 0)
    while file.isRemoved {
      // Somebody removed the sidecar file: the others meet at the new one.
      file = try FileLock(path: path)
      try file.lock(byte: 0)
    }
    defer { file.unlock(byte: 0) }
    return try body()
  }

  /// Runs `body` while no other process holds the lock, or does nothing when another one keeps it longer than a commit
  /// takes: for what can be left to the next command.
  ///
  /// - returns: whether `body` ran.
  func ifSoonFree(_ body: () throws -> Void) throws -> Bool {
    threads.lock()
    defer { threads.unlock() }
    for _ in 0..<20 {
      if try file.tryLock(byte: 0) {
        defer { file.unlock(byte: 0) }
        guard !file.isRemoved else { return false }
        try body()
        return true
      }
      usleep(10_000)
    }
    return false
  }
}
