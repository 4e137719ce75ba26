/// How people name a checkpoint of a run, after the @.
public enum CheckpointSelector: Hashable, Sendable {
  /// The lowest monitored value, the earliest of equals.
  case best
  /// The highest step.
  case last
  /// The one of that step.
  case step(Int)

  /// - parameter text: `best`, `last` or a step.
  /// - throws: `StoreError` for anything else.
  public init(parsing text: String) throws {
    switch text {
    case "best": self = .best
    case "last": self = .last
    default:
      guard let step = Int(text), step >= 0 else {
        throw StoreError(
          .invalid, "\"\(text)\" names no checkpoint", hint: "name it best, last, or by its step: RUN@best, RUN@300")
      }
      self = .step(step)
    }
  }
}
