import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Stores, runs and programs of different versions that meet.
@Suite("Versions")
struct VersionTests {
  /// A folder whose store is a fixture, of which `Tests/RunStoreTests/Fixtures/README.md` tells.
  private static func place(_ version: Int) throws -> Workplace {
    let place = try Workplace()
    try restore(version, in: place)
    return place
  }

  private static func restore(_ version: Int, in place: Workplace) throws {
    for suffix in ["", "-wal", "-shm", "-lock"] {
      try? FileManager.default.removeItem(at: place.url("keepstep.db" + suffix))
    }
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/RunStoreTests/Fixtures/version-\(version).db"),
      to: place.url("keepstep.db"))
  }

  // MARK: - Of the store

  static let commands = [
    "train --steps 1", "resume kinds", "fork kinds", "verify kinds", "runs", "show kinds", "steps kinds",
    "checkpoints kinds", "query SELECT+1", "predict kinds", "export kinds -o w.npz", "plot kinds -o p.svg", "check",
    "merge other.db", "rm kinds --yes",
  ]

  @Test("every command refuses a store of a newer version, with both versions", arguments: commands)
  func newerStore(command: String) throws {
    let place = try Self.place(2)
    try place.succeed("train --steps 1 --quiet --store other.db")
    try place.sqlite3("PRAGMA user_version = 7")
    try place.expect(
      Refusal(
        command, "keepstep.db is a store of version 7; this program knows versions up to 2", "use a newer Keepstep"))
  }

  @Test(
    "a call that fails during an upgrade leaves the older store or the newer one, whole",
    .enabled(if: Fault.isSupported))
  func failedUpgrade() throws {
    let place = try Workplace()
    let campaign = Campaign("write, sync or truncate failing during an upgrade from version 1")
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/RunStoreTests/Fixtures/version-1.db"), to: place.url("old.db"))
    let missing = try Self.missingRows(place)
    var (versions, refusals) = (Set<String>(), 0)
    for (call, code, stride) in [("pwrite", ENOSPC, 19), ("fdatasync", EIO, 1), ("ftruncate", EIO, 1)] {
      try Self.restore(1, in: place)
      let log = place.url("calls.log")
      let counting = try Fault(calls: [call], at: 0).environment(in: place, log: log)
      try place.succeed("rm failed --yes", environment: counting)
      let made = try String(contentsOf: log, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      let count = try #require(Int(made))
      for n in Swift.stride(from: 1, through: count, by: Effort.isTorture ? 1 : stride) {
        for stays in [false, true] {
          try Self.restore(1, in: place)
          let fault = Fault(calls: [call], at: n, action: .fail(code), stays: stays)
          let outcome = try place.keepstep("rm failed --yes", environment: try fault.environment(in: place))
          if outcome.status != 0 { refusals += 1 }
          let isClear = outcome.status == 0 || (outcome.status == 1 && outcome.errors.hasPrefix("error: "))
          versions.insert(try place.sqlite3("PRAGMA user_version"))
          campaign.fault(
            "\(call) \(n)\(stays ? " and later" : "")",
            faults: (isClear ? "" : outcome.errors) + (try Self.faultsAfterUpgrade(place, missing)))
        }
      }
    }
    #expect(versions == ["1\n", "2\n"] && refusals > 0)
    campaign.finish(atLeast: 8, note: "\(refusals) commands refused")
  }

  /// What is wrong with a store whose upgrade failed, and after the next command that upgrades it.
  private static func faultsAfterUpgrade(_ place: Workplace, _ missing: String) throws -> String {
    let check = try place.keepstep("check")
    var faults = check.status == 0 ? "" : check.output + check.errors
    faults += try place.sqlite3(missing)
    let again = try place.keepstep("rm killed --yes")
    if again.status != 0 { faults += "it cannot go on: \(again.errors)" }
    if try place.sqlite3("PRAGMA user_version") != "2\n" { faults += "it is not upgraded" }
    return faults + (try place.sqlite3(missing))
  }

  /// A query that prints each row of `old.db` that is not in the store, but for those of the runs that the test removes.
  private static func missingRows(_ place: Workplace) throws -> String {
    let tables = [
      "datasets", "hyperparameters", "segments", "steps", "evaluations", "checkpoints", "hidden_states", "tags",
    ]
    let selects = try tables.map { table in
      let list = try place.sqlite3("SELECT group_concat(name) FROM pragma_table_info('\(table)')", store: "old.db")
      let columns = list.trimmingCharacters(in: .whitespacesAndNewlines)
      let run = table == "datasets" ? "" : " WHERE run_id NOT IN (3, 4)"
      return
        "SELECT '\(table)', * FROM (SELECT \(columns) FROM old.\(table)\(run) EXCEPT SELECT \(columns) FROM main.\(table))"
    }
    return "ATTACH 'old.db' AS old; " + selects.joined(separator: "; ")
  }

  // MARK: - Of the arithmetic

  /// A run as a Keepstep of other arithmetic would have recorded it, from its second segment on.
  private static func otherArithmetic() throws -> Workplace {
    let place = try FlowExample.place()
    try place.succeed("resume flow --steps 30 --quiet")
    try place.sqlite3(
      "UPDATE segments SET numerics_version = 2, keepstep_version = '0.9.0' WHERE id = (SELECT max(id) FROM segments)")
    return place
  }

  @Test(
    "resume and verify refuse a run of another numerics version, with both, the reason and a way out",
    arguments: ["resume flow@6", "resume flow@30", "resume flow --steps 40", "verify flow", "verify flow@12 --to 18"])
  func otherNumerics(command: String) throws {
    let place = try Self.otherArithmetic()
    try place.expect(
      Refusal(
        command, "run flow was trained with numerics version 2 (Keepstep 0.9.0)", "this program has version 1",
        "its bits would differ", "hint: use that version of Keepstep, or `keepstep fork` to go on as a new run"))
  }

  @Test("weights are weights: predict, export, plot and check take a run of another numerics version")
  func readsOtherNumerics() throws {
    let place = try FlowExample.place()
    try place.succeed("resume flow --steps 30 --quiet")
    let predictions = try place.succeed("predict flow").output
    try place.succeed("export flow -o before.npz --quiet")
    try place.sqlite3("UPDATE segments SET numerics_version = 2")
    #expect(try place.succeed("predict flow").output == predictions)
    try place.succeed("export flow -o after.npz --quiet")
    #expect(try place.data("before.npz") == place.data("after.npz"))
    try place.succeed("plot flow -o p.svg --quiet")
    try place.succeed("check")
    #expect(try place.succeed("show flow").output.contains("2"))
  }

  @Test("a fork goes on from a run of another numerics version, as a run of this one that verifies")
  func forksOtherNumerics() throws {
    let place = try Self.otherArithmetic()
    try place.succeed("fork flow@30 --name on --steps 40 --quiet")
    #expect(try place.query("SELECT numerics_version FROM segments WHERE run_id = 2") == ["1"])
    #expect(try place.succeed("verify on --quiet").output.hasPrefix("exact: steps 31 to 40: "))
    try place.succeed("resume on --steps 45 --quiet")
    try place.succeed("check")
  }

  @Test("runs of another numerics version are merged, and stay what they are")
  func mergesOtherNumerics() throws {
    let place = try Self.otherArithmetic()
    try place.succeed("merge keepstep.db --store new.db")
    try place.expect(Refusal("resume flow@6 --store new.db", "numerics version 2 (Keepstep 0.9.0)"))
  }

  @Test(
    "the runs of the version 2 fixture verify to the bit", arguments: [("kinds", 1), ("gentle", 21), ("branch", 17)])
  func verifies(run: String, first: Int) throws {
    let place = try Self.place(2)
    #expect(try place.succeed("verify \(run) --quiet").output.hasPrefix("exact: steps \(first) to "))
  }
}
