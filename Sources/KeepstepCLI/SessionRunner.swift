import Foundation
import RunStore
import Training

/// Runs a session under the signals' eye, shows its progress and tells how it ended.
struct SessionRunner {
  let store: Store
  let talk: TalkOptions

  /// Exits with 128 plus the signal's number when a signal stopped the training.
  func run(_ session: TrainingSession) throws {
    let stop = StopSignals.install()
    let line = ProgressLine(isQuiet: talk.quiet)
    let result: TrainingResult
    do {
      result = try session.train(stop: stop) { line.show($0) }
    } catch {
      line.end()
      throw error
    }
    line.end()
    let summary = try store.reader.runs(where: "id = \(result.runID)").first
    try store.close()
    try tell(result, summary, session.hyperparameters)
    if let signal = result.signal {
      try Output.flush()
      exit(128 + signal)
    }
  }

  /// One line on standard output; what to do next on standard error.
  private func tell(
    _ result: TrainingResult, _ summary: RunSummary?, _ hyperparameters: Hyperparameters
  ) throws {
    var parts = ["run \(result.runID) (\(result.name))"]
    if result.signal != nil {
      parts.append("interrupted at step \(result.lastStep) of \(result.stepsPlanned)")
    } else if result.lastStep < result.stepsPlanned {
      parts.append("finished at step \(result.lastStep) of \(result.stepsPlanned), stopped early")
    } else {
      parts.append("finished at step \(result.lastStep)")
    }
    let units = hyperparameters.scaling.method == .none ? "" : "scaled "
    if let loss = summary?.lastLoss { parts.append("\(units)loss \(Numbers.short(loss))") }
    if let best = summary?.bestLoss, let step = summary?.bestStep {
      let what = hyperparameters.monitored == .loss ? "best" : "best validation loss"
      parts.append("\(what) \(Numbers.short(best)) at step \(step)")
    }
    try Output.line(parts.joined(separator: ", "))
    guard !talk.quiet else { return }
    if let replayed = result.replayed, replayed.steps > 0 {
      Console.note("\(Numbers.count(replayed.steps, "recorded step")) trained again: equal to the bit")
    }
    if result.signal != nil { Console.note("hint: `keepstep resume \(result.runID)` goes on from here") }
  }
}
