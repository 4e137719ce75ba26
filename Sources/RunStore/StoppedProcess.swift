import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the process that was stopped (SIGSTOP, Ctrl-Z) in one of the moments in which SQLite lets nobody else into a
/// database: while the first one opens it, and recovers what a killed one left in the -wal; while one writes down up to
/// where it reads; and while the last one closes it. SQLite itself would make all others wait ten seconds and fail.
///
/// Asks /proc alone: to open and close a file of the database would drop this process's own locks on it. Elsewhere than on
/// Linux there is no answer.
enum StoppedProcess {
  /// The stopped process that keeps others from opening the store.
  static func blocking(_ file: StoreFile) -> Int32? {
    #if os(Linux)
      guard let main = inode(file.absolutePath),
        let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
      else { return nil }
      let shared = inode(file.absolutePath + "-shm")
      var holders: [Int32: Locks] = [:]
      for line in table.split(separator: "\n") {
        guard let lock = Lock(line), lock.inode == main || lock.inode == shared else { continue }
        holders[lock.pid, default: Locks()].add(lock, isOnMain: lock.inode == main)
      }
      return holders.first { $0.value.keepOthersOut && isStopped($0.key) }?.key
    #else
      return nil
    #endif
  }

  private static func inode(_ path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  private static func isStopped(_ pid: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let state = text.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state == "T"
  }
}

/// A line of /proc/locks: "1: POSIX  ADVISORY  WRITE 25394 fe:00:917533 120 120".
private struct Lock {
  let pid: Int32
  let inode: UInt64
  let isExclusive: Bool
  let bytes: ClosedRange<UInt64>

  init?(_ line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count == 8, fields[1] == "POSIX", let pid = Int32(fields[4]), let start = UInt64(fields[6]),
      let inode = fields[5].split(separator: ":").last.flatMap({ UInt64($0) })
    else { return nil }
    self.pid = pid
    self.inode = inode
    isExclusive = fields[3] == "WRITE"
    bytes = start...max(start, UInt64(fields[7]) ?? .max)
  }
}

/// What a process holds of SQLite's locks; the bytes of the -shm are those of sqlite.org/walformat.html, "WAL Locks".
private struct Locks {
  private var isExclusiveOnMain = false
  private var exclusive: Set<UInt64> = []
  private var isReading = false
  private var isMarking = false

  private enum Byte {
    static let write: UInt64 = 120, checkpoint: UInt64 = 121, recover: UInt64 = 122, deadManSwitch: UInt64 = 128
    static let all: ClosedRange<UInt64> = 120...128, readers: ClosedRange<UInt64> = 123...127
  }

  mutating func add(_ lock: Lock, isOnMain: Bool) {
    if isOnMain {
      isExclusiveOnMain = isExclusiveOnMain || lock.isExclusive
      return
    }
    for byte in Byte.all where lock.bytes.contains(byte) {
      if lock.isExclusive { exclusive.insert(byte) }
      if Byte.readers.contains(byte) { isReading = true }
      // The first reader's byte is for those who read the main file alone: there is no mark to write down.
      if lock.isExclusive, Byte.readers.dropFirst().contains(byte) { isMarking = true }
    }
  }

  /// A writer at work reads too, and one that checkpoints holds that lock as well: with neither, it is about to recover.
  var keepOthersOut: Bool {
    if isExclusiveOnMain || exclusive.contains(Byte.recover) || exclusive.contains(Byte.deadManSwitch) { return true }
    if exclusive.contains(Byte.checkpoint) { return false }
    return isMarking || exclusive.contains(Byte.write) && !isReading
  }
}
