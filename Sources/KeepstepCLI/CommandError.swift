import Foundation

/// What a command refuses beyond what the libraries do.
struct CommandError: LocalizedError {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  var errorDescription: String? { message }
  var recoverySuggestion: String? { hint }
}
