import Trigonometry

/// η as a pure function of the step and of what evaluations found.
///
/// The names, defaults and formulas are those of `torch.optim.lr_scheduler`, with a scheduler's step after each update:
/// below, e = step - 1.
public struct LearningRate: Sendable, Hashable {
  /// How η changes.
  public enum Schedule: Sendable, Hashable {
    /// `η`.
    case constant
    /// `η γ^⌊e/size⌋`, `StepLR`.
    case step(size: Int, gamma: Double)
    /// `η γ^e`, `ExponentialLR`.
    case exponential(gamma: Double)
    /// `η_min + (η - η_min)(1 + cos(π e/steps))/2`, `CosineAnnealingLR`; after `steps` it rises again.
    case cosine(steps: Int, minimum: Double)
    /// From η/25 up to η in the first 30 % of the steps and down to η/250,000 by two half cosines, `OneCycleLR`.
    case oneCycle(OneCycle)
    /// η times `factor` after each stretch of evaluations without a better value, `ReduceLROnPlateau`.
    case plateau(Plateau)

    /// The names of all schedules.
    public static let names = ["constant", "step", "exponential", "cosine", "one-cycle", "plateau"]

    /// Its name, one of `names`.
    public var name: String {
      switch self {
      case .constant: "constant"
      case .step: "step"
      case .exponential: "exponential"
      case .cosine: "cosine"
      case .oneCycle: "one-cycle"
      case .plateau: "plateau"
      }
    }
  }

  /// η, the schedule's greatest.
  public var base: Double
  /// How it changes.
  public var schedule = Schedule.constant
  /// Warm-up: from `warmUpStart`·η to η over so many steps, on top of the schedule, `LinearLR`; 0 for none.
  public var warmUpSteps = 0
  /// The factor of step 1 in a warm-up.
  public var warmUpStart = 1.0 / 3

  /// A constant rate.
  public init(_ base: Double) {
    self.base = base
  }

  /// η of a step (from 1).
  ///
  /// - Parameter step: counts from 1.
  /// - Parameter plateau: what the evaluations before the step found, for that schedule.
  public func rate(step: Int, plateau: PlateauState = PlateauState()) -> Double {
    scheduled(step, plateau) * warmUp(step)
  }

  private func scheduled(_ step: Int, _ plateau: PlateauState) -> Double {
    let e = step - 1
    switch schedule {
    case .constant: return base
    case .step(let size, let gamma): return base * Powers.power(gamma, e / size)
    case .exponential(let gamma): return base * Powers.power(gamma, e)
    case .cosine(let steps, let minimum):
      let cosine = HalfTurns(numerator: e % (2 * steps), denominator: steps).sineAndCosine.cosine
      return minimum + (base - minimum) * (1 + cosine) / 2
    case .oneCycle(let cycle): return cycle.rate(base: base, step: step)
    case .plateau(let settings): return settings.rate(base: base, reductions: plateau.reductions)
    }
  }

  private func warmUp(_ step: Int) -> Double {
    guard step <= warmUpSteps else { return 1 }
    return warmUpStart + (1 - warmUpStart) * Double(step - 1) / Double(warmUpSteps)
  }
}

/// The 1cycle policy (Smith and Topin 2018), as `torch.optim.lr_scheduler.OneCycleLR` with `cycle_momentum=False`.
public struct OneCycle: Sendable, Hashable {
  /// The whole cycle; afterwards the rate stays at its last value.
  public var steps: Int
  /// The part in which it rises.
  public var risingPart = 0.3
  /// η over the first rate.
  public var divisor = 25.0
  /// The first rate over the last one.
  public var finalDivisor = 1e4
  /// Straight lines instead of half cosines?
  public var isLinear = false

  /// PyTorch's defaults.
  public init(steps: Int) {
    self.steps = steps
  }

  func rate(base: Double, step: Int) -> Double {
    let first = base / divisor
    let e = Double(min(step, steps) - 1)
    let top = risingPart * Double(steps) - 1
    if e <= top { return between(first, base, top > 0 ? e / top : 1) }
    return between(base, first / finalDivisor, (e - top) / (Double(steps - 1) - top))
  }

  private func between(_ from: Double, _ to: Double, _ part: Double) -> Double {
    if isLinear { return from + (to - from) * part }
    // As a fraction of π that whole numbers hold, for our own cosine.
    let half = HalfTurns(numerator: Int((part * 0x1p52).rounded()), denominator: 1 << 52)
    return to + (from - to) / 2 * (1 + half.sineAndCosine.cosine)
  }
}
