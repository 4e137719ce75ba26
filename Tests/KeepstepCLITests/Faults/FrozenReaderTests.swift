import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A reader that stands still between two looks while a trainer folds the `-wal` in, closes the store and goes.
@Suite("A reader that stands still", .enabled(if: Fault.isSupported))
struct FrozenReaderTests {
  /// Where it holds none of SQLite's locks: with one of those that part the first to come after a kill from all others,
  /// a process that stands still keeps others waiting, whatever they do.
  private static let calls = ["close"]

  @Test(
    "finds the store all the same, also where its main file was still empty when it looked",
    arguments: [true, false])
  func reads(isNew: Bool) throws {
    let run = try FaultedRun(EveryWriteTests.options)
    try run.interruptOnce(inNewStore: isNew)
    let campaign = Campaign(
      "A reader that stands still while the -wal of \(isNew ? "a new store" : "a store") is folded in and goes")
    for n in 1... {
      try run.restoreStore(from: FaultedRun.interrupted)
      let fault = Fault(calls: Self.calls, at: n, action: .freeze)
      let reader = try run.place.start(
        ["query", "SELECT name FROM runs WHERE name = 'run'", "--format", "csv"],
        environment: try fault.environment(in: run.place))
      guard try isFrozen(reader) else {
        #expect(reader.wait().status == 0)
        break
      }
      let trainer = try run.place.keepstep("resume run --quiet")
      reader.send(SIGCONT)
      let outcome = reader.wait()
      var faults =
        outcome.status == 0 && outcome.lines == ["name", "run"] ? "" : "read: \(outcome.output)\(outcome.errors)"
      if trainer.status != 0 { faults += "train: \(trainer.errors)" }
      campaign.fault("call \(n)", faults: try faults + run.faultsAfterEnd())
    }
    campaign.finish(atLeast: 2)
  }

  /// Waits until the program has stopped itself, or has ended.
  private func isFrozen(_ program: RunningProgram) throws -> Bool {
    var state = ""
    try waitUntil("the reader stands still or ends") {
      guard program.isRunning else { return true }
      let line = (try? String(contentsOfFile: "/proc/\(program.pid)/stat", encoding: .utf8)) ?? ""
      // "PID (NAME) STATE …"; T is stopped.
      state = line.split(separator: ")").last.map { String($0.dropFirst().prefix(1)) } ?? ""
      return state == "T"
    }
    return state == "T"
  }
}
