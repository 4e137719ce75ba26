import Foundation

/// The reader of standard output has gone.
struct BrokenPipe: Error {}

/// Standard output: results, buffered.
enum Output {
  // One thread prints: the main one.
  nonisolated(unsafe) private static var buffer: [UInt8] = []

  /// Adds a line to the results.
  ///
  /// - Throws: `BrokenPipe`, or `CommandError` when the output can't be written.
  static func line(_ line: String) throws { try text(line + "\n") }

  /// Adds lines, each with its end, to the results.
  ///
  /// - Throws: `BrokenPipe`, or `CommandError` when the output can't be written.
  static func text(_ lines: String) throws {
    buffer.append(contentsOf: lines.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Writes all that waits.
  static func flush() throws {
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest.removeFirst(written)
      } else if errno == EPIPE {
        throw BrokenPipe()
      } else if errno != EINTR {
        throw CommandError(
          "cannot write the results to standard output: \(String(cString: strerror(errno)))",
          hint: "is its disk full, or was it closed?")
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
