import Foundation

/// Why a training can't start, go on, or be trusted, with a way out.
public struct TrainingError: LocalizedError, Hashable {
  /// The operation, the subject and both values.
  public let message: String
  /// What to do about it.
  public let hint: String?

  /// An error with its way out.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// `message`.
  public var errorDescription: String? { message }
  /// `hint`.
  public var recoverySuggestion: String? { hint }
}
