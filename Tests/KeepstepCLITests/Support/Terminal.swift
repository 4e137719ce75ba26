import Foundation
import Testing

extension Workplace {
  /// Runs `keepstep` on a terminal and types `answer` when it asks, with Python's escapes: `y\n`, `\x04` for Ctrl-D.
  ///
  /// - Returns: what the terminal showed, what was typed among it, then a line with the exit status in brackets.
  func onTerminal(_ line: String, answer: String = "") throws -> String {
    let words = line.split(separator: " ").map(String.init)
    let outcome = try run(
      "python3", package: "python3",
      [Repository.fixture("terminal.py").path, answer, try Binary.keepstep.path] + words)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }
}
