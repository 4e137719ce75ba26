import Foundation
import Testing

/// A run of which every single step is taken by another process: each resume is asked to stop before its first step,
/// takes exactly one, and leaves a checkpoint between two of any interval.
@Suite("A resume interrupted at every step", .enabled(if: Fault.isSupported))
struct InterruptedResumeTests {
  @Test("ends with the bits of a run left alone")
  func everyStep() throws {
    let campaign = Campaign("SIGTERM at every step, resumed each time")
    let kinds = Effort.sample(4, full: 60)
    let steps = Effort.sample(9, full: 20)
    for number in 1...kinds {
      let kind = TrainingKind(number, .small)
      let run = try FaultedRun(
        kind.options + ["--steps", "\(steps)", "--checkpoint-every", "5", "--keep", "3"],
        prepare: TrainingKind.writeData)
      try run.beginAnew()
      var outcome = try run.train(.stopAfterOneStep)
      var step = 1
      while outcome.status == 143, step <= steps {
        let recorded = try run.recordedSteps()
        campaign.fault(
          "\(kind.testDescription), step \(step)", faults: recorded == step ? "" : "it stopped at step \(recorded)")
        step += 1
        outcome = try run.resume(.stopAfterOneStep)
      }
      // The last step is the planned end, not an interruption.
      #expect(outcome.status == 0 && step == steps, "\(kind.testDescription), step \(step): \(outcome.errors)")
      campaign.later(kind.testDescription, faults: try run.differences(checkpoints: .last) + run.residue())
    }
    campaign.finish(
      atLeast: kinds * (steps - 1), note: "\(kinds) kinds of training, each of its \(steps) steps in another process")
  }
}
