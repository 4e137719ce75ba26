import Foundation

/// What was wrong with data or with the way it was to be cut: the operation's subject, both values, and a way out.
public struct SequenceError: LocalizedError, Equatable {
  /// What is wrong, where, and both values.
  public let message: String
  /// A way out, where there is one.
  public let hint: String?

  /// An error with its message and, where there is one, a way out.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// The message.
  public var errorDescription: String? { message }
  /// The hint.
  public var recoverySuggestion: String? { hint }
}
