import ArgumentParser
import Recurrent
import Training

/// The names of the schedules.
enum ScheduleName: String, CaseIterable, ExpressibleByArgument {
  case constant, step, exponential, cosine
  case oneCycle = "one-cycle"
  case plateau
}

/// How the learning rate changes.
struct ScheduleOptions: ParsableArguments {
  @Option(
    help: """
      constant; step: times gamma each --schedule-steps; exponential: times gamma each step; cosine: down to the minimum \
      in --schedule-steps; one-cycle: up from 1/25 of it and down; plateau: times gamma after evaluations that are no \
      better. (a new run: constant)
      """)
  var schedule: ScheduleName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps of the schedules step, cosine and one-cycle. (the last two: --steps)", valueName: "n"))
  var scheduleSteps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The factor of step, exponential and plateau. (step and plateau: 0.1)", valueName: "factor"))
  var scheduleGamma: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The lowest rate of cosine and plateau. (a new run: 0)", valueName: "rate"))
  var scheduleMinimum: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Evaluations without a better value that plateau bears. (a new run: 10)", valueName: "evaluations"))
  var schedulePatience: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps in which the rate first rises from --warmup-start to all of it. (a new run: 0)", valueName: "n"))
  var warmupSteps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The warm-up's first factor. (a new run: 1/3)", valueName: "factor"))
  var warmupStart: Double?

  mutating func validate() throws {
    try requireAtLeast(1, ("--schedule-steps", scheduleSteps))
    try requireAtLeast(0, ("--schedule-patience", schedulePatience), ("--warmup-steps", warmupSteps))
    try require("--schedule-gamma", scheduleGamma, "a finite number above 0") { $0 > 0 }
    try require("--schedule-minimum", scheduleMinimum, "a finite number, 0 or above") { $0 >= 0 }
    try require("--warmup-start", warmupStart, "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
  }

  func apply(to hyperparameters: inout Hyperparameters, steps: Int) throws {
    if let warmupSteps { hyperparameters.warmUpSteps = warmupSteps }
    if let warmupStart { hyperparameters.warmUpStart = warmupStart }
    if let schedule { hyperparameters.schedule = try new(schedule, steps: steps) }
    hyperparameters.schedule = try changed(hyperparameters.schedule)
  }

  private func new(_ name: ScheduleName, steps: Int) throws -> LearningRate.Schedule {
    switch name {
    case .constant: return .constant
    case .step:
      guard let scheduleSteps else {
        throw ValidationError("--schedule step needs --schedule-steps, after how many steps the rate falls")
      }
      return .step(size: scheduleSteps, gamma: 0.1)
    case .exponential:
      guard let scheduleGamma else {
        throw ValidationError("--schedule exponential needs --schedule-gamma, the factor of each step, such as 0.999")
      }
      return .exponential(gamma: scheduleGamma)
    case .cosine: return .cosine(steps: max(1, steps), minimum: 0)
    case .oneCycle: return .oneCycle(OneCycle(steps: max(1, steps)))
    case .plateau: return .plateau(Plateau())
    }
  }

  /// The schedule with the numbers that were given; a number that it does not have is refused.
  private func changed(_ schedule: LearningRate.Schedule) throws -> LearningRate.Schedule {
    var (steps, gamma, minimum, patience) = (scheduleSteps, scheduleGamma, scheduleMinimum, schedulePatience)
    /// What was given, once.
    func take<Value>(_ given: inout Value?, _ value: Value) -> Value {
      defer { given = nil }
      return given ?? value
    }
    var changed = schedule
    switch schedule {
    case .constant: break
    case .step(let size, let old): changed = .step(size: take(&steps, size), gamma: take(&gamma, old))
    case .exponential(let old): changed = .exponential(gamma: take(&gamma, old))
    case .cosine(let length, let old): changed = .cosine(steps: take(&steps, length), minimum: take(&minimum, old))
    case .oneCycle(var cycle):
      cycle.steps = take(&steps, cycle.steps)
      changed = .oneCycle(cycle)
    case .plateau(var plateau):
      plateau.factor = take(&gamma, plateau.factor)
      plateau.minimum = take(&minimum, plateau.minimum)
      plateau.patience = take(&patience, plateau.patience)
      changed = .plateau(plateau)
    }
    let unused = [
      ("--schedule-steps", steps == nil, "step, cosine and one-cycle"),
      ("--schedule-gamma", gamma == nil, "step, exponential and plateau"),
      ("--schedule-minimum", minimum == nil, "cosine and plateau"), ("--schedule-patience", patience == nil, "plateau"),
    ].first { !$0.1 }
    if let (name, _, owners) = unused {
      throw ValidationError("\(name) belongs to --schedule \(owners), and the schedule is \(schedule.name)")
    }
    return changed
  }
}
