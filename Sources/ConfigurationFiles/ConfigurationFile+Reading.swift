import ArrayFiles
import Foundation

extension ConfigurationFile {
  /// Reads the file at `path`, or standard input for `-`. No more is taken from it than a configuration file may have.
  ///
  /// - throws: `ConfigurationError` when it can't be read, is too large, or is none.
  public init(path: String) throws {
    let source = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(source, errno) }
    defer { close(descriptor) }
    try self.init(try Self.bytes(of: descriptor, source: source), source: source)
  }

  private static func bytes(of descriptor: Int32, source: String) throws -> Data {
    var data = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 12)
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(source, errno) }
      guard count > 0 else { return data }
      data.append(contentsOf: piece[..<count])
      guard data.count <= sizeLimit else { throw tooLarge(source) }
    }
  }

  private static func unreadable(_ source: String, _ number: Int32) -> ConfigurationError {
    ConfigurationError("\(source): cannot be read: \(ArrayFileError.reason(number))", hint: form)
  }
}
