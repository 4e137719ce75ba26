import Foundation
import Testing

@Suite("keepstep check")
struct CheckTests {
  @Test("a sound store")
  func sound() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("check")
    #expect(outcome.lines[0].hasPrefix("keepstep.db: 1 run, 24 steps, 6 checkpoints; store version 2, wal, SQLite 3."))
    #expect(outcome.lines.last == "ok" && outcome.errors == "")
  }

  /// Damage, and the words that must name it.
  static let damages = [
    (
      "UPDATE tensors SET data = zeroblob(length(data)) WHERE kind = 'weight' AND name = 'W_hh' AND checkpoint_id = 1",
      ["run 1, step 0", "digest"]
    ),
    ("UPDATE steps SET loss = loss + 1e-9 WHERE step = 9", ["run 1", "history"]),
    ("UPDATE hidden_states SET data = zeroblob(64) WHERE step = 10", ["run 1", "history"]),
    ("UPDATE evaluations SET loss = 1 WHERE step = 20", ["run 1", "history"]),
    ("DELETE FROM steps WHERE step = 7", ["run 1: has 23 step rows from 1 to 24, but must have 24"]),
    ("UPDATE runs SET steps_done = 23", ["run 1", "23"]),
    ("DELETE FROM tensors WHERE checkpoint_id = 2", ["run 1, step 6"]),
    ("UPDATE segments SET ended_at = NULL", ["run 1", "1 open segment"]),
  ]

  @Test("names what is damaged, and ends with 1", arguments: damages)
  func damaged(sql: String, words: [String]) throws {
    let place = try FlowExample.place()
    try place.sqlite3(sql)
    let outcome = try place.keepstep("check")
    #expect(outcome.status == 1)
    #expect(outcome.lines.last != "ok")
    for word in words { #expect(outcome.output.contains(word), "\(word) in: \(outcome.output)") }
    #expect(
      outcome.errors.hasPrefix("error: keepstep.db: ") && outcome.errors.contains("listed on standard output\nhint: "))
  }

  @Test("a damaged checkpoint is refused by every command that would use it")
  func refused() throws {
    let place = try FlowExample.place()
    try place.sqlite3("UPDATE tensors SET data = zeroblob(length(data)) WHERE checkpoint_id = 1 AND name = 'W_hh'")
    for line in [
      "resume flow@0", "fork flow@0", "verify flow", "predict flow@0", "export flow@0 -o w.npz",
      "plot flow@0 --kind predictions -o p.svg",
    ] {
      let outcome = try place.keepstep(line)
      #expect(outcome.status == 1 && outcome.output == "", "\(line)")
      #expect(outcome.errors.contains("checkpoint 1 (run 1, step 0) is damaged: its digest is "), "\(line)")
    }
    // The others hold.
    try place.succeed("resume flow@6")
    #expect(try place.files == ["flow.csv", "keepstep.db", "keepstep.db-lock"])
  }
}
