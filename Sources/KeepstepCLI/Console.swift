import Foundation

/// Standard error: messages for people.
enum Console {
  /// Writes a line to standard error.
  static func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
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
