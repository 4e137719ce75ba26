import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A disk that is full or broken in the middle of a run.
@Suite("Calls that fail", .enabled(if: Fault.isSupported))
struct FailedCallTests {
  /// A call, its errno, and whether all later ones fail too.
  struct Case: CustomTestStringConvertible, Sendable {
    let call: String
    let code: Int32
    let stays: Bool
    /// `make test` tries each so many-th call.
    let stride: Int
    var testDescription: String { "\(call) fails with errno \(code)\(stays ? " from then on" : " once")" }
  }

  static let cases = [
    Case(call: "pwrite", code: ENOSPC, stays: false, stride: 29),
    Case(call: "pwrite", code: ENOSPC, stays: true, stride: 31),
    Case(call: "pwrite", code: EIO, stays: true, stride: 37),
    Case(call: "fdatasync", code: EIO, stays: false, stride: 3),
  ]

  @Test("a training says so and ends with 1, and a resume ends with the bits of a run left alone", arguments: cases)
  func failingCall(_ what: Case) throws {
    let run = try FaultedRun(EveryWriteTests.options)
    var failures = 0
    let count = try run.count([what.call])
    for n in stride(from: 1, through: count, by: Effort.isTorture ? 1 : what.stride) {
      try run.beginAnew()
      let fault = Fault(calls: [what.call], at: n, action: .fail(what.code), stays: what.stays)
      let outcome = try run.train(fault)
      expectNone(try run.faultsOfRemains(), "\(what.testDescription), call \(n)")
      if outcome.status != 0 {
        failures += 1
        #expect(outcome.status == 1, "\(what.testDescription), call \(n): \(outcome.errors)")
        let isClear = outcome.errors.hasPrefix("error: ") && outcome.errors.contains("keepstep.db")
        #expect(isClear && outcome.output == "", "\(what.testDescription), call \(n): \(outcome.errors)")
      }
      // A training that ended with 0 is complete, and to resume it changes nothing.
      expectNone(try run.faultsAfterEnd(), "\(what.testDescription), call \(n)")
    }
    #expect(failures >= 2)
    print("FailedCallTests: \(what.testDescription): \(failures) of \(count) calls ended a training")
  }
}
