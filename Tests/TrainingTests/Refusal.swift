import Testing

/// A change that is refused, and the words that the refusal must have.
struct Refusal<Value>: CustomTestStringConvertible, Sendable {
  let words: String
  let change: @Sendable (inout Value) -> Void

  init(_ words: String, _ change: @escaping @Sendable (inout Value) -> Void) {
    self.words = words
    self.change = change
  }

  var testDescription: String { words }
}
