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
    let summary = try store.reader.summary(runID: result.runID)
    try store.close()
    try tell(result, summary)
    if let signal = result.signal {
      try Output.flush()
      exit(128 + signal)
    }
  }

  /// One line on standard output; what to do next on standard error.
  private func tell(_ result: TrainingResult, _ summary: RunSummary?) throws {
    var parts = ["run \(result.runID) (\(result.name))"]
    if result.signal == nil {
      parts.append("finished at step \(result.lastStep)")
    } else {
      parts.append("interrupted at step \(result.lastStep) of \(result.stepsPlanned)")
    }
    if let loss = summary?.lastLoss { parts.append("loss \(Numbers.short(loss))") }
    if let best = summary?.bestLoss, let step = summary?.bestStep {
      parts.append("best \(Numbers.short(best)) at step \(step)")
    }
    try Output.line(parts.joined(separator: ", "))
    guard !talk.quiet else { return }
    if let replayed = result.replayed, replayed.steps > 0 {
      Console.note("\(Numbers.count(replayed.steps, "recorded step")) trained again: equal to the bit")
    }
    if result.signal != nil { Console.note("hint: `keepstep resume \(result.runID)` goes on from here") }
  }
}
