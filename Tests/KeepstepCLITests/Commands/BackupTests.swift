import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("keepstep backup", .serialized)
struct BackupTests {
  /// A training whose copies are taken at any instant.
  private static let train = "--quiet --steps 30000 --checkpoint-every 500 --hidden-size 4 --record-hidden-every 100"

  @Test("says what it copied, how large it is, and how much is in it; the copy is a store")
  func transcript() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("backup copy.db")
    let bytes = try place.data("copy.db").count
    #expect(outcome.output == "copy.db: \(bytes) bytes, 1 run, 24 steps, 6 checkpoints; checked\n")
    #expect(outcome.errors == "")
    #expect(try place.files == ["copy.db", "flow.csv", "keepstep.db", "keepstep.db-lock"])
    #expect(try place.succeed("verify flow --quiet --store copy.db").output.hasPrefix("exact: "))
    try place.succeed("resume flow --quiet --steps 40 --store copy.db")
    #expect(try place.query("SELECT steps_done FROM runs") == ["24"])
  }

  static let refusals = [
    Refusal("backup keepstep.db", "keepstep.db", "the store", "itself"),
    Refusal("backup keepstep.db-lock --force", "itself"),
    Refusal("backup flow.csv", "flow.csv is there already", "--force"),
    Refusal("backup .", "folder"), Refusal("backup no/copy.db", "there is no folder"),
    Refusal("backup copy.db --store none.db", "there is no store at none.db"),
    Refusal("backup", "file", status: 64),
  ]

  @Test("what it refuses changes nothing", arguments: refusals)
  func refuses(refusal: Refusal) throws {
    try FlowExample.place().expect(refusal)
  }

  @Test("of a store and a folder that nobody may write", .enabled(if: getuid() == 0, "needs root to be another user"))
  func readOnly() throws {
    let place = try FlowExample.place()
    let target = try TestFolders.make("copies")
    let folders: [(String, mode_t)] = [(place.folder.path, 0o555), (target.path, 0o777)]
    for (path, mode) in folders { #expect(chmod(path, mode) == 0) }
    #expect(chmod(place.url("keepstep.db").path, 0o444) == 0)
    let script = "\"$0\" backup \"$1\"/copy.db"
    let outcome = try place.run(
      "setpriv", package: "util-linux",
      ["--reuid=65534", "--clear-groups", "sh", "-c", script, try Binary.keepstep.path, target.path])
    #expect(chmod(place.folder.path, 0o755) == 0)
    // A build in a folder of root's own cannot be run by others.
    guard !outcome.errors.contains("ermission denied") || outcome.errors.contains("error:") else { return }
    #expect(outcome.status == 0, "\(outcome.errors)")
    try place.succeed("check --store \(target.path)/copy.db")
  }

  @Test("copies taken while four trainers write are sound, and each goes on to the bits of a run left alone")
  func whileTrainersWrite() throws {
    let campaign = Campaign("Backup while four trainers write; check, resume")
    let place = try Workplace()
    try place.succeed("train --name alone --store alone.db \(Self.train)")
    var number = 0
    let wanted = Effort.isTorture ? 40 : 3
    while number < wanted {
      for suffix in ["", "-wal", "-shm", "-lock"] {
        try? FileManager.default.removeItem(at: place.url("keepstep.db\(suffix)"))
      }
      let trainers = try (1...4).map {
        try place.start(["train", "--name", "run\($0)"] + Self.train.split(separator: " ").map(String.init))
      }
      try waitUntil("there is a store") { FileManager.default.fileExists(atPath: place.url("keepstep.db-wal").path) }
      while number < wanted, trainers.contains(where: \.isRunning) {
        let outcome = try place.keepstep("backup copy\(number).db")
        // The first instants of a store have no runs as yet.
        if outcome.status != 0, outcome.errors.contains("not a store") { continue }
        campaign.fault(
          "backup \(number)", faults: outcome.status == 0 ? try faults(of: number, in: place) : outcome.errors)
        number += 1
      }
      for trainer in trainers { #expect(trainer.wait().status == 0) }
    }
    #expect(try place.files.allSatisfy { !$0.contains("partial") })
    campaign.finish(atLeast: wanted)
  }

  /// What is wrong with a copy, one of whose runs is trained to its end.
  private func faults(of number: Int, in place: Workplace) throws -> String {
    let copy = "copy\(number).db"
    guard !FileManager.default.fileExists(atPath: place.url(copy + "-wal").path) else { return "it has a -wal" }
    let check = try place.keepstep("check --store \(copy)")
    guard check.status == 0 else { return check.output + check.errors }
    guard let run = try place.query("SELECT name FROM runs ORDER BY id DESC LIMIT 1", store: copy).first else {
      return ""
    }
    let resume = try place.keepstep("resume \(run) --quiet --store \(copy)")
    guard resume.status == 0 else { return resume.errors }
    return try RunComparison(place: place, reference: "alone", referenceStore: "alone.db")
      .differences(of: run, store: copy, checkpoints: .last)
  }

  @Test("killed at any call, or with a disk that fails: a copy is whole, or not there", .enabled(if: Fault.isSupported))
  func faults() throws {
    let campaign = Campaign("Backup killed, and failing, at every writing call")
    let place = try FlowExample.place()
    let actions: [(String, Fault.Action)] = [
      ("killed", .kill), ("no space", .fail(ENOSPC)), ("disk error", .fail(EIO)), ("torn", .tear),
    ]
    for (what, action) in actions {
      var at = 1
      while true {
        let fault = Fault(calls: Fault.writingCalls, at: at, action: action)
        let outcome = try place.keepstep(["backup", "copy.db"], environment: try fault.environment(in: place))
        if outcome.status == 0, try isPast(fault, place) { break }
        campaign.fault("\(what) at call \(at)", faults: try faults(after: outcome, in: place))
        at += Effort.isTorture ? 1 : 11
      }
    }
    campaign.finish(atLeast: 20)
  }

  /// Whether a backup makes fewer calls than that.
  private func isPast(_ fault: Fault, _ place: Workplace) throws -> Bool {
    let log = place.url("calls.log")
    defer { for name in ["calls.log", "count.db"] { try? FileManager.default.removeItem(at: place.url(name)) } }
    let counting = try Fault(calls: fault.calls, at: 0).environment(in: place, log: log)
    guard try place.keepstep(["backup", "count.db"], environment: counting).status == 0 else { return false }
    let calls = String(decoding: try Data(contentsOf: log), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    return fault.at > Int(calls) ?? 0
  }

  /// What is wrong after a backup that was cut short; leaves the place as it was.
  private func faults(after outcome: Outcome, in place: Workplace) throws -> String {
    defer { try? FileManager.default.removeItem(at: place.url("copy.db")) }
    var faults = ""
    let isThere = FileManager.default.fileExists(atPath: place.url("copy.db").path)
    if isThere {
      let check = try place.keepstep("check --store copy.db")
      if check.status != 0 { faults += "half a copy: \(check.output)\(check.errors)" }
    }
    if outcome.status == 0, !isThere { faults += "said it had copied" }
    if outcome.status > 1 || (outcome.status == 1 && !outcome.errors.hasPrefix("error: ")) { faults += "ended oddly" }
    let left = try place.files.filter { $0.contains("partial") }
    if outcome.status >= 0, !left.isEmpty, !outcome.errors.isEmpty, !outcome.errors.contains("unlink") {
      faults += "left \(left)"
    }
    try? FileManager.default.removeItem(at: place.url("copy.db"))
    let again = try place.keepstep("backup copy.db")
    if again.status != 0 { faults += "the next one fails: \(again.errors)" }
    // A reader that was killed leaves an empty -wal beside the store, which the next writer removes.
    let files = try place.files.filter { !$0.hasPrefix("keepstep.db-") }
    if files != ["copy.db", "flow.csv", "keepstep.db"] { faults += "left for good: \(files)" }
    return faults
  }
}
