import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A disk that is full or broken at some instant of a run, once or from then on.
@Suite("Calls that fail", .enabled(if: Fault.isSupported))
struct FailedCallTests {
  /// Which calls fail, how, and whether all later ones do too.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let calls: [String]
    let code: Int32
    let stays: Bool

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "fails once with EIO", calls: Fault.fallibleCalls, code: EIO, stays: false),
    Case(name: "and all later ones fail with EIO", calls: Fault.fallibleCalls, code: EIO, stays: true),
    Case(name: "fails once with ENOSPC", calls: Fault.fallibleCalls, code: ENOSPC, stays: false),
    Case(name: "and all later ones fail with ENOSPC", calls: Fault.fallibleCalls, code: ENOSPC, stays: true),
  ]
  /// What a full disk and a dying one do: reading, and opening what is there, go on.
  static let partial = [
    Case(
      name: "that writes and all later ones fail with ENOSPC", calls: ["write", "pwrite"], code: ENOSPC, stays: true),
    Case(name: "that syncs and all later ones fail with EIO", calls: ["fsync", "fdatasync"], code: EIO, stays: true),
  ]

  @Test(
    "a training says so and ends with 1, and a resume ends with the bits of a run left alone",
    arguments: cases + partial)
  func training(_ what: Case) throws {
    let run = try FaultedRun(EveryWriteTests.options)
    try sweep(what, "a training", run, prepare: run.beginAnew, run.train)
  }

  @Test(
    "a resume says so and ends with 1, and another one ends with the bits of a run left alone",
    arguments: cases + partial)
  func resume(_ what: Case) throws {
    let run = try FaultedRun(EveryWriteTests.options)
    try run.interruptOnce()
    try sweep(what, "a resume", run, prepare: { try run.restoreStore(from: FaultedRun.interrupted) }, run.resume)
  }

  private func sweep(
    _ what: Case, _ process: String, _ run: FaultedRun, prepare: () throws -> Void, _ work: (Fault) throws -> Outcome
  ) throws {
    try prepare()
    let count = try run.count(what.calls, work)
    let campaign = Campaign("Every call of \(process) \(what.name)")
    var ended = 0
    let step = Effort.sample(max(1, count / 3), full: 1)
    for n in stride(from: 1, through: count, by: step) {
      try prepare()
      let outcome = try work(Fault(calls: what.calls, at: n, action: .fail(what.code), stays: what.stays))
      if outcome.status != 0 { ended += 1 }
      let faults = try faults(outcome, run) + run.faultsOfRemains() + run.faultsAfterEnd()
      campaign.fault("call \(n) of \(count)", faults: faults)
    }
    #expect(ended > 0)
    campaign.finish(atLeast: Effort.sample(3, full: 5), note: "\(ended) of them ended the process, with status 1")
  }

  /// Nothing but success or a clear error; and success only where all was saved.
  private func faults(_ outcome: Outcome, _ run: FaultedRun) throws -> String {
    if outcome.status == 0 { return try run.differences() }
    let isClear = outcome.errors.hasPrefix("error: ") && outcome.errors.contains("keepstep.db") && outcome.output == ""
    return outcome.status == 1 && isClear ? "" : "status \(outcome.status): \(outcome.output)\(outcome.errors)"
  }
}
