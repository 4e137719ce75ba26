import Foundation
import Testing

/// A command that must be refused.
struct Refusal: CustomTestStringConvertible, Sendable {
  /// The words after `keepstep`.
  let line: String
  /// What the message must name: what, where, both values.
  let words: [String]
  /// 1, or 64 for wrong usage.
  var status: Int32 = 1
  var environment: [String: String] = [:]

  init(_ line: String, _ words: String..., status: Int32 = 1, environment: [String: String] = [:]) {
    self.init(line, words: words, status: status, environment: environment)
  }

  init(_ line: String, words: [String], status: Int32 = 1, environment: [String: String] = [:]) {
    self.line = line
    self.words = words
    self.status = status
    self.environment = environment
  }

  var testDescription: String { line }
}

extension Workplace {
  /// Runs a command that must be refused: with its status, one message that names what it must, a hint, and not a
  /// change to anything in the folder.
  func expect(_ refusal: Refusal, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let before = try Snapshot(self)
    let outcome = try keepstep(refusal.line, environment: refusal.environment)
    let errors = outcome.errors
    #expect(outcome.status == refusal.status, "\(errors)", sourceLocation: sourceLocation)
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    #expect(errors.hasPrefix("error: "), "\(errors)", sourceLocation: sourceLocation)
    let lines = errors.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("error: ") }.count == 1, "\(errors)", sourceLocation: sourceLocation)
    #expect(lines.dropFirst().contains { $0.hasPrefix("hint: ") }, "no hint: \(errors)", sourceLocation: sourceLocation)
    for word in refusal.words {
      #expect(errors.contains(word), "\(word) in: \(errors)", sourceLocation: sourceLocation)
    }
    let after = try Snapshot(self)
    #expect(before == after, "\(after)", sourceLocation: sourceLocation)
  }
}
