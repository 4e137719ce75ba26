import Foundation
import Testing

@Suite("keepstep merge")
struct MergeTests {
  /// A store with the run `flow`, and one beside it with another run of that name, its fork, and a sine run.
  private static func place() throws -> Workplace {
    let place = try FlowExample.place()
    try place.succeed(
      "\(FlowExample.train) --store other.db --quiet".replacingOccurrences(of: "--seed 7", with: "--seed 8"))
    try place.succeed("fork flow@12 --store other.db --name branch --learning-rate 0.1 --quiet")
    try place.succeed("train --steps 40 --name sine --store other.db --quiet")
    return place
  }

  private static func dump(_ place: Workplace, _ store: String = "keepstep.db") throws -> String {
    try place.sqlite3(".dump", store: store)
  }

  @Test("brings runs in, says what it did, and the second time that there is nothing to do")
  func transcript() throws {
    let place = try Self.place()
    let outcome = try place.succeed("merge other.db")
    #expect(outcome.errors == "")
    #expect(
      outcome.lines == [
        "run 1 (flow): added, 24 steps and 6 checkpoints; run 2 (flow-2) here",
        "run 2 (branch): added, 12 steps and 4 checkpoints; run 3 here",
        "run 3 (sine): added, 40 steps and 2 checkpoints; run 4 here",
        "other.db: 3 added, 0 continued, 0 here already, 0 left out",
      ])
    let dump = try Self.dump(place)
    let again = try place.succeed("merge other.db")
    #expect(
      again.lines == [
        "run 1 (flow): equal; run 2 (flow-2) here", "run 2 (branch): equal; run 3 here",
        "run 3 (sine): equal; run 4 here",
        "keepstep.db has all of other.db already: nothing changed",
      ])
    #expect(try Self.dump(place) == dump)
    // One set of data, and the fork hangs on its parent's new number.
    #expect(try place.query("SELECT count(*) FROM datasets") == ["1"])
    #expect(
      try place.query(
        "SELECT runs.id, run_id, step FROM runs JOIN checkpoints ON checkpoints.id = parent_checkpoint_id")
        == ["3,2,12"])
    try place.succeed("check")
    #expect(try place.files == ["flow.csv", "keepstep.db", "keepstep.db-lock", "other.db", "other.db-lock"])
  }

  @Test("what came in resumes, verifies and predicts as where it was trained")
  func goesOn() throws {
    let place = try Self.place()
    try place.succeed("merge other.db --store new.db")
    for run in ["flow", "branch", "sine"] {
      #expect(try place.succeed("verify \(run) --quiet --store new.db").output.hasPrefix("exact: "))
      #expect(
        try place.succeed("predict \(run) --store new.db").output
          == place.succeed("predict \(run) --store other.db").output)
      for store in ["new.db", "other.db"] { try place.succeed("resume \(run) --steps 50 --quiet --store \(store)") }
      let comparison = RunComparison(place: place, reference: run, referenceStore: "other.db")
      #expect(try comparison.differences(of: run, store: "new.db") == "")
    }
  }

  @Test("a run that was resumed in a copy comes back, and one that was resumed in both is one")
  func travels() throws {
    let place = try Workplace()
    try place.succeed("train --steps 30 --name river --quiet")
    try FileManager.default.copyItem(at: place.url("keepstep.db"), to: place.url("laptop.db"))
    try place.succeed("resume river --steps 70 --quiet --store laptop.db")
    #expect(
      try place.succeed("merge laptop.db").lines == [
        "run 1 (river): steps 31 to 70 added; run 1 here",
        "laptop.db: 0 added, 1 continued, 0 here already, 0 left out",
      ])
    #expect(
      try RunComparison(place: place, reference: "river", referenceStore: "laptop.db").differences(
        of: "river", checkpoints: .last) == "")
    try place.succeed("resume river --steps 80 --quiet")
    #expect(
      try place.succeed("merge laptop.db").lines[0]
        == "run 1 (river): at step 70 there and 80 here, with equal bits: nothing to add; run 1 here")
    try place.succeed("resume river --steps 120 --quiet --store laptop.db")
    #expect(
      try place.succeed("merge laptop.db").lines[0]
        == "run 1 (river): steps 81 to 120 added, as it went on in both stores with equal bits; run 1 here")
    try place.succeed("verify river --quiet")
    try place.succeed("check")
  }

  @Test("a run that parts is named with the step and both values, the rest comes in, and the hint is a way out")
  func parts() throws {
    let place = try Workplace()
    try place.succeed("train --steps 20 --name river --quiet")
    try FileManager.default.copyItem(at: place.url("keepstep.db"), to: place.url("other.db"))
    // As a processor with a broken multiplier might have trained it: one row, and no checkpoint over it.
    try place.sqlite3(
      "INSERT INTO steps SELECT run_id, 21, 0.25, learning_rate, gradient_norm, train_seconds, NULL FROM steps"
        + " WHERE step = 20; UPDATE runs SET steps_done = 21, steps_planned = 30, status = 'interrupted'",
      store: "other.db")
    try place.succeed("resume river --steps 25 --quiet")
    try place.succeed("train --steps 5 --name second --quiet --store other.db")
    let loss = try place.query("SELECT loss FROM steps WHERE step = 21")[0]
    let outcome = try place.keepstep("merge other.db")
    #expect(outcome.status == 1)
    #expect(
      outcome.lines == [
        "run 1 (river): left out: it went on in both stores, to step 25 here and 21 there, and parts at step 21: its loss"
          + " is \(loss) here and 0.25 there; run 1 here",
        "run 2 (second): added, 5 steps and 2 checkpoints; run 2 here",
        "other.db: 1 added, 0 continued, 0 here already, 1 left out",
      ])
    #expect(
      outcome.errors
        == "error: 1 of 2 runs of other.db was left out: run 1\nhint: both stay as they are; `keepstep fork 1@20 --store"
        + " other.db` makes a run of its own of what went on there, and merge takes that\n")
    // The hint's way: the fork comes in, whatever becomes of the run.
    try place.succeed("fork 1@20 --store other.db --name apart --quiet")
    #expect(try place.keepstep("merge other.db").lines[2].hasPrefix("run 3 (apart): added, 10 steps"))
    try place.succeed("check")
  }

  /// Damage in the other store, and words of the line that tells it.
  static let damages = [
    ("UPDATE datasets SET data = zeroblob(length(data))", [1, 2], "its dataset 1 is damaged: its digest is "),
    ("UPDATE datasets SET columns = '[\"flow\",\"snow\"]'", [1, 2], "its dataset 1 is damaged: its digest is "),
    ("UPDATE datasets SET columns = '[\"flow\"]', rows = 52", [1, 2], "its dataset 1 "),
    ("UPDATE steps SET accuracy = 0.5 WHERE run_id = 1 AND step = 9", [1], "its history digest is "),
    (
      "UPDATE tensors SET data = zeroblob(length(data)) WHERE kind = 'optimizer' AND checkpoint_id ="
        + " (SELECT id FROM checkpoints WHERE run_id = 3 AND step = 40)", [3], "is damaged: its digest is "
    ),
    ("UPDATE runs SET name = 'a' || char(10) || 'error: b' WHERE id = 2", [2], "its name \"a\\nerror: b\" could not"),
    ("UPDATE evaluations SET split = char(27) || '[2J' WHERE run_id = 3", [3], "history digest"),
  ]

  @Test("runs whose digests do not hold are left out by name, and the others come in", arguments: damages)
  func damaged(sql: String, left: [Int], words: String) throws {
    let place = try Self.place()
    try place.sqlite3(sql, store: "other.db")
    let before = try place.data("other.db")
    let outcome = try place.keepstep("merge other.db --store new.db")
    #expect(outcome.status == 1 && outcome.lines.count == 4)
    for id in 1...3 {
      let line = outcome.lines[id - 1]
      #expect(line.contains(left.contains(id) ? ": left out: " : ": added, "), "\(line)")
      #expect(!left.contains(id) || line.contains(words), "\(line)")
    }
    let names = left.map { "run \($0)" }.joined(separator: ", ")
    #expect(outcome.errors.contains("of 3 runs of other.db w") && outcome.errors.contains("left out: \(names)\nhint: "))
    #expect(!(outcome.output + outcome.errors).unicodeScalars.contains("\u{1B}"))
    #expect(try place.query("SELECT count(*) FROM runs", store: "new.db") == ["\(3 - left.count)"])
    try place.succeed("check --store new.db")
    #expect(try place.data("other.db") == before)
  }

  @Test("what cannot be merged is refused, and nothing is made or changed")
  func refused() throws {
    let place = try FlowExample.place()
    try place.write("no database\n", to: "text.db")
    try place.sqlite3("CREATE TABLE t (a)", store: "foreign.db")
    try place.succeed("train --steps 1 --quiet --store newer.db")
    try place.sqlite3("PRAGMA user_version = 7", store: "newer.db")
    let refusals = [
      Refusal("merge", "Missing expected argument", status: 64),
      Refusal("merge absent.db", "there is no store at absent.db"),
      Refusal("merge absent.db --store new.db", "there is no store at absent.db"),
      Refusal("merge text.db --store new.db", "text.db is not a SQLite database"),
      Refusal("merge foreign.db", "foreign.db is another program's database"),
      Refusal("merge newer.db", "newer.db is a store of version 7; this program knows versions up to 2"),
      Refusal("merge keepstep.db --store newer.db", "newer.db is a store of version 7"),
      Refusal("merge keepstep.db", "keepstep.db and keepstep.db are the same store"),
      Refusal("merge keepstep.db --store no/new.db", "there is no folder"),
    ]
    for refusal in refusals { try place.expect(refusal) }
    #expect(try !place.files.contains { $0.hasPrefix("new.db") })
    try FileManager.default.createSymbolicLink(at: place.url("link.db"), withDestinationURL: place.url("keepstep.db"))
    let linked = try place.keepstep("merge link.db")
    #expect(linked.status == 1 && linked.errors.hasPrefix("error: link.db and keepstep.db are the same store"))
  }

  @Test("a run in training there comes as it stands, and its training goes on undisturbed")
  func inTraining() throws {
    let place = try Workplace()
    try place.succeed("train --steps 3 --name mine --quiet")
    let options = "--quiet --steps 3000000 --hidden-size 4 --name live"
    let there = try place.start("train \(options) --store other.db".split(separator: " ").map(String.init))
    try waitUntil("it trains") {
      let steps = try place.keepstep("steps live --to 1 --format csv --store other.db")
      return steps.status == 0 && steps.lines.count > 1
    }
    let first = try place.succeed("merge other.db").lines
    #expect(first[0].hasSuffix("; run 2 here; it is in training there, and was taken as it stood"), "\(first)")
    #expect(try place.query("SELECT status FROM runs WHERE id = 2") == ["interrupted"])
    try place.succeed("check")
    there.send(SIGTERM)
    #expect(there.wait().status == 143)
    #expect(try place.succeed("merge other.db").lines[1].contains(" 1 continued, "))
    let comparison = RunComparison(place: place, reference: "live", referenceStore: "other.db")
    #expect(try comparison.differences(of: "live", checkpoints: .last) == "")
  }
}
