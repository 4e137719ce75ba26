import Foundation

/// What went wrong with a file of arrays: the file, the array, both values, and a way out.
public struct ArrayFileError: LocalizedError, Hashable {
  /// What, where, and the two values that do not agree.
  public var message: String
  /// What to do about it.
  public var hint: String?

  /// An error that says `message`, and `hint` where there is a way out.
  public init(message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// `message`, for Foundation.
  public var errorDescription: String? { message }

  /// `hint`, for Foundation.
  public var recoverySuggestion: String? { hint }

  /// Text of a file as it may stand in a message: in quotes, without control characters that would reach a
  /// terminal, and cut to a length that a person reads.
  package static func quoted(_ text: some StringProtocol) -> String {
    let limit = 100
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
      shown += isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
  }

  /// The system's words for an error number.
  package static func reason(_ number: Int32) -> String {
    String(cString: strerror(number))
  }
}

/// `text` as it may stand in a message.
func quoted(_ text: some StringProtocol) -> String { ArrayFileError.quoted(text) }
