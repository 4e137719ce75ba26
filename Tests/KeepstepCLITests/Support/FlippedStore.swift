import Foundation
import Testing

/// A store of which bits are flipped, one at a time, and what must hold of each command then: it does what it would do
/// without the flip, to the bit, or refuses with one clear message and status 1.
final class FlippedStore {
  let place: Workplace
  /// The files as they were, by suffix.
  private let pristine: [String: Data]
  private let content: String
  private let contentWithoutLabels: String
  private let commands: [String]
  private let answers: [String: String]

  static let store = "keepstep.db"
  private static let copy = "copy.db"
  private static let reference = "alone.db"
  private static let end = "36"
  private static let suffixes = ["", "-wal", "-shm", "-lock"]

  /// - Parameter place: Holds the store with the run `flow`, which is not at its end, and in `alone.db` the same run at
  ///   step 36, never interrupted.
  /// - Parameter commands: Whose answers must stay the same. Without its last commits a run may have another best
  ///   checkpoint, so of a store with a -wal only the answers for a named one, with an @, must.
  init(_ place: Workplace, commands: [String]) throws {
    self.place = place
    self.commands = commands
    var files: [String: Data] = [:]
    for suffix in Self.suffixes where suffix != "-shm" {
      let file = place.url(Self.store + suffix)
      if FileManager.default.fileExists(atPath: file.path) { files[suffix] = try Data(contentsOf: file) }
    }
    pristine = files
    try Self.put(files, as: Self.copy, in: place)
    content = try place.sqlite3(".dump", store: Self.copy)
    contentWithoutLabels = try place.sqlite3(Self.allButLabels, store: Self.copy)
    var answers: [String: String] = [:]
    for line in commands {
      try Self.put(files, as: Self.store, in: place)
      answers[line] = try Self.answer(line, place).get()
    }
    self.answers = answers
  }

  private var hasWAL: Bool { pristine["-wal"] != nil }

  /// The length of a file of the store, in bytes.
  func length(of suffix: String) -> Int { pristine[suffix]?.count ?? 0 }

  /// The pages that the store's program calls by a table's name, by number from 1.
  func pages(of tables: [String]) throws -> [Int] {
    try Self.put(pristine, as: Self.copy, in: place)
    let names = tables.map { "'\($0)'" }.joined(separator: ", ")
    let pages = try place.sqlite3("SELECT pageno FROM dbstat WHERE name IN (\(names))", store: Self.copy)
    return pages.split(separator: "\n").compactMap { Int($0) }
  }

  // MARK: - A damage

  /// Changes of the files, by suffix.
  typealias Damage = (inout [String: Data]) -> Void

  /// What came of a damage.
  enum Outcome {
    /// `check` named it.
    case named
    /// SQLite reads all that it read before: unused bytes, free pages.
    case harmless
    /// It lies in a name, a time, the planned end, a pin, a segment's steps or a remark: no digest covers them, and no step
    /// depends on them.
    case label
    /// Commits at the end of the `-wal` are gone, and nothing shows that they were ever there.
    case lost
  }

  /// Does a damage, runs the commands, and looks whether something that must not be was done.
  ///
  /// - Parameter turn: Chooses among the commands, of which each damage meets some.
  func look(at damage: Damage, turn: Int) throws -> (outcome: Outcome, faults: String) {
    var files = pristine
    damage(&files)
    try Self.put(files, as: Self.store, in: place)
    let check = try place.keepstep("check")
    var faults = Self.fault(of: check, "check")
    let outcome = try outcome(check, files, &faults)
    try Self.put(files, as: Self.store, in: place)
    faults += try faultsOfAnswer(commands[turn % commands.count])
    try Self.put(files, as: Self.store, in: place)
    faults += try faultsOfResume(
      ["flow", "flow@best", "flow@12", "flow@last"][turn % 4], mustSucceed: outcome == .harmless)
    return (outcome, faults)
  }

  private func outcome(
    _ check: KeepstepCLITests.Outcome, _ files: [String: Data], _ faults: inout String
  ) throws -> Outcome {
    guard check.status == 0 else { return .named }
    try Self.put(files, as: Self.copy, in: place)
    if try place.sqlite3(".dump", store: Self.copy) == content { return .harmless }
    if try place.sqlite3(Self.allButLabels, store: Self.copy) == contentWithoutLabels { return .label }
    if files["-wal"] != pristine["-wal"] { return .lost }
    faults += "check passes, and the content is another\n"
    return .label
  }

  /// Everything but what people call things and keep, when and by which process they were done, and where they shall end.
  private static let allButLabels = """
    SELECT id, status, parent_checkpoint_id, dataset_id, seed, steps_done, failure FROM runs;
    SELECT run_id, name, value FROM hyperparameters;
    SELECT id, run_id, end_reason, numerics_version FROM segments;
    SELECT run_id, step, loss, learning_rate, gradient_norm, accuracy FROM steps;
    SELECT * FROM evaluations;
    SELECT id, run_id, step, reason, monitor_value, digest, history_digest FROM checkpoints;
    SELECT checkpoint_id, kind, name, part, shape, hex(data) FROM tensors;
    SELECT run_id, step, name, shape, hex(data) FROM hidden_states;
    SELECT id, sha256, columns, rows, hex(data) FROM datasets;
    """

  // MARK: - Commands

  private func faultsOfAnswer(_ line: String) throws -> String {
    switch try Self.answer(line, place) {
    case .success(let answer):
      answer == answers[line] || (hasWAL && !line.contains("@"))
        ? "" : "\(line) answers something else: \(answer.prefix(300))\n"
    case .failure(let refusal): Self.fault(of: refusal.outcome, line)
    }
  }

  private struct Refusal: Error {
    let outcome: KeepstepCLITests.Outcome
  }

  private static func answer(_ line: String, _ place: Workplace) throws -> Result<String, Refusal> {
    try? FileManager.default.removeItem(at: place.url("w.csv"))
    let outcome = try place.keepstep(line)
    guard outcome.status == 0 else { return .failure(Refusal(outcome: outcome)) }
    if line.hasPrefix("export") { return .success(String(decoding: try place.data("w.csv"), as: UTF8.self)) }
    guard line.hasPrefix("fork") else { return .success(outcome.output) }
    return .success(
      try place.sqlite3(
        "SELECT digest, history_digest FROM checkpoints JOIN runs ON run_id = runs.id WHERE name = 'child' ORDER BY step"
      ))
  }

  /// A command must not crash, and must say why it refuses.
  private static func fault(of outcome: KeepstepCLITests.Outcome, _ line: String) -> String {
    switch outcome.status {
    case 0: ""
    case 1:
      outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1
        ? "" : "\(line) says: \(outcome.errors)\n"
    default: "\(line) ends with \(outcome.status): \(outcome.errors)\n"
    }
  }

  private func faultsOfResume(_ run: String, mustSucceed: Bool) throws -> String {
    let line = "resume \(run) --steps \(Self.end) --quiet"
    let outcome = try place.keepstep(line)
    if outcome.status == 0 { return try differences("after \(line)") }
    var faults = Self.fault(of: outcome, line)
    if mustSucceed { faults += "\(line) fails: \(outcome.errors)" }
    // A way out that is offered must lead out.
    if let offer = outcome.errors.firstMatch(of: /`keepstep ((?:resume|fork) 1@\d+)`/) {
      faults += try faultsOfOffer(String(offer.1))
    }
    return faults
  }

  private func faultsOfOffer(_ offer: String) throws -> String {
    let isFork = offer.hasPrefix("fork")
    let outcome = try place.keepstep("\(offer) --steps \(Self.end) --quiet\(isFork ? " --name child" : "")")
    guard outcome.status == 0 else { return "\(offer) fails: \(outcome.errors)" }
    guard isFork else { return try differences("after \(offer)") }
    func digest(of run: String, in store: String) throws -> String {
      try place.sqlite3(
        "SELECT digest FROM checkpoints JOIN runs ON run_id = runs.id WHERE name = '\(run)' AND step = \(Self.end)",
        store: store)
    }
    let (child, reference) = (try digest(of: "child", in: Self.store), try digest(of: "flow", in: Self.reference))
    return child == reference ? "" : "after \(offer) the digest of step \(Self.end) is \(child), not \(reference)"
  }

  private func differences(_ context: String) throws -> String {
    let comparison = RunComparison(place: place, reference: "flow", referenceStore: Self.reference)
    let name = try place.sqlite3("SELECT name FROM runs ORDER BY id LIMIT 1").trimmingCharacters(in: .newlines)
    let faults = try comparison.differences(of: name, checkpoints: .last)
    return faults.isEmpty ? "" : "\(context): \(faults)\n"
  }

  private static func put(_ files: [String: Data], as store: String, in place: Workplace) throws {
    for suffix in suffixes {
      try? FileManager.default.removeItem(at: place.url(store + suffix))
      try files[suffix]?.write(to: place.url(store + suffix))
    }
  }
}
