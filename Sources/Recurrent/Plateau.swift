/// A learning rate that falls when the monitored value no longer does, as `torch.optim.lr_scheduler.ReduceLROnPlateau`
/// with the mode `min` and a relative threshold.
public struct Plateau: Sendable, Hashable {
  /// What the rate is multiplied by.
  public var factor = 0.1
  /// Evaluations without a better value that are borne; the next one reduces.
  public var patience = 10
  /// A value is better when it is below the best one times 1 - threshold.
  public var threshold = 1e-4
  /// Evaluations after a reduction that don't count.
  public var cooldown = 0
  /// The rate falls no lower.
  public var minimum = 0.0

  /// PyTorch's defaults.
  public init() {}

  func rate(base: Double, reductions: Int) -> Double {
    var rate = base
    for _ in 0..<reductions {
      let next = max(rate * factor, minimum)
      // PyTorch leaves out what would change nothing.
      if rate - next <= 1e-8 { break }
      rate = next
    }
    return rate
  }
}

/// What the evaluations so far mean for the schedule `plateau`.
public struct PlateauState: Sendable, Hashable {
  /// How often the rate was reduced.
  public private(set) var reductions: Int
  /// The lowest value so far.
  public private(set) var best: Double?
  /// Evaluations in a row that were not better.
  public private(set) var badCount: Int
  /// Evaluations that still don't count.
  public private(set) var cooldown: Int

  /// Before the first evaluation, or as it stood in another run.
  public init(reductions: Int = 0, best: Double? = nil, badCount: Int = 0, cooldown: Int = 0) {
    self.reductions = reductions
    self.best = best
    self.badCount = badCount
    self.cooldown = cooldown
  }

  /// Takes the next evaluation in.
  public mutating func observe(_ value: Double, _ settings: Plateau) {
    if best.map({ value < $0 * (1 - settings.threshold) }) ?? true {
      best = value
      badCount = 0
    } else {
      badCount += 1
    }
    if cooldown > 0 {
      cooldown -= 1
      badCount = 0
    }
    if badCount > settings.patience {
      reductions += 1
      cooldown = settings.cooldown
      badCount = 0
    }
  }
}
