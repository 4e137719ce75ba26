/// The monitored value: the mean training loss since the last evaluation, and the lowest one so far.
///
/// Its state follows from the recorded rows, so that a checkpoint needs no more than they hold.
struct Monitor: Sendable, Hashable {
  /// Steps between two evaluations; 0 for none.
  let every: Int
  /// The sum and the number of losses since the last evaluation, added in the order of the steps.
  private(set) var sum = 0.0
  private(set) var count = 0
  /// The lowest value so far.
  private(set) var best: Double?

  /// A monitor that goes on after `step`, from the losses since the evaluation before it.
  init(every: Int, best: Double? = nil, lossesSinceEvaluation: [Double] = []) {
    self.every = every
    self.best = best
    for loss in lossesSinceEvaluation { add(loss) }
  }

  /// The last step, up to `step`, at which a value was taken; 0 if there was none.
  static func lastEvaluation(upTo step: Int, every: Int) -> Int {
    every == 0 ? step : step / every * every
  }

  /// Takes the loss of `step` in.
  ///
  /// - Returns: at an evaluation, its value and whether it is the lowest so far.
  mutating func observe(step: Int, loss: Double) -> (value: Double, isBest: Bool)? {
    guard every > 0 else { return nil }
    add(loss)
    guard step % every == 0 else { return nil }
    let value = sum / Double(count)
    (sum, count) = (0, 0)
    let isBest = best.map { value < $0 } ?? true
    if isBest { best = value }
    return (value, isBest)
  }

  private mutating func add(_ loss: Double) {
    sum += loss
    count += 1
  }
}
