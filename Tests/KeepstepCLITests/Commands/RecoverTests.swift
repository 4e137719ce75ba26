import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("keepstep recover", .serialized)
struct RecoverTests {
  @Test("of a sound store it takes all, says so, and ends with 0")
  func sound() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("recover -o new.db")
    #expect(outcome.lines.first == "table datasets: 1 row taken")
    #expect(
      outcome.lines.suffix(3) == [
        "run 1 (flow): taken up to step 24, 6 checkpoints", "  steps 21 to 24 trained again: equal to the bit",
        "new.db: 1 of 1 run taken; checked",
      ])
    #expect(try place.files == ["flow.csv", "keepstep.db", "keepstep.db-lock", "new.db"])
    #expect(
      try place.sqlite3(".dump", store: "new.db") == place.sqlite3(".dump"), "\(outcome.output)")
  }

  @Test("what was left is listed, with status 1, and the run goes on to the bits of one left alone")
  func damaged() throws {
    let place = try FlowExample.place()
    try place.succeed("backup alone.db")
    try place.sqlite3("UPDATE steps SET loss = loss + 1e-9 WHERE step = 15")
    let outcome = try place.keepstep("recover -o new.db")
    #expect(outcome.status == 1 && outcome.errors.hasPrefix("error: keepstep.db: not all could be taken"))
    #expect(outcome.output.contains("run 1 (flow): taken up to step 12 of 24, 3 checkpoints"), "\(outcome.output)")
    #expect(outcome.output.contains("rows between step 12 and 18 are not those that checkpoint 18 covers"))
    try place.succeed("check --store new.db")
    try place.succeed("resume flow --quiet --store new.db")
    let comparison = RunComparison(place: place, reference: "flow", referenceStore: "alone.db")
    expectNone(try comparison.differences(of: "flow", store: "new.db"), "after the resume")
  }

  @Test("a monitored value that is damaged is taken from its evaluation again")
  func monitoredValue() throws {
    let place = try FlowExample.place()
    let before = try place.sqlite3(".dump")
    try place.sqlite3("UPDATE checkpoints SET monitor_value = monitor_value * 1.5 WHERE step = 20")
    let outcome = try place.keepstep("recover -o new.db")
    #expect(outcome.status == 1 && outcome.output.contains("the monitored value of checkpoint 20"), "\(outcome)")
    try place.succeed("check --store new.db")
    #expect(try place.sqlite3(".dump", store: "new.db") == before)
  }

  /// What no digest covers, and the words that say what became of the run.
  static let unproven = [
    (
      "UPDATE hyperparameters SET value = 0.011 WHERE name = 'learning_rate'", "left",
      "learning rate is recorded as 0.01"
    ),
    ("UPDATE hyperparameters SET value = 'sgd' WHERE name = 'optimizer'", "left", ""),
    ("DELETE FROM hyperparameters WHERE name = 'hidden_size'", "left", "hidden_size"),
    ("UPDATE runs SET seed = 8", "left", "tensor"),
    ("UPDATE datasets SET data = zeroblob(length(data))", "taken up to step 24", "its data is damaged and left out"),
    ("UPDATE datasets SET sha256 = replace(sha256, substr(sha256, 1, 2), 'zz')", "taken up to step 24", "its data is"),
  ]

  @Test("hyperparameters, seed and data are proved by training again", arguments: unproven)
  func proof(sql: String, fate: String, words: String) throws {
    let place = try FlowExample.place()
    try place.sqlite3(sql)
    let outcome = try place.keepstep("recover -o new.db")
    #expect(outcome.status == 1)
    let text = outcome.output + outcome.errors
    #expect(words.isEmpty || text.contains(words), "\(text)")
    guard fate == "left" else { return #expect(outcome.output.contains("run 1 (flow): \(fate)"), "\(text)") }
    // The only run of the store.
    #expect(outcome.errors.contains("nothing of keepstep.db can be taken"), "\(text)")
    #expect(try !place.files.contains { $0.hasPrefix("new.db") })
  }

  @Test(
    "what it refuses changes nothing",
    arguments: [
      Refusal("recover -o keepstep.db --force", "itself"), Refusal("recover -o flow.csv", "flow.csv is there already"),
      Refusal("recover -o new.db --store none.db", "there is no store at none.db"),
      Refusal("recover -o new.db --store flow.csv", "nothing of flow.csv can be taken", ".recover"),
      Refusal("recover", "--output", status: 64),
    ])
  func refuses(refusal: Refusal) throws {
    try FlowExample.place().expect(refusal)
  }

  @Test("whatever is damaged: it ends, what it takes is sound, and goes on to the bits of runs left alone")
  func randomDamage() throws {
    let campaign = Campaign("Recover from random damage; check, resume")
    let store = try DamagedStore()
    var random = SeededRandom.announced("RecoverTests")
    let wanted = Effort.isTorture ? 300 : 12
    for number in 1...wanted {
      let what = try store.damage(&random)
      campaign.fault("damage \(number), \(what)", faults: try store.faultsOfRecovery())
    }
    #expect(store.taken > wanted, "hardly anything was taken: \(store.taken) runs of \(4 * wanted)")
    campaign.finish(
      atLeast: wanted,
      note: "\(store.taken) runs taken, \(store.cut) of them cut; \(store.empty) times nothing was left")
  }
}

/// A store of four runs, one of which was killed and has its last commits in the `-wal`; the same runs left alone; and
/// copies of the former with damage.
private final class DamagedStore {
  let place: Workplace
  /// Of all recoveries: runs taken, of those the ones that lost rows, and stores of which nothing was left.
  private(set) var taken = 0
  private(set) var cut = 0
  private(set) var empty = 0
  private let main: Data
  private let wal: Data

  private static let runs = [
    "--name one --steps 120 --checkpoint-every 30 --hidden-size 16",
    "--name two --steps 80 --checkpoint-every 20 --cell lstm --hidden-size 6 --num-layers 2 --dropout 0.2",
    "--name three --steps 60 --checkpoint-every 10 --data flow.csv --inputs flow,rain --targets flow --shift 1 --window 4"
      + " --batch-size 2 --hidden-size 8 --schedule plateau",
  ]
  private static let killed = "--name four --steps 40 --checkpoint-every 10 --hidden-size 3 --window 6000"
  private static let planned = [1: 120, 2: 80, 3: 60, 4: 40]

  init() throws {
    place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    for run in Self.runs { try place.succeed("train --quiet \(run)") }
    try place.succeed("backup alone.db")
    try place.succeed("train --quiet \(Self.killed) --store alone.db")
    (main, wal) = try Self.trainAndKill(place)
  }

  /// Kills the fourth run at a sync in its middle.
  ///
  /// - Returns: the store and its `-wal`, as nobody has opened them since.
  private static func trainAndKill(_ place: Workplace) throws -> (main: Data, wal: Data) {
    let before = try place.data("keepstep.db")
    for sync in 4...40 {
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(at: place.url("keepstep.db" + suffix)) }
      try before.write(to: place.url("keepstep.db"))
      let fault = Fault(calls: ["fdatasync"], at: sync)
      let line = "train --quiet \(killed)".split(separator: " ").map(String.init)
      let outcome = try place.keepstep(line, environment: try fault.environment(in: place))
      try #require(outcome.status == -SIGKILL, "it was over before sync \(sync): \(outcome.errors)")
      guard let wal = try? place.data("keepstep.db-wal"), !wal.isEmpty else { continue }
      let main = try place.data("keepstep.db")
      let steps = try place.query("SELECT max(steps_done) FROM runs WHERE name = 'four'").first ?? ""
      if let steps = Int(steps), steps > 10 { return (main, wal) }
    }
    throw Missing("no sync lies in the middle of the run")
  }

  /// Makes `damaged.db` with its `-wal`, and damages one of the two.
  ///
  /// - Returns: what was done.
  func damage(_ random: inout SeededRandom) throws -> String {
    for name in try place.files where name.hasPrefix("damaged.db") || name.hasPrefix("new.db") {
      try FileManager.default.removeItem(at: place.url(name))
    }
    let isWAL = Int.random(in: 0..<5, using: &random) == 0 && !wal.isEmpty
    var data = isWAL ? wal : main
    let what = Self.damage(&data, &random)
    try (isWAL ? main : data).write(to: place.url("damaged.db"))
    // Now and then the -wal is missing.
    let hasWAL = isWAL || Int.random(in: 0..<4, using: &random) > 0
    if hasWAL { try (isWAL ? data : wal).write(to: place.url("damaged.db-wal")) }
    return (isWAL ? "the -wal: " : "") + what + (hasWAL ? "" : ", without the -wal")
  }

  private static func damage(_ data: inout Data, _ random: inout SeededRandom) -> String {
    let page = Int.random(in: 0..<max(1, data.count / 4096), using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      data.replaceSubrange(page * 4096..<min(data.count, (page + 1) * 4096), with: Data(count: min(4096, data.count)))
      return "page \(page + 1) zeroed"
    case 1:
      let length = Int.random(in: 1..<data.count, using: &random)
      data.removeSubrange(length...)
      return "truncated to \(length) bytes"
    case 2:
      // The header, the schema, and where the tables begin.
      let offset = min(Int.random(in: 0..<26 * 4096, using: &random), data.count - 1)
      data[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      return "a bit of byte \(offset) flipped"
    default:
      let offsets = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Int.random(in: 0..<data.count, using: &random)
      }
      for offset in offsets { data[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
      return "bits of bytes \(offsets) flipped"
    }
  }

  /// Recovers, checks, and resumes all that was taken.
  ///
  /// - Returns: what is wrong; empty when nothing is.
  func faultsOfRecovery() throws -> String {
    let before = try place.files.filter { $0.hasPrefix("damaged.db") }.map { try place.data($0) }
    let began = Date()
    let outcome = try place.keepstep("recover --store damaged.db -o new.db")
    guard Date().timeIntervalSince(began) < 60 else { return "it took \(Date().timeIntervalSince(began)) s" }
    guard try place.files.filter({ $0.hasPrefix("damaged.db") }).map({ try place.data($0) }) == before else {
      return "it changed the damaged store"
    }
    guard outcome.status == 0 || (outcome.status == 1 && outcome.errors.hasPrefix("error: ")) else {
      return "status \(outcome.status): \(outcome.errors)"
    }
    let made = try place.files.filter { $0.hasPrefix("new.db") }
    if outcome.errors.contains("nothing of damaged.db can be taken") {
      empty += 1
      return made.isEmpty ? "" : "left \(made)"
    }
    guard made == ["new.db"] else { return "left \(made): \(outcome.errors)" }
    let check = try place.keepstep("check --store new.db")
    guard check.status == 0 else { return check.output + check.errors }
    return try faultsOfRuns(isComplete: outcome.status == 0)
  }

  private func faultsOfRuns(isComplete: Bool) throws -> String {
    let runs = try place.query("SELECT id, steps_done FROM runs", store: "new.db").map { $0.split(separator: ",") }
    if isComplete, runs.count < 4, try !place.files.contains("damaged.db-wal") { return "" }
    var faults = ""
    for run in runs {
      guard let id = Int(run[0]), let steps = Self.planned[id] else { continue }
      taken += 1
      if run[1] != "\(steps)" { cut += 1 }
      let resume = try place.keepstep("resume \(id) --quiet --steps \(steps) --store new.db")
      faults += resume.status == 0 ? try differences(id) : "run \(id): \(resume.errors)"
    }
    return faults
  }

  /// A run that lost its first checkpoint has the rows from the next one on.
  private func differences(_ run: Int) throws -> String {
    let rows = [
      "SELECT step, loss, learning_rate, gradient_norm, accuracy, '' FROM {store}.steps WHERE run_id = \(run)",
      "SELECT step, split, loss, accuracy, '', '' FROM {store}.evaluations WHERE run_id = \(run)",
      "SELECT step, name, shape, hex(data), '', '' FROM {store}.hidden_states WHERE run_id = \(run)",
      """
      SELECT step, kind, name, part, shape, hex(data) FROM {store}.checkpoints JOIN {store}.tensors ON checkpoint_id = id
        WHERE run_id = \(run) AND step = \(Self.planned[run] ?? 0)
      """,
    ]
    let first = "(SELECT min(step) FROM new.checkpoints WHERE run_id = \(run))"
    let statements = rows.flatMap { sql in
      let (new, old) = (
        sql.replacingOccurrences(of: "{store}", with: "new"), sql.replacingOccurrences(of: "{store}", with: "old")
      )
      return [
        "SELECT 'only new', * FROM (\(new) EXCEPT \(old)) LIMIT 2",
        "SELECT 'only old', * FROM (\(old) EXCEPT \(new)) WHERE step > \(first) LIMIT 2",
      ]
    }
    let script = (["ATTACH 'new.db' AS new", "ATTACH 'alone.db' AS old"] + statements).joined(separator: ";\n")
    let outcome = try place.run("sqlite3", package: "sqlite3", ["-bail", ":memory:", script])
    return outcome.status == 0 ? outcome.lines.map { "run \(run): \($0.prefix(150))\n" }.joined() : outcome.errors
  }
}
