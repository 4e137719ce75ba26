import Foundation

/// Reading a whole file of a checked size.
package enum BoundedFile {
  /// The bytes of the regular file at `path`.
  ///
  /// - Parameter hint: what to name instead of a folder or a device.
  /// - throws: `ArrayFileError` when it is missing, no regular file, too large, or changes while it is read.
  package static func read(path: String, hint: String) throws -> Data {
    // O_NONBLOCK: a named pipe would wait here for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw ArrayFileError(
        message: "\(path): cannot be opened: \(ArrayFileError.reason(errno))",
        hint: "check the path; it must name a readable file")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw ArrayFileError(message: "\(path): this is \(kind)", hint: hint)
    }
    let size = Int(status.st_size)
    try MemoryBudget.check(size, subject: path)
    return try read(descriptor, size: size, path: path)
  }

  /// The first bytes of the regular file at `path`, at most `count`; none where there is no such file or it cannot be
  /// read.
  package static func start(path: String, count: Int) -> Data {
    // Opening a pipe would wait for a writer, and its bytes can be taken only once.
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let file = FileHandle(forReadingAtPath: path)
    else { return Data() }
    defer { try? file.close() }
    return (try? file.read(upToCount: count)) ?? Data()
  }

  private static func read(_ descriptor: Int32, size: Int, path: String) throws -> Data {
    var data = Data(count: size)
    var filled = 0
    while filled < size {
      let got = data.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        let problem = got < 0 ? ArrayFileError.reason(errno) : "it ended after \(filled) of \(size) bytes"
        throw ArrayFileError(message: "\(path): cannot be read: \(problem)")
      }
      filled += got
    }
    return data
  }
}
