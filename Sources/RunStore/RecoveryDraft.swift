import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A store in the making: it is written as `FILE-partial`, and gets its own name when it is whole, checked and synced.
///
/// So there is never half a file under that name, whenever the process or the machine stops. What a killed process left
/// is removed by the next one that makes the same file.
struct StoreDraft {
  /// Where it is written.
  let path: String
  /// A second file that may be of use while it is written; it goes with the draft.
  var scratchPath: String { path + "-source" }

  private let name: String
  private let target: StoreFile
  private let replaces: Bool
  private let lock: FileLock

  /// No run has this byte, and no store lock.
  private static let lockByte = Int64.max - 1

  /// Begins a file.
  ///
  /// - parameter name: the file, as the user wrote it.
  /// - parameter replacing: whether a file that is there may be replaced.
  /// - parameter source: the store that it is made from.
  /// - throws: `StoreError` for a folder, the source itself, a file that is there or in use, a folder that cannot be
  ///   written, or another process that is making the same file.
  init(of name: String, replacing: Bool, from source: StoreFile) throws {
    self.name = name
    target = StoreFile(path: Self.resolved(name), allowsNetworkFileSystem: true)
    replaces = replacing
    path = target.absolutePath + "-partial"
    try Self.refuse(target, name, replacing: replacing, source)
    lock = try Self.takeLock(path + "-lock", name)
    removeFiles()
  }

  /// Has `body` write the file, then gives it its name; removes it when something goes wrong.
  func finish<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      try publish()
      return result
    } catch {
      removeFiles()
      unlink(path + "-lock")
      throw error
    }
  }

  /// A link that leads to a file is followed: the file is what will be replaced.
  private static func resolved(_ name: String) -> String {
    let file = StoreFile(path: name, allowsNetworkFileSystem: true)
    guard let pointer = realpath(file.absolutePath, nil) else { return name }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private static func refuse(_ target: StoreFile, _ name: String, replacing: Bool, _ source: StoreFile) throws {
    let own = [source.absolutePath, resolved(source.path)].flatMap { path in
      ["", "-wal", "-shm", "-journal", "-lock"].map { path + $0 }
    }
    if own.contains(target.absolutePath) || isSameFile(target.absolutePath, source.absolutePath) {
      throw StoreError(.invalid, "\(name) belongs to the store \(source.path) itself", hint: "name another file")
    }
    if target.exists, !replacing, isRegular(target.absolutePath) { throw isThere(name) }
    try target.requireWritable()
    // A -wal of another database would be taken for the new file's; so would the new file be by whoever has it open.
    for suffix in ["-wal", "-journal"] where access(target.absolutePath + suffix, F_OK) == 0 {
      throw StoreError(
        .conflict, "\(name)\(suffix) is there: \(name) is in use, or its last user was killed",
        hint: "name another file; `keepstep check --store \(name)` by nobody else tells what it is")
    }
    if let run = RunLock.heldRun(storePath: target.absolutePath) {
      throw StoreError(.held, "\(name) is in use: a training holds its run \(run)", hint: "name another file")
    }
  }

  private static func isThere(_ name: String) -> StoreError {
    StoreError(.conflict, "\(name) is there already", hint: "name another file, or replace it with --force")
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func isSameFile(_ a: String, _ b: String) -> Bool {
    guard let a = status(a), let b = status(b) else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  private static func isRegular(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
  }

  private static func takeLock(_ path: String, _ name: String) throws -> FileLock {
    while true {
      let lock = try FileLock(path: path)
      guard try lock.tryLock(byte: lockByte) else {
        throw StoreError(.held, "another process is writing \(name)", hint: "wait for it, or name another file")
      }
      if !lock.isRemoved { return lock }
    }
  }

  private func removeFiles() {
    for path in [path, scratchPath] {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
  }

  /// Makes the file durable, gives it its name, and makes that durable.
  private func publish() throws {
    try synchronize(path)
    if replaces {
      try check(rename(path, target.absolutePath))
    } else {
      // Unlike rename, link replaces nothing that came meanwhile.
      if link(path, target.absolutePath) != 0 {
        if errno == EEXIST { throw Self.isThere(name) }
        if target.exists { throw Self.isThere(name) }
        try check(rename(path, target.absolutePath))  // a file system without links
      }
    }
    removeFiles()
    unlink(path + "-lock")
    try synchronize(target.folder)
  }

  private func synchronize(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    // A folder that may be written but not listed cannot be opened; some file systems sync none (EINVAL).
    if descriptor < 0, path == target.folder { return }
    try check(descriptor)
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL { try check(-1) }
  }

  private func check(_ result: Int32) throws {
    guard result < 0 else { return }
    throw StoreError(
      .database, "cannot write \(name): \(String(cString: strerror(errno)))", hint: "look at its disk and its folder")
  }
}
