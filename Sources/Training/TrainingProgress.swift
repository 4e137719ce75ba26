import Dispatch

/// How far a training has come.
public struct TrainingProgress: Sendable {
  /// The run's name.
  public var run: String
  /// The last step taken.
  public var step: Int
  /// The planned end.
  public var stepsPlanned: Int
  /// The loss of `step`.
  public var loss: Double
  /// The loss over the validation part at the last evaluation in this process; nil without one.
  public var validationLoss: Double?
  /// Steps per second, in this process.
  public var stepsPerSecond: Double
  /// Seconds until the planned end at this speed.
  public var secondsLeft: Double
  /// Is the step compared with the record (a resume before the record's end), not new?
  public var isReplay: Bool
}

/// Reports progress now and then, so that a report costs the loop nothing.
struct ProgressReporter {
  let run: String
  let stepsPlanned: Int
  let firstStep: Int
  let report: (TrainingProgress) -> Void
  private let startedAt = DispatchTime.now().uptimeNanoseconds
  private var nextReport: UInt64
  private var validationLoss: Double?

  /// Nanoseconds between two reports.
  private static let interval: UInt64 = 100_000_000

  init(run: String, stepsPlanned: Int, firstStep: Int, report: @escaping (TrainingProgress) -> Void) {
    self.run = run
    self.stepsPlanned = stepsPlanned
    self.firstStep = firstStep
    self.report = report
    nextReport = startedAt + Self.interval
  }

  mutating func observe(_ outcome: StepOutcome, isReplay: Bool) {
    let (now, step) = (outcome.endedAt, outcome.row.step)
    if let validation = outcome.evaluation?.validation { validationLoss = validation.loss }
    guard now >= nextReport || outcome.checkpoint == .final else { return }
    nextReport = now + Self.interval
    let seconds = max(1e-9, Double(now - startedAt) * 1e-9)
    let speed = Double(step - firstStep + 1) / seconds
    report(
      TrainingProgress(
        run: run, step: step, stepsPlanned: stepsPlanned, loss: outcome.row.loss,
        validationLoss: validationLoss, stepsPerSecond: speed, secondsLeft: Double(stepsPlanned - step) / speed,
        isReplay: isReplay))
  }
}
