import Foundation

/// Standard error: messages for people, which may quote what strangers wrote and do it harmlessly.
enum Console {
  /// Writes a line.
  static func note(_ line: String) {
    write(TerminalText.visible(line) + "\n")
  }

  /// Writes a question, and leaves the cursor behind it.
  static func ask(_ question: String) {
    write(TerminalText.visible(question) + " ")
  }

  /// Writes a line in the place of the last one: back to its start, and what is left of a longer one is erased.
  static func move(_ line: String) {
    write("\r\(TerminalText.visible(line))\u{1B}[K")
  }

  /// Ends the line that `ask` or `move` began.
  static func endLine() {
    write("\n")
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// Ends the program with status 1 and one message: what went wrong, and a way out.
  ///
  /// - Parameter located: adds to a message where the options stand that it speaks of.
  static func fail(_ error: any LocalizedError, located: (String) -> String = { $0 }) -> Never {
    note("error: \(located(error.errorDescription ?? String(describing: error)))")
    if let hint = error.recoverySuggestion { note("hint: \(hint)") }
    exit(1)
  }

  /// Is standard error a terminal?
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
