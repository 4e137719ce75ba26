import Foundation
import Testing

@Suite("keepstep resume")
struct ResumeTests {
  @Test("goes on to another planned end, with the bits of a run that was planned so")
  func longer() throws {
    let place = try FlowExample.place()
    #expect(
      try place.succeed("resume flow --steps 30").output
        == "run 1 (flow), finished at step 30, loss 0.24153, best 0.1732 at step 30\n")
    let whole = FlowExample.train.replacingOccurrences(of: "--steps 24", with: "--steps 30")
    try place.succeed(whole.replacingOccurrences(of: "--name flow", with: "--name whole"))
    let comparison = RunComparison(place: place, reference: "whole")
    expectNone(try comparison.differences(of: "flow", checkpoints: .last), "resumed to 30")
    #expect(
      try place.query("SELECT first_step, last_step, end_reason FROM segments WHERE run_id = 1 ORDER BY id")
        == ["1,24,finished", "25,30,finished"])
  }

  @Test("from each of its checkpoints the run trains again what is recorded, and finds it equal to the bit")
  func fromEachCheckpoint() throws {
    let place = try FlowExample.place()
    for checkpoint in ["0", "6", "12", "18", "best", "last", "24"] {
      let outcome = try place.succeed("resume flow@\(checkpoint)")
      let first = try #require(Int(checkpoint) ?? (checkpoint == "best" ? 20 : 24))
      #expect(outcome.output == "run 1 (flow), finished at step 24, loss 0.23383, best 0.25157 at step 20\n")
      #expect(
        outcome.errors == (first == 24 ? "" : "\(24 - first) recorded steps trained again: equal to the bit\n"))
    }
    try place.succeed("check")
    #expect(try place.query("SELECT count(*), max(step) FROM steps") == ["24,24"])
  }

  @Test("the first difference stops it, with the step, both values and the way out, and changes no row")
  func difference() throws {
    let place = try FlowExample.place()
    try place.sqlite3("UPDATE steps SET loss = loss * (1 + 1e-15) WHERE step = 9")
    let before = try place.query("SELECT * FROM steps")
    let outcome = try place.keepstep("resume flow@6 --steps 40")
    #expect(outcome.status == 1 && outcome.output == "")
    #expect(outcome.errors.contains("error: run flow, step 9: loss is recorded as 0.38253140"))
    #expect(outcome.errors.contains(", and training it again gives 0.38253140"))
    #expect(outcome.errors.contains("hint: the record stays as it is; `keepstep fork 1@STEP` goes on"))
    #expect(try place.query("SELECT * FROM steps") == before)
    #expect(try place.query("SELECT steps_done FROM runs") == ["24"])
  }

  @Test("the data's values are in the store, so that the file may be gone; another file is refused by its digest")
  func data() throws {
    let place = try FlowExample.place()
    try FileManager.default.moveItem(at: place.url("flow.csv"), to: place.url("moved.csv"))
    try place.succeed("resume flow --steps 26")
    try place.succeed("resume flow --steps 28 --data moved.csv")
    try place.write(FlowExample.csv.replacingOccurrences(of: "0.995", with: "0.996"), to: "other.csv")
    let outcome = try place.keepstep("resume flow --steps 30 --data other.csv")
    #expect(outcome.status == 1)
    let digests = try #require(
      outcome.errors.firstMatch(
        of: /the data of other.csv has the digest ([0-9a-f]{64}), and the run was trained on ([0-9a-f]{64})\n/))
    #expect(digests.1 != digests.2)
    #expect(try place.query("SELECT sha256 FROM datasets") == [String(digests.2)])
    #expect(try place.query("SELECT steps_done FROM runs") == ["28"])
  }
}
