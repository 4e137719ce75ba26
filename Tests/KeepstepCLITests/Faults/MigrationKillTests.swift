import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A store of version 1 whose upgrade is killed, torn or refused by the disk at each call: it is all of the old version or
/// all of the new one, and the command run again succeeds.
@Suite("An interrupted migration", .enabled(if: Fault.isSupported))
struct MigrationKillTests {
  private static let written = ["write", "pwrite"]

  @Test("killed at each call of a training that migrates")
  func train() throws {
    try kill("SIGKILL at every storage call of a training that migrates", .train) { n in
      Fault(calls: Fault.writingCalls + Fault.lockingCalls, at: n)
    }
  }

  @Test("killed at each call of a resume that migrates")
  func resume() throws {
    try kill("SIGKILL at every storage call of a resume that migrates", .resume) { n in
      Fault(calls: Fault.writingCalls, at: n)
    }
  }

  @Test("a write of which only half arrived")
  func tornWrites() throws {
    try kill("SIGKILL half way through every write of a resume that migrates", .resume) { n in
      Fault(calls: Self.written, at: n, action: .tear)
    }
  }

  private func kill(_ name: String, _ command: MigratedStore.Command, _ fault: (Int) -> Fault) throws {
    let store = try MigratedStore(command)
    let campaign = Campaign(name)
    var old = 0
    for n in stride(from: 1, through: .max, by: Effort.sample(19, full: 1)) {
      try store.beginAnew()
      let outcome = try store.migrate(fault(n))
      guard outcome.status == -SIGKILL else {
        #expect(outcome.status == 0, "\(name), call \(n): \(outcome.errors)")
        break
      }
      let remains = try store.remains()
      if remains.version == "1" { old += 1 }
      campaign.fault("call \(n)", faults: try remains.faults + store.faultsOfAnotherTry())
    }
    // Some kills came before the upgrade, and some after it.
    #expect(old > 0)
    campaign.finish(atLeast: old + 1, note: "\(old) of them left the old version")
  }

  @Test(
    "calls that fail, once or from then on", arguments: [(EIO, false), (EIO, true), (ENOSPC, false), (ENOSPC, true)])
  func failingCalls(code: Int32, stays: Bool) throws {
    let store = try MigratedStore(.resume)
    let error = code == EIO ? "EIO" : "ENOSPC"
    let campaign = Campaign(
      "Every call of a resume that migrates "
        + (stays ? "and all later ones fail with \(error)" : "fails once with \(error)"))
    var (old, ended) = (0, 0)
    try store.beginAnew()
    for n in stride(from: 1, through: try store.count(Fault.fallibleCalls), by: Effort.sample(29, full: 1)) {
      try store.beginAnew()
      let outcome = try store.migrate(Fault(calls: Fault.fallibleCalls, at: n, action: .fail(code), stays: stays))
      let remains = try store.remains()
      if remains.version == "1" { old += 1 }
      if outcome.status != 0 { ended += 1 }
      let isRight = outcome.status == 0 || outcome.status == 1 && outcome.errors.hasPrefix("error: ")
      campaign.fault(
        "call \(n)",
        faults: try (isRight ? "" : "status \(outcome.status): \(outcome.errors)") + remains.faults
          + store.faultsOfAnotherTry())
    }
    #expect(ended > 0)
    campaign.finish(
      atLeast: Effort.sample(3, full: 30),
      note: "\(ended) of them ended the process, with status 1; \(old) left the old version")
  }
}
