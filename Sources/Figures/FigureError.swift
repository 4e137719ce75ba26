import Foundation

/// Why a picture was not drawn, and a way out.
public struct FigureError: LocalizedError, Hashable, Sendable {
  /// What failed, where, and with which values.
  public var message: String
  /// A way out, where there is one.
  public var hint: String?

  /// An error with its message and a way out.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// The message.
  public var errorDescription: String? { message }

  /// The hint.
  public var recoverySuggestion: String? { hint }
}
