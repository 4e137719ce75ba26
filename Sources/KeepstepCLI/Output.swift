import Foundation

/// The reader of standard output has gone.
struct BrokenPipe: Error {}

/// Standard output: results, buffered.
enum Output {
  // One thread prints: the main one.
  nonisolated(unsafe) private static var buffer: [UInt8] = []

  private static let isTerminal = isatty(STDOUT_FILENO) == 1

  /// Adds a line for people to the results; what strangers wrote in it is harmless.
  ///
  /// - Throws: `BrokenPipe`, or `CommandError` when the output can't be written.
  static func line(_ line: String) throws { try text(TerminalText.visible(line) + "\n") }

  /// Adds a line for programs, which get every character as it is; a terminal does not.
  ///
  /// - Throws: as `line` does.
  static func record(_ line: String) throws {
    try text((isTerminal ? TerminalText.harmless(line) : line) + "\n")
  }

  /// Adds lines, each with its end, as they are: what this program has drawn itself, colours and all. Texts of strangers in
  /// it must have gone through `TerminalText`.
  ///
  /// - Throws: as `line` does.
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
