import ArrayFiles
import Foundation

/// What is wrong with a configuration file: the file, the line, what stands there, and a way out.
public struct ConfigurationError: LocalizedError, Hashable {
  /// What, where, and the two values that do not agree.
  public var message: String
  /// What to do about it.
  public var hint: String?

  /// An error that says `message`, and `hint` where there is a way out.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// `message`, for Foundation.
  public var errorDescription: String? { message }

  /// `hint`, for Foundation.
  public var recoverySuggestion: String? { hint }
}

/// Text of a file as it may stand in a message.
package func quoted(_ text: some StringProtocol) -> String { ArrayFileError.quoted(text) }
