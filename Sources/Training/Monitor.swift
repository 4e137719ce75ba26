/// The monitored value of each evaluation, the lowest one so far, and how long ago that was.
///
/// The value is the mean training loss since the last evaluation, or the validation loss. Its state follows from the
/// recorded rows, so that a checkpoint needs no more than they hold.
struct Monitor: Sendable, Hashable {
  /// A loss, and an accuracy where the targets are classes: of one step, or of an evaluation.
  struct Observation: Sendable, Hashable {
    var loss: Double
    var accuracy: Double?
  }

  /// Steps between two evaluations; 0 for none.
  let every: Int
  /// The sums and the number of steps since the last evaluation, added in the order of the steps.
  private(set) var sum = 0.0
  private(set) var accuracySum = 0.0
  private(set) var count = 0
  /// The lowest value so far.
  private(set) var best: Double?
  /// Evaluations in a row that were no new best.
  private(set) var badCount = 0

  /// A monitor before the first evaluation; a fork's begins with its parent's best.
  init(every: Int, best: Double? = nil) {
    self.every = every
    self.best = best
  }

  /// The last step, up to `step`, at which a value was taken; 0 if there was none.
  static func lastEvaluation(upTo step: Int, every: Int) -> Int {
    every == 0 ? step : step / every * every
  }

  /// Takes `step` in, and at an evaluation gives the means since the last one.
  mutating func observe(step: Int, _ observation: Observation) -> Observation? {
    guard every > 0 else { return nil }
    add(observation)
    guard step % every == 0 else { return nil }
    let accuracy = observation.accuracy == nil ? nil : accuracySum / Double(count)
    defer { (sum, accuracySum, count) = (0, 0, 0) }
    return Observation(loss: sum / Double(count), accuracy: accuracy)
  }

  /// Takes a step in that is followed by others before the next evaluation.
  mutating func add(_ observation: Observation) {
    sum += observation.loss
    accuracySum += observation.accuracy ?? 0
    count += 1
  }

  /// Takes an evaluation's monitored value in.
  ///
  /// - Returns: is it the lowest so far?
  @discardableResult mutating func judge(_ value: Double) -> Bool {
    let isBest = best.map { value < $0 } ?? true
    if isBest { best = value }
    badCount = isBest ? 0 : badCount + 1
    return isBest
  }
}
