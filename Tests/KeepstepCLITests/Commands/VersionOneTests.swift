import Foundation
import Testing

/// A store that Keepstep 0.1.0 wrote, of which `Tests/RunStoreTests/Fixtures/README.md` tells.
@Suite("A store of version 1")
struct VersionOneTests {
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/RunStoreTests/Fixtures/version-1.db"),
      to: place.url("keepstep.db"))
    return place
  }

  private static func version(_ place: Workplace) throws -> String { try place.sqlite3("PRAGMA user_version") }

  /// Steps of each run, and where it began.
  static let runs = [("river", 1, 60), ("stopped", 1, 18), ("killed", 1, 10), ("gentle", 21, 80), ("branch", 16, 30)]

  @Test("commands that read leave it as it is, to the byte")
  func reads() throws {
    let place = try Self.place()
    let before = try place.data("keepstep.db")
    let rows = try place.succeed("runs --format csv").rows
    #expect(
      rows.map { "\($0["name"] ?? "?") \($0["status"] ?? "?") \($0["cell"] ?? "?")" } == [
        "river finished rnn", "stopped finished rnn", "killed interrupted rnn", "failed failed rnn",
        "gentle finished rnn", "branch finished rnn",
      ])
    #expect(try place.succeed("steps river --format csv").lines.count == 61)
    #expect(try place.succeed("predict river").lines.count == 41)
    for line in ["show river", "checkpoints gentle", "export river -q -o w.npz", "check"] { try place.succeed(line) }
    #expect(try place.data("keepstep.db") == before && Self.version(place) == "1\n")
  }

  @Test("its runs verify to the bit, before and after it is migrated", arguments: runs)
  func verifies(run: String, first: Int, last: Int) throws {
    let place = try Self.place()
    let outcome = try place.succeed("verify \(run) --quiet")
    #expect(outcome.output.hasPrefix("exact: steps \(first) to \(last): \(last - first + 1) step rows, "))
    #expect(try Self.version(place) == "1\n")
    try place.succeed("train --quiet --steps 1")
    #expect(try Self.version(place) == "2\n")
    #expect(try place.succeed("verify \(run) --quiet").output == outcome.output)
  }

  @Test("its runs go on: finished ones to a later end, a killed one from its checkpoint, any one as a fork")
  func goesOn() throws {
    let place = try Self.place()
    try place.succeed("resume river --quiet --steps 75")
    #expect(try Self.version(place) == "2\n")
    try place.succeed("resume killed@0 --quiet --steps 12")
    try place.succeed("fork killed@10 --quiet --name forked --window 20 --steps 40 --optimizer sgd --schedule cosine")
    #expect(
      try place.query(
        "SELECT name, status, steps_done FROM runs WHERE name IN ('river', 'killed', 'forked') ORDER BY id")
        == ["river,finished,75", "killed,finished,12", "forked,finished,40"])
    for run in ["river", "killed", "forked"] {
      #expect(try place.succeed("verify \(run) --quiet").output.hasPrefix("exact: "))
    }
    try place.succeed("check")
  }

  @Test("a run trained today with the same options has its bits")
  func sameBits() throws {
    let place = try Self.place()
    let rows = (0..<40).map { String(format: "%.4f,%.4f", sin(Double($0) / 3), cos(Double($0) / 3)) }
    try place.write("level,flow\n" + rows.joined(separator: "\n") + "\n", to: "river.csv")
    try place.succeed(
      "train --quiet --steps 60 --name today --data river.csv --inputs level --targets flow --hidden-size 4 --window 5"
        + " --batch-size 2 --checkpoint-every 20 --keep 2")
    // The very same values: no second dataset.
    #expect(try place.query("SELECT count(*) FROM datasets") == ["1"])
    let digests =
      "SELECT step, digest, history_digest FROM checkpoints JOIN runs ON runs.id = run_id WHERE pinned = 0 AND name = "
    #expect(
      try place.query("\(digests)'river' AND step IN (0, 20, 60)")
        == place.query("\(digests)'today' AND step IN (0, 20, 60)"))
    #expect(try place.query("\(digests)'today'").count >= 3)
  }
}
