import Foundation

/// Reading a whole file of a checked size.
enum BoundedFile {
  /// The bytes of the regular file at `path`.
  ///
  /// - throws: `InterchangeError` when it is missing, no regular file, too large, or changes while it is read.
  static func read(path: String) throws -> Data {
    // O_NONBLOCK: a named pipe would wait here for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw InterchangeError(
        message: "\(path): cannot be opened: \(reason(errno))", hint: "check the path; it must name a readable file")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw InterchangeError(message: "\(path): this is \(kind)", hint: "name a .safetensors or .npz file")
    }
    let size = Int(status.st_size)
    try MemoryBudget.check(size, subject: path)
    return try read(descriptor, size: size, path: path)
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
        let problem = got < 0 ? reason(errno) : "it ended after \(filled) of \(size) bytes"
        throw InterchangeError(message: "\(path): cannot be read: \(problem)")
      }
      filled += got
    }
    return data
  }
}

/// The system's words for an error number.
func reason(_ number: Int32) -> String {
  String(cString: strerror(number))
}
