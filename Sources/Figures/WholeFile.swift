import Foundation

/// Files that are there whole or not at all: written beside their place under another name, then renamed.
enum WholeFile {
  /// Creates or replaces the file at `path` with what `fill` writes.
  ///
  /// - Throws: `FigureError` that names the path and its folder when it cannot be written, and whatever `fill` throws. The
  ///   file is then as it was.
  static func write(to path: String, fill: (FileHandle) throws -> Void) throws {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent()
    let draft = folder.appendingPathComponent(".keepstep-\(UUID().uuidString).tmp").path
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw unwritable(path, folder: folder.path, code: errno) }
    let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try fill(output)
      guard fsync(descriptor) == 0 else { throw unwritable(path, folder: folder.path, code: errno) }
      guard rename(draft, target.path) == 0 else { throw unwritable(path, folder: folder.path, code: errno) }
    } catch {
      unlink(draft)
      throw error
    }
  }

  private static func unwritable(_ path: String, folder: String, code: Int32) -> FigureError {
    switch code {
    case ENOENT: FigureError("cannot write \(path): there is no folder \(folder)", hint: "mkdir -p \(folder)")
    case EACCES, EPERM, EROFS: FigureError("cannot write \(path): the folder \(folder) is read-only")
    case EISDIR: FigureError("cannot write \(path): it is a folder", hint: "name a file in it")
    default: FigureError("cannot write \(path) in the folder \(folder): \(String(cString: strerror(code)))")
    }
  }
}
