/// The monitored value: the mean training loss since the last evaluation, and the lowest one so far.
///
/// Its state follows from the recorded rows, so that a checkpoint needs no more than they hold.
struct Monitor: Sendable, Hashable {
  /// What one step brings: its loss, and its accuracy where the targets are classes.
  struct Observation: Sendable, Hashable {
    var loss: Double
    var accuracy: Double?
  }

  /// What an evaluation finds.
  struct Evaluation: Sendable, Hashable {
    var loss: Double
    var accuracy: Double?
    /// Is the loss the lowest so far?
    var isBest: Bool
  }

  /// Steps between two evaluations; 0 for none.
  let every: Int
  /// The sums and the number of steps since the last evaluation, added in the order of the steps.
  private(set) var sum = 0.0
  private(set) var accuracySum = 0.0
  private(set) var count = 0
  /// The lowest value so far.
  private(set) var best: Double?

  /// A monitor that goes on after `step`, from the steps since the evaluation before it.
  init(every: Int, best: Double? = nil, sinceEvaluation: [Observation] = []) {
    self.every = every
    self.best = best
    for observation in sinceEvaluation { add(observation) }
  }

  /// The last step, up to `step`, at which a value was taken; 0 if there was none.
  static func lastEvaluation(upTo step: Int, every: Int) -> Int {
    every == 0 ? step : step / every * every
  }

  /// Takes `step` in, and at an evaluation gives what it finds.
  mutating func observe(step: Int, _ observation: Observation) -> Evaluation? {
    guard every > 0 else { return nil }
    add(observation)
    guard step % every == 0 else { return nil }
    let value = sum / Double(count)
    let accuracy = observation.accuracy == nil ? nil : accuracySum / Double(count)
    (sum, accuracySum, count) = (0, 0, 0)
    let isBest = best.map { value < $0 } ?? true
    if isBest { best = value }
    return Evaluation(loss: value, accuracy: accuracy, isBest: isBest)
  }

  private mutating func add(_ observation: Observation) {
    sum += observation.loss
    accuracySum += observation.accuracy ?? 0
    count += 1
  }
}
