/// A process's word that it changes a run: a second byte of the run's in the sidecar file, from before the process opens
/// the store to after it has closed it.
///
/// A run's lock is only taken in an open store, and to open or close one waits for the store lock, which a frozen process
/// may hold. Whoever wants to change a run that another process claims is refused before he waits for anything.
public final class RunClaim: Sendable {
  /// The run.
  public let runID: Int64
  private let file: FileLock

  /// The byte before the first claim. Far below are the run locks, which older programs know alone.
  static let base: Int64 = 1 << 62

  private init(runID: Int64, file: FileLock) {
    self.runID = runID
    self.file = file
  }

  /// The claim, or `nil` when another process has it.
  static func take(runID: Int64, storePath: String) throws -> RunClaim? {
    let file = try FileLock(path: StoreLock.path(of: storePath))
    return try file.tryLock(byte: base &+ runID) ? RunClaim(runID: runID, file: file) : nil
  }
}

extension StoreReader {
  /// Claims a run for this process, which is going to change it; waits for nobody.
  ///
  /// - returns: the claim, for `Store.init`; it ends with its last reference, or with the process.
  /// - throws: `StoreError` naming the trainer when another process has claimed the run or holds it, and when the store
  ///   cannot be written.
  public func claim(runID: Int64) throws -> RunClaim {
    try file.requireWritable()
    let claim = try RunClaim.take(runID: runID, storePath: file.absolutePath)
    if isHeld(runID: runID) {
      throw try read("look for a run's trainer in") { try $0.heldError(runID: runID, path: path) }
    }
    guard let claim else {
      throw StoreError(
        .held, "run \(runID) of \(path) is held by another process, which opens the store for it or closes it",
        hint: "wait for it")
    }
    return claim
  }
}
