import Foundation
import Testing

@Suite("keepstep gc")
struct CollectTests {
  private static let train =
    "train --quiet --window 4 --hidden-size 16 --checkpoint-every 5 --evaluate-every 0 --keep all --steps 100 --name"

  /// Two runs of 21 checkpoints each, one of them with a fork from step 35 and a pin on step 50.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.succeed("\(train) one")
    try place.succeed("\(train) two --seed 2")
    try place.succeed("fork one@35 --quiet --name child --steps 40")
    try place.succeed("pin one@50")
    return place
  }

  private static let steps =
    "SELECT run_id, group_concat(step, ' ') FROM (SELECT * FROM checkpoints ORDER BY step) GROUP BY 1"

  @Test("what no rule keeps goes, its space is given back, and every run goes on and verifies as before")
  func collects() throws {
    let place = try Self.place()
    let before = try place.data("keepstep.db").count
    let outcome = try place.succeed("gc --keep 2 --yes")
    #expect(outcome.output.hasPrefix("removed 32 checkpoints with "), "\(outcome.output)")
    #expect(try place.query(Self.steps) == ["1,0 35 50 90 95 100", "2,0 90 95 100", "3,35 40"])
    let after = try place.data("keepstep.db").count
    #expect(after < before * 2 / 3, "\(before) bytes before, \(after) after")
    #expect(try place.files == ["keepstep.db", "keepstep.db-lock"])
    try place.succeed("check")
    for run in ["one", "two", "child"] { #expect(try place.succeed("verify \(run)").output.hasPrefix("exact: ")) }
    try place.succeed("\(Self.train) alone --store alone.db")
    try place.succeed("resume alone --steps 120 --quiet --store alone.db")
    try place.succeed("resume one --steps 120 --quiet")
    let comparison = RunComparison(place: place, reference: "alone", referenceStore: "alone.db")
    expectNone(try comparison.differences(of: "one", checkpoints: .last), "differences")
  }

  @Test("only the named runs; a dry run says what would go and changes nothing")
  func chosen() throws {
    let place = try Self.place()
    let before = try place.query(Self.steps)
    let dry = try place.succeed("gc two --dry-run").lines
    #expect(dry.count == 20 && dry[0] == "step 5 of run 2 (two)")
    #expect(dry.last?.hasPrefix("would remove 19 checkpoints with ") == true)
    #expect(try place.query(Self.steps) == before)
    try place.succeed("gc two --yes")
    #expect(try place.query(Self.steps) == [before[0], "2,0 100", before[2]])
    #expect(try place.succeed("gc two --yes").output.hasPrefix("removed 0 checkpoints with 0 KiB"))
  }

  @Test("without a terminal it needs --yes; a run in training is left alone, and refused by name")
  func refusals() throws {
    let place = try Self.place()
    let before = try place.query(Self.steps)
    let unasked = try place.keepstep("gc")
    #expect(unasked.status == 1 && unasked.errors.contains("--yes"), "\(unasked.errors)")
    #expect(try place.keepstep("gc --keep -1").status == 64)
    #expect(try place.keepstep("gc one@best --yes").status == 64)
    #expect(try place.keepstep("gc oen --yes").status == 1)
    #expect(try place.query(Self.steps) == before)
    let trainer = try place.start(["train", "--quiet", "--steps", "100000000", "--name", "busy"])
    defer { trainer.send(SIGKILL) }
    while try place.query("SELECT count(*) FROM runs WHERE name = 'busy' AND steps_done > 0") != ["1"] {
      usleep(10_000)
    }
    let named = try place.keepstep("gc busy --yes")
    #expect(named.status == 1 && named.errors.contains("is held by process"), "\(named.errors)")
    let all = try place.succeed("gc --yes")
    #expect(all.errors.contains("run 4 (busy) is in training and left alone"))
    #expect(try place.query(Self.steps + " HAVING run_id < 4") == ["1,0 35 50 100", "2,0 100", "3,35 40"])
  }
}
