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

  /// Runs `body` while no other process or thread holds the lock, waiting as long as it takes, in turn.
  func whileHeld<Result>(_ body: () throws -> Result) throws -> Result {
    threads.lock()
    defer { threads.unlock() }
    try waitInTurn()
    while file.isRemoved {
      // Somebody removed the sidecar file: the others meet at the new one.
      file = try FileLock(path: path)
      try waitInTurn()
    }
    defer { file.unlock(byte: 0) }
    return try body()
  }

  /// Takes the lock, after all who wait for it already.
  ///
  /// Linux wakes all who wait for a byte and gives it to whoever comes first, so that one of many may wait for ten times as
  /// long as all of them work. So who waits goes through a corridor of gates, each a byte that one process holds until it
  /// has the next: nobody overtakes there, and only who finds the corridor full waits in no order.
  private func waitInTurn() throws {
    let isCorridorEmpty = file.heldByte(from: Self.gates.lowerBound, to: Self.gates.upperBound) == nil
    if isCorridorEmpty, try file.tryLock(byte: 0) { return }
    var passed: Int64?
    defer { if let passed { file.unlock(byte: passed) } }
    for gate in Self.gates {
      try file.lock(byte: gate)
      if let passed { file.unlock(byte: passed) }
      passed = gate
    }
    try file.lock(byte: 0)
  }

  /// Neither a run's lock nor its claim.
  static let gates = RunClaim.base - 32..<RunClaim.base

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
