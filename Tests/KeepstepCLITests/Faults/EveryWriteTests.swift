import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A small run killed at every single call that changes what the disk holds.
@Suite("A kill at every single write", .enabled(if: Fault.isSupported))
struct EveryWriteTests {
  /// Long windows make a step slow enough for commits to come in the run's middle.
  static let options = [
    "--steps", "40", "--checkpoint-every", "10", "--hidden-size", "3", "--window", "6000", "--record-hidden-every",
    "20",
  ]

  @Test("killed at each call of a training in a new store, from its creation to its closing")
  func newStore() throws {
    let run = try FaultedRun(Self.options)
    try sweep(run, "a training in a new store") { n in
      run.removeStore()
      return try run.train(Fault(calls: Fault.writingCalls, at: n))
    }
  }

  @Test("killed at each call of a training in a store with another run")
  func sharedStore() throws {
    let run = try FaultedRun(Self.options)
    try run.beginAnew()
    try run.saveStore(as: "shared.db")
    try sweep(run, "a training beside another run", step: Effort.isTorture ? 1 : 3) { n in
      try run.restoreStore(from: "shared.db")
      return try run.train(Fault(calls: Fault.writingCalls, at: n))
    }
  }

  @Test("killed at each call of a resume, which begins with a -wal to recover")
  func resume() throws {
    let run = try interruptedRun()
    try sweep(run, "a resume") { n in
      try run.restoreStore(from: "interrupted.db")
      return try run.resume(Fault(calls: Fault.writingCalls, at: n))
    }
  }

  @Test("a write of which only half arrived")
  func tornWrites() throws {
    let run = try interruptedRun()
    try sweep(run, "torn writes", step: Effort.isTorture ? 1 : 3) { n in
      try run.restoreStore(from: "interrupted.db")
      return try run.resume(Fault(calls: ["write", "pwrite"], at: n, action: .tear))
    }
  }

  @Test("killed at each lock and unlock", .enabled(if: Effort.isTorture, "make torture"))
  func locks() throws {
    let run = try FaultedRun(Self.options)
    try sweep(run, "locks") { n in
      run.removeStore()
      return try run.train(Fault(calls: Fault.lockingCalls, at: n))
    }
  }

  /// A run killed in its middle, with commits in the -wal; its store is put away as `interrupted.db`.
  private func interruptedRun() throws -> FaultedRun {
    let run = try FaultedRun(Self.options)
    let syncs = try run.count(["fdatasync"])
    try run.beginAnew()
    let killed = try run.train(Fault(calls: ["fdatasync"], at: syncs / 2))
    try #require(killed.status == -SIGKILL)
    try run.saveStore(as: "interrupted.db")
    let steps = try run.place.query("SELECT steps_done FROM runs WHERE name = 'run'")
    try #require((1...39).contains(Int(steps.first ?? "") ?? 0), "\(steps)")
    return run
  }

  /// Kills at call 1, 2, … until the process is no longer killed; after each, all that was promised must hold.
  private func sweep(_ run: FaultedRun, _ name: String, step: Int = 1, _ killed: (Int) throws -> Outcome) throws {
    var n = 1
    while true {
      let outcome = try killed(n)
      guard outcome.status == -SIGKILL else {
        // Not one call too few: a sweep that kills nothing proves nothing.
        #expect(outcome.status == 0 && n > 20, "\(name), call \(n): \(outcome.errors)")
        print("EveryWriteTests: \(name): killed at \((n - 1) / step) calls")
        return
      }
      expectNone(try run.faultsOfRemains(), "\(name), killed at call \(n)")
      expectNone(try run.faultsAfterEnd(), "\(name), killed at call \(n)")
      n += step
    }
  }
}
