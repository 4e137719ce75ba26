import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Bits that flip in a store's files: `check` names the damage, and nothing is ever trained, predicted or exported from it.
@Suite("Corruption", .enabled(if: Fault.isSupported))
struct CorruptionTests {
  @Test("a bit flipped anywhere in the database")
  func database() throws {
    let store = try FlippedStore(try Self.finished(), commands: Self.commands)
    let length = store.length(of: "")
    try flip(store, "a bit flipped in the database", count: Effort.isTorture ? 1_100 : 8) { random in
      ("", .random(in: 0..<length * 8, using: &random))
    }
  }

  @Test("a bit flipped in the pages of tensors, hidden states and data")
  func blobs() throws {
    try flipInPages(
      of: ["tensors", "hidden_states", "datasets"], "a bit flipped in a page of blobs",
      count: Effort.isTorture ? 500 : 4)
  }

  @Test("a bit flipped in the pages of runs, checkpoints and other rows")
  func rows() throws {
    try flipInPages(
      of: ["runs", "hyperparameters", "segments", "checkpoints", "steps", "evaluations"],
      "a bit flipped in a page of rows", count: Effort.isTorture ? 1_000 : 4)
  }

  private func flipInPages(of tables: [String], _ name: String, count: Int) throws {
    let store = try FlippedStore(try Self.finished(), commands: Self.commands)
    let pages = try store.pages(of: tables)
    try #require(pages.count >= tables.count)
    try flip(store, name, count: count) { random in
      let page = pages.randomElement(using: &random) ?? 1
      return ("", (page - 1) * 4096 * 8 + .random(in: 0..<4096 * 8, using: &random))
    }
  }

  @Test("a bit flipped in the -wal that a killed trainer left")
  func writeAheadLog() throws {
    let store = try FlippedStore(try Self.killed(), commands: Self.sineCommands)
    let length = store.length(of: "-wal")
    try #require(length > 32)
    try flip(store, "a bit flipped in the -wal", count: Effort.isTorture ? 400 : 4) { random in
      ("-wal", .random(in: 0..<length * 8, using: &random))
    }
  }

  private func flip(
    _ store: FlippedStore, _ name: String, count: Int,
    _ choose: (inout SeededRandom) -> (suffix: String, bit: Int)
  ) throws {
    var random = SeededRandom.announced("CorruptionTests")
    let campaign = Campaign(name)
    var counts: [FlippedStore.Outcome: Int] = [:]
    for turn in 0..<count {
      let (suffix, bit) = choose(&random)
      let (outcome, faults) = try store.look(
        at: { files in
          guard var bytes = files[suffix] else { return }
          bytes[bytes.startIndex + bit / 8] ^= 1 << (bit % 8)
          files[suffix] = bytes
        }, turn: turn)
      counts[outcome, default: 0] += 1
      campaign.fault("bit \(bit % 8) of byte \(bit / 8), turn \(turn)", faults: faults)
    }
    func number(_ outcome: FlippedStore.Outcome) -> Int { counts[outcome] ?? 0 }
    campaign.finish(
      atLeast: count,
      note:
        "\(number(.named)) named by check, \(number(.harmless)) in unused bytes, \(number(.label)) in a name, time, plan, pin or remark"
        + (suffixIsWAL(name) ? ", \(number(.lost)) took the last commit along, as a crash does" : ""))
  }

  private func suffixIsWAL(_ name: String) -> Bool { name.hasSuffix("-wal") }

  @Test("a -wal that is cut short or gone")
  func shortWriteAheadLog() throws {
    let store = try FlippedStore(try Self.killed(), commands: Self.sineCommands)
    let campaign = Campaign("a -wal cut short or gone")
    var random = SeededRandom.announced("CorruptionTests")
    let lengths = (0..<(Effort.isTorture ? 60 : 2)).map { _ in
      Int.random(in: 0..<store.length(of: "-wal"), using: &random)
    }
    var said = 0
    for (turn, length) in lengths.enumerated() {
      let (outcome, faults) = try store.look(at: { $0["-wal"] = $0["-wal"]?.prefix(length) }, turn: turn)
      if case .named = outcome { said += 1 }
      campaign.fault("cut to \(length) bytes", faults: faults)
    }
    campaign.fault("gone", faults: try store.look(at: { $0["-wal"] = nil }, turn: 0).faults)
    campaign.finish(
      atLeast: lengths.count + 1,
      note: "what was committed behind the cut is gone; \(said) refused, as nothing of the store was left")
  }

  @Test("a -shm of any content is made anew")
  func sharedMemory() throws {
    let store = try FlippedStore(try Self.killed(), commands: Self.sineCommands)
    let campaign = Campaign("a -shm that is damaged or gone")
    var random = SeededRandom.announced("CorruptionTests")
    for turn in 0..<(Effort.isTorture ? 40 : 2) {
      let bytes = Data(repeating: turn == 0 ? 0 : .random(in: 0...255, using: &random), count: 32_768)
      let length = Int.random(in: 0...bytes.count, using: &random)
      let (outcome, faults) = try store.look(at: { $0["-shm"] = bytes.prefix(length) }, turn: turn)
      campaign.fault(
        "-shm \(turn) of \(length) bytes", faults: outcome == .harmless ? faults : faults + "it is \(outcome)")
    }
    campaign.finish(atLeast: 2)
  }

  /// Damage that no digest of a checkpoint covers, the command that would go on from it, and the words that must tell it.
  static let damages = [
    (
      "UPDATE hyperparameters SET value = 0.0100001 WHERE name = 'learning_rate'", "resume flow",
      "digest of its hyperparameters"
    ),
    ("UPDATE hyperparameters SET value = 3 WHERE name = 'window'", "fork flow", "digest of its hyperparameters"),
    ("UPDATE hyperparameters SET value = 3 WHERE name = 'window'", "predict flow", "digest of its hyperparameters"),
    ("UPDATE hyperparameters SET name = 'dioest' WHERE name = 'digest'", "resume flow", "but \"dioest\""),
    (
      "UPDATE hyperparameters SET name = CAST(x'646967e57374' AS TEXT) WHERE name = 'digest'", "resume flow",
      "is not called \"digest\""
    ),
    ("UPDATE hyperparameters SET name = 'digesu' WHERE name = 'digest'", "fork flow", "`keepstep recover`"),
    ("UPDATE runs SET seed = 6", "resume flow@6", "digest of its hyperparameters"),
    ("UPDATE datasets SET sha256 = replace(sha256, '7', '5')", "resume flow", "digest of its hyperparameters"),
    ("UPDATE checkpoints SET step = 22 WHERE step = 24", "resume flow", "before step 22"),
    ("UPDATE checkpoints SET step = 22 WHERE step = 24", "fork flow@22", "before step 22"),
    ("UPDATE evaluations SET loss = loss / 2 WHERE step = 10", "resume flow", "before step 24"),
    ("UPDATE evaluations SET loss = loss / 2 WHERE step = 20", "export flow -o w.csv", "best can't be told"),
    ("UPDATE checkpoints SET monitor_value = 9 WHERE step = 20", "fork flow@best", "best can't be told"),
    ("UPDATE runs SET steps_done = 23", "resume flow@12", "its steps_done is 23"),
    ("UPDATE steps SET loss = 0.5 WHERE step = 3", "resume flow", "`keepstep fork 1@24`"),
  ]

  @Test("what a run depends on beside its tensors is refused when it is not what was written", arguments: damages)
  func dependencies(sql: String, line: String, words: String) throws {
    let place = try Self.finished()
    try place.sqlite3(sql)
    let check = try place.keepstep("check")
    #expect(check.status == 1 && check.output.contains("run 1"), "\(check.output)")
    let outcome = try place.keepstep(line.hasPrefix("resume") ? "\(line) --steps 36" : line)
    #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(try place.sqlite3("SELECT count(*), max(last_step) FROM runs, segments") == "1|24\n")
  }

  /// Damages of the newest checkpoint alone.
  static let mendable = [
    "UPDATE tensors SET data = zeroblob(length(data)) WHERE checkpoint_id = (SELECT id FROM checkpoints WHERE step = 24)",
    "UPDATE checkpoints SET digest = CASE substr(digest, 1, 1) WHEN 'a' THEN 'e' ELSE 'a' END || substr(digest, 2) WHERE step = 24",
    "UPDATE checkpoints SET digest = substr(digest, 1, 63) || ' ' WHERE step = 24",
  ]

  @Test("a damaged checkpoint is mended by the resume that its refusal offers", arguments: mendable)
  func mended(sql: String) throws {
    let place = try Self.finished()
    try place.sqlite3(sql)
    let refused = try place.keepstep("resume flow --steps 36")
    #expect(refused.status == 1 && refused.output == "")
    #expect(
      refused.errors.contains("hint: `keepstep resume 1@20` goes on from the newest checkpoint that holds"),
      "\(refused.errors)")
    try place.succeed("resume 1@20 --steps 36 --quiet")
    try place.succeed("check")
    let comparison = RunComparison(place: place, reference: "flow", referenceStore: "alone.db")
    expectNone(try comparison.differences(of: "flow", checkpoints: .last), "differences")
  }

  // MARK: - The stores

  private static let commands = [
    "predict flow@12", "export flow@12 -o w.csv --quiet", "verify flow", "export flow -o w.csv --quiet", "predict flow",
    "fork flow@12 --steps 30 --name child --quiet",
  ]
  private static let sineCommands = [
    "predict flow@12 --windows 1", "export flow@12 -o w.csv --quiet", "verify flow",
    "fork flow@12 --steps 30 --name child --quiet",
  ]

  /// The flow example with fewer units, so that a store is small and each of its pages is met.
  private static let train =
    FlowExample.train.replacingOccurrences(of: "--hidden-size 8", with: "--hidden-size 3") + " --quiet"

  /// A run of 24 steps, and beside it the same of 36.
  private static func finished() throws -> Workplace {
    let place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    try place.succeed("\(train)")
    try place.succeed("\(train) --steps 36 --store alone.db")
    return place
  }

  /// A run of 36 steps, slow ones, whose trainer was killed with all commits still in the -wal.
  private static func killed() throws -> Workplace {
    let place = try Workplace()
    let line = "train --quiet --name flow --hidden-size 3 --window 10000 --checkpoint-every 6 --steps 36"
    try place.succeed("\(line) --store alone.db")
    let words = line.split(separator: " ").map(String.init)
    // How many syncs there are depends on how many steps a commit took: the last one that comes before the end is looked for.
    // On a busy machine all steps can be in one commit, time and again.
    for sync in (0..<4).flatMap({ _ in stride(from: 24, to: 8, by: -1) }) {
      let fault = Fault(calls: ["fdatasync"], at: sync)
      let outcome = try place.keepstep(words, environment: try fault.environment(in: place))
      if outcome.status == -SIGKILL, try place.data("keepstep.db").count == 4096,
        try place.sqlite3(
          "SELECT steps_done BETWEEN 12 AND 35 FROM runs", store: try place.copy("keepstep.db", to: "look.db")) == "1\n"
      {
        return place
      }
      for name in try place.files where name.hasPrefix("keepstep.db") {
        try FileManager.default.removeItem(at: place.url(name))
      }
    }
    throw Missing("no kill left a run with its commits in the -wal")
  }
}

extension Workplace {
  /// Copies a store with its -wal, as looking into it would fold that in.
  fileprivate func copy(_ store: String, to copy: String) throws -> String {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(at: url(copy + suffix))
      guard suffix != "-shm", FileManager.default.fileExists(atPath: url(store + suffix).path) else { continue }
      try FileManager.default.copyItem(at: url(store + suffix), to: url(copy + suffix))
    }
    return copy
  }
}
