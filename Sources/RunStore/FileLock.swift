import Foundation

#if canImport(Glibc)
  import Glibc
  // Glibc declares them only under _GNU_SOURCE, which Swift's module does not set; the numbers are Linux's ABI.
  private let getLock: Int32 = 36  // F_OFD_GETLK
  private let setLock: Int32 = 37  // F_OFD_SETLK
  private let setLockWaiting: Int32 = 38  // F_OFD_SETLKW
#else
  import Darwin
  private let setLock: Int32 = 90  // F_OFD_SETLK
  private let setLockWaiting: Int32 = 91  // F_OFD_SETLKW
  private let getLock: Int32 = 92  // F_OFD_GETLK
#endif

/// One open file description of a store's sidecar file, and the advisory locks it holds on single bytes.
///
/// Locks of an open file description (not of a process, as POSIX's) die with the description, so also with a process
/// that is killed, and no `close` elsewhere in the process drops them.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// How to open the sidecar file.
  enum Access {
    /// For looking at others' locks.
    case reading
    /// For taking locks, if the file is there.
    case existing
    /// For taking locks; creates the file.
    case creating

    fileprivate var flags: Int32 {
      switch self {
      case .reading: O_RDONLY
      case .existing: O_RDWR
      case .creating: O_RDWR | O_CREAT
      }
    }
  }

  /// Opens the sidecar file. Close-on-exec: no child keeps a lock alive.
  ///
  /// - throws: `StoreError` naming the file.
  init(path: String, _ access: Access = .creating) throws {
    descriptor = open(path, access.flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StoreError(
        .database, "cannot open the lock file \(path): \(String(cString: strerror(errno)))",
        hint: "the file and its folder must be writable for everyone who trains into the store")
    }
  }

  deinit {
    close(descriptor)
  }

  /// Whether the file was removed, so that others would lock another one of its name.
  var isRemoved: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink == 0
  }

  /// Whether some open file description holds the byte; `nil` when the file system cannot tell.
  func isHeld(byte: Int64) -> Bool? {
    var lock = request(F_WRLCK, byte)
    guard fcntl(descriptor, getLock, &lock) == 0 else { return nil }
    return lock.l_type != Int16(F_UNLCK)
  }

  /// One of the bytes from `first` on, and before `end`, that some open file description holds; `nil` for none, or when
  /// there is no telling.
  func heldByte(from first: Int64, to end: Int64) -> Int64? {
    var lock = request(F_WRLCK, first)
    lock.l_len = off_t(end - first)
    guard fcntl(descriptor, getLock, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
    return max(Int64(lock.l_start), first)
  }

  /// Takes the byte's lock if it is free; `false` when another description holds it.
  func tryLock(byte: Int64) throws -> Bool {
    var lock = request(F_WRLCK, byte)
    if fcntl(descriptor, setLock, &lock) == 0 { return true }
    if errno == EAGAIN || errno == EACCES { return false }
    throw failure("lock")
  }

  /// Takes the byte's lock, waiting in the kernel until it is free: without polling, and in no order.
  func lock(byte: Int64) throws {
    var lock = request(F_WRLCK, byte)
    while fcntl(descriptor, setLockWaiting, &lock) != 0 {
      guard errno == EINTR else { throw failure("wait for a lock in") }
    }
  }

  /// Gives the byte's lock back.
  func unlock(byte: Int64) {
    var lock = request(F_UNLCK, byte)
    _ = fcntl(descriptor, setLock, &lock)
  }

  private func request(_ type: some BinaryInteger, _ byte: Int64) -> flock {
    var lock = flock()
    lock.l_type = Int16(type)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(byte)
    lock.l_len = 1
    return lock
  }

  private func failure(_ operation: String) -> StoreError {
    StoreError(
      .database, "cannot \(operation) the store's lock file: \(String(cString: strerror(errno)))",
      hint: "keep the store on a local file system that supports locks")
  }
}
