/// A trainer's hold on its run: the byte of the run's id in the sidecar file.
///
/// It ends with `unlock()`, with the last reference to it, or with the process, however that dies.
public final class RunLock: Sendable {
  /// The run.
  public let runID: Int64
  private let file: FileLock

  private init(runID: Int64, file: FileLock) {
    self.runID = runID
    self.file = file
  }

  /// The lock, or `nil` when another trainer holds the run. A description of its own parts it from all others, also
  /// those of the same process.
  static func take(runID: Int64, storePath: String) throws -> RunLock? {
    let file = try FileLock(path: StoreLock.path(of: storePath))
    return try file.tryLock(byte: runID) ? RunLock(runID: runID, file: file) : nil
  }

  /// A run of the store that a living trainer holds; `nil` when there is none.
  static func heldRun(storePath: String) -> Int64? {
    (try? FileLock(path: StoreLock.path(of: storePath), .reading))?.heldByte(from: 1, to: RunClaim.base)
  }

  /// Gives the run back before the last reference goes. Doing so twice is harmless.
  public func unlock() {
    file.unlock(byte: runID)
  }
}
