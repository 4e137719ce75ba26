import ArrayFiles
import Foundation

/// Writing a file that is whole or absent, whenever the process or the machine stops.
public enum AtomicFile {
  /// Writes `data` beside `path`, makes it durable, and renames it over `path`.
  ///
  /// A symbolic link is followed, and a file that is replaced hands its permissions on.
  ///
  /// - throws: `InterchangeError` when `path` is a folder or a device, or its folder is missing, read-only or full;
  ///   what stood at `path` then still stands there, and nothing is left beside it.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { append in try append(data) }
  }

  /// Writes what `body` hands out, piece by piece, in the same way.
  ///
  /// - throws: `InterchangeError` as `write(_:to:)` does, or what `body` throws; then nothing is left, either.
  public static func write(to path: String, _ body: (_ append: (Data) throws -> Void) throws -> Void) throws {
    var status = stat()
    let replaces = stat(path, &status) == 0
    // A rename over /dev/null or /dev/stdout would replace the device itself.
    guard !replaces || status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw InterchangeError(message: "\(path): this is \(kind)", hint: "name a file to write")
    }
    let target = replaces ? resolved(path) : path
    let folder = target.contains("/") ? (target as NSString).deletingLastPathComponent : "."
    let (descriptor, temporary) = try create(in: folder, path: path)
    var isOpen = true
    do {
      if replaces { try check(fchmod(descriptor, status.st_mode & 0o7777), path) }
      try body { try write($0, to: descriptor, path: path) }
      try check(fsync(descriptor), path)
      isOpen = false
      try check(close(descriptor), path)
      try check(rename(temporary, target), path)
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
    try synchronize(folder: folder, path: path)
  }

  private static func resolved(_ path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// A new, empty file in `folder`, and its path.
  private static func create(in folder: String, path: String) throws -> (descriptor: Int32, path: String) {
    while true {
      let temporary = "\(folder)/.keepstep-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      if errno == EEXIST || errno == EINTR { continue }
      throw InterchangeError(
        message: "\(path): cannot be written: folder \(folder): \(ArrayFileError.reason(errno))",
        hint: "name a file in a folder that exists and that you may write to")
    }
  }

  private static func write(_ data: Data, to descriptor: Int32, path: String) throws {
    try data.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        if count < 0, errno == EINTR { continue }
        try check(Int32(clamping: min(count, 0)), path)
        written += count
      }
    }
  }

  /// Makes the new name durable. A folder that may be written to but not listed cannot be opened for that; some file
  /// systems do not know it (EINVAL).
  private static func synchronize(folder: String, path: String) throws {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL { try check(-1, path) }
  }

  private static func check(_ result: Int32, _ path: String) throws {
    guard result == 0 else {
      throw InterchangeError(message: "\(path): cannot be written: \(ArrayFileError.reason(errno))")
    }
  }
}
