import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A merge that is killed, or whose disk is full, at any call: every run is here whole or not at all, and another merge
/// brings the rest.
@Suite("Faults in a merge", .enabled(if: Fault.isSupported))
struct MergeFaultTests {
  @Test("killed at each call that changes what the disk holds")
  func killed() throws {
    let merge = try FaultedMerge()
    let campaign = Campaign("SIGKILL at every storage call of a merge")
    var n = 1
    while true {
      try merge.begin()
      let outcome = try merge.run(Fault(calls: Fault.writingCalls, at: n))
      guard outcome.status == -SIGKILL else {
        #expect(outcome.status == 0, "call \(n): \(outcome.errors)")
        break
      }
      campaign.fault("call \(n)", faults: try merge.faults())
      n += Effort.isTorture ? 1 : 23
    }
    campaign.finish(atLeast: 8, note: "3 runs added and 1 continued; \(merge.met) distinct states met")
    #expect(merge.met >= 3)
  }

  @Test("a write or a sync that fails once, or from then on", arguments: [("pwrite", ENOSPC), ("fdatasync", EIO)])
  func failed(call: String, code: Int32) throws {
    let merge = try FaultedMerge()
    let campaign = Campaign("\(call) failing with errno \(code) at every call of a merge")
    for stays in [false, true] {
      var n = 1
      while true {
        try merge.begin()
        let outcome = try merge.run(Fault(calls: [call], at: n, action: .fail(code), stays: stays))
        var faults = try merge.faults()
        if outcome.status != 0 {
          let isClear = outcome.status == 1 && outcome.errors.hasPrefix("error: ")
          if !isClear || !outcome.errors.contains(".db") {
            faults += "status \(outcome.status): \(outcome.errors)"
          }
        }
        campaign.fault("call \(n)\(stays ? " and later" : "")", faults: faults)
        // The last writes are those of closing, whose failure harms nothing.
        if n >= merge.calls(call) { break }
        n += Effort.isTorture ? 1 : (call == "pwrite" ? 61 : 7)
      }
    }
    campaign.finish(atLeast: 4)
  }
}

/// `other.db` with a run that went on there and three that are not here, and what a merge without a fault makes of it.
private final class FaultedMerge {
  let place: Workplace
  private var states: Set<String> = []
  private var counts: [String: Int] = [:]
  private let whole: String

  /// How many different sets of rows the faults left.
  var met: Int { states.count }

  init() throws {
    place = try Workplace()
    try place.succeed("train --steps 20 --hidden-size 3 --name river --quiet --store before.db")
    try FileManager.default.copyItem(at: place.url("before.db"), to: place.url("other.db"))
    try place.succeed("resume river --steps 40 --quiet --store other.db")
    try place.succeed("fork river@20 --name fork --learning-rate 0.01 --quiet --steps 35 --store other.db")
    try place.succeed("train --steps 30 --hidden-size 40 --checkpoint-every 5 --name wide --quiet --store other.db")
    try place.succeed("train --steps 10 --hidden-size 2 --name river-2 --quiet --store before.db")
    try place.succeed("train --steps 12 --hidden-size 2 --name river-2 --quiet --store other.db")
    try FileManager.default.copyItem(at: place.url("before.db"), to: place.url("whole.db"))
    try place.succeed("merge other.db --store whole.db")
    whole = try place.sqlite3(".dump", store: "whole.db")
  }

  /// Puts the store back to where it was before the merge.
  func begin() throws {
    for suffix in ["", "-wal", "-shm", "-lock"] {
      for name in ["keepstep.db", "other.db"] where name == "keepstep.db" || suffix == "-wal" || suffix == "-shm" {
        try? FileManager.default.removeItem(at: place.url(name + suffix))
      }
    }
    try FileManager.default.copyItem(at: place.url("before.db"), to: place.url("keepstep.db"))
  }

  func run(_ fault: Fault) throws -> Outcome {
    try place.keepstep("merge other.db", environment: try fault.environment(in: place))
  }

  /// How many such calls a whole merge makes.
  func calls(_ call: String) -> Int {
    if let count = counts[call] { return count }
    let log = place.url("calls.log")
    let count = try? { () -> Int? in
      try begin()
      let fault = Fault(calls: [call], at: 0)
      try place.succeed("merge other.db", environment: try fault.environment(in: place, log: log))
      return Int(try String(contentsOf: log, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
    }()
    counts[call] = count ?? 0
    return count ?? 0
  }

  /// What is wrong with what a fault left, and after another merge; empty when nothing is.
  func faults() throws -> String {
    let check = try place.keepstep("check")
    if check.status != 0 { return check.output + check.errors }
    var faults = ""
    let runs = try place.query("SELECT name, steps_done FROM runs ORDER BY id")
    states.insert(runs.joined(separator: " "))
    let comparison = { RunComparison(place: self.place, reference: $0, referenceStore: "whole.db") }
    for run in runs {
      let name = String(run.prefix { $0 != "," })
      // What was there before may not have gone on yet; all else is complete.
      faults +=
        run == "river,20"
        ? try comparison(name).strayRows(of: name) : try comparison(name).differences(of: name)
    }
    let again = try place.keepstep("merge other.db")
    if again.status != 0 { faults += "it cannot be finished: \(again.errors)" }
    if try place.sqlite3(".dump") != whole { faults += "finished, it holds other rows than a merge left alone" }
    let residue = try place.files.filter { $0 == "keepstep.db-wal" || $0 == "keepstep.db-shm" }
    if !residue.isEmpty { faults += "left behind: \(residue)" }
    return faults
  }
}
