import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A small run killed at every single call that changes what the disk holds, and at every lock and unlock.
@Suite("A kill at every single write", .enabled(if: Fault.isSupported))
struct EveryWriteTests {
  /// Long windows make a step slow enough for commits to come in the run's middle.
  static let options = [
    "--steps", "40", "--checkpoint-every", "10", "--hidden-size", "3", "--window", "6000", "--record-hidden-every",
    "20",
  ]
  private static let written = ["write", "pwrite"]

  @Test("killed at each call of a training in a new store, from its creation to its closing")
  func newStore() throws {
    let run = try FaultedRun(Self.options)
    try sweep("SIGKILL at every storage call of a training in a new store", run) { n in
      run.removeStore()
      return try run.train(Fault(calls: Fault.writingCalls, at: n))
    }
  }

  @Test("killed at each call of a training in a store with another run")
  func sharedStore() throws {
    let run = try FaultedRun(Self.options)
    try sweep("SIGKILL at every storage call of a training beside another run", run) { n in
      try run.beginAnew()
      return try run.train(Fault(calls: Fault.writingCalls, at: n))
    }
  }

  @Test("killed at each call of a resume, which begins with a -wal to recover")
  func resume() throws {
    try sweepResume("SIGKILL at every storage call of a resume") { n in Fault(calls: Fault.writingCalls, at: n) }
  }

  @Test("killed at each lock and unlock of a training")
  func locks() throws {
    let run = try FaultedRun(Self.options)
    try sweep("SIGKILL at every lock and unlock of a training", run) { n in
      run.removeStore()
      return try run.train(Fault(calls: Fault.lockingCalls, at: n))
    }
  }

  @Test("killed at each lock and unlock of a resume")
  func locksOfResume() throws {
    try sweepResume("SIGKILL at every lock and unlock of a resume") { n in Fault(calls: Fault.lockingCalls, at: n) }
  }

  @Test("a write of which only half arrived, in a training")
  func tornWrites() throws {
    let run = try FaultedRun(Self.options)
    try sweep("SIGKILL half way through every write of a training", run) { n in
      try run.beginAnew()
      return try run.train(Fault(calls: Self.written, at: n, action: .tear))
    }
  }

  @Test("a write of which only half arrived, in a resume")
  func tornWritesOfResume() throws {
    try sweepResume("SIGKILL half way through every write of a resume") { n in
      Fault(calls: Self.written, at: n, action: .tear)
    }
  }

  /// Sweeps over the resume of a run that was killed in its middle.
  private func sweepResume(_ name: String, _ fault: (Int) -> Fault) throws {
    let run = try FaultedRun(Self.options)
    try run.interruptOnce()
    try sweep(name, run) { n in
      try run.restoreStore(from: FaultedRun.interrupted)
      return try run.resume(fault(n))
    }
  }

  /// Kills at call 1, 2, … until the process is no longer killed; after each, all that was promised must hold.
  private func sweep(_ name: String, _ run: FaultedRun, _ killed: (Int) throws -> Outcome) throws {
    let campaign = Campaign(name)
    let step = Effort.sample(19, full: 1)
    for n in stride(from: 1, through: .max, by: step) {
      let outcome = try killed(n)
      guard outcome.status == -SIGKILL else {
        #expect(outcome.status == 0, "\(name), call \(n): \(outcome.errors)")
        break
      }
      campaign.fault("call \(n)", faults: try run.faultsOfRemains() + run.faultsAfterEnd())
    }
    // A sweep that kills nothing proves nothing.
    campaign.finish(atLeast: Effort.sample(3, full: 60))
  }
}
