import Foundation
import Testing

/// A run that is trained under faults, the same run left alone in another store, and a bystander: a finished run in the
/// store, which must not change.
final class FaultedRun {
  let place: Workplace
  /// What the run took, left alone, from the start of its process to its end.
  private(set) var secondsAlone = 0.0
  /// What `train` gets.
  private let options: [String]
  private var hasBystander = false
  /// What may lie in the folder beside the store and its lock file.
  private var ownFiles: Set<String> = []

  static let store = "keepstep.db"
  private static let reference = "alone.db"
  private static let fresh = "fresh.db"
  private static let bystander = "train --quiet --steps 20 --hidden-size 4 --name bystander --store"

  /// Trains the run once without a fault.
  ///
  /// - Parameter prepare: what the folder needs before, such as data.
  init(_ options: [String], prepare: (Workplace) throws -> Void = { _ in }) throws {
    place = try Workplace()
    self.options = options
    try prepare(place)
    let began = Date()
    let alone = try place.keepstep(train + ["--store", Self.reference])
    secondsAlone = Date().timeIntervalSince(began)
    try #require(alone.status == 0, "\(alone.errors)")
    for store in [Self.reference, Self.fresh] { try place.succeed("\(Self.bystander) \(store)") }
    ownFiles.formUnion(try place.files)
  }

  private var train: [String] { ["train", "--name", "run", "--quiet"] + options }

  // MARK: - The store

  /// Leaves no store.
  func removeStore() {
    for suffix in Self.suffixes { try? FileManager.default.removeItem(at: place.url(Self.store + suffix)) }
    hasBystander = false
  }

  /// Makes the store anew, with nothing but the bystander in it.
  func beginAnew() throws {
    try copyStore(from: Self.fresh, to: Self.store)
    hasBystander = true
  }

  /// Puts a copy of the store as it is away.
  func saveStore(as name: String) throws {
    try copyStore(from: Self.store, to: name)
    ownFiles.formUnion(Self.suffixes.map { name + $0 })
  }

  /// Brings such a copy back.
  func restoreStore(from name: String) throws { try copyStore(from: name, to: Self.store) }

  private static let suffixes = ["", "-wal", "-shm", "-lock"]

  private func copyStore(from: String, to: String) throws {
    for suffix in Self.suffixes {
      try? FileManager.default.removeItem(at: place.url(to + suffix))
      let file = place.url(from + suffix)
      guard FileManager.default.fileExists(atPath: file.path) else { continue }
      try FileManager.default.copyItem(at: file, to: place.url(to + suffix))
    }
  }

  // MARK: - Training

  /// Trains under a fault.
  func train(_ fault: Fault) throws -> Outcome {
    try place.keepstep(train, environment: try fault.environment(in: place))
  }

  /// Resumes under a fault.
  func resume(_ fault: Fault) throws -> Outcome {
    try place.keepstep(["resume", "run", "--quiet"], environment: try fault.environment(in: place))
  }

  /// Starts the run, or goes on with it where it is recorded.
  func startOrResume() throws -> RunningProgram {
    try place.start(try isRecorded() ? ["resume", "run", "--quiet"] : train)
  }

  /// How many such calls a process makes that `work` runs under a fault that never comes.
  func count(_ calls: [String], _ work: (Fault) throws -> Outcome) throws -> Int {
    let log = "calls.log"
    ownFiles.insert(log)
    let outcome = try work(Fault(calls: calls, at: 0, log: place.url(log)))
    try #require(outcome.status == 0, "\(outcome.errors)")
    let text = String(decoding: try place.data(log), as: UTF8.self)
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// Leaves a run that was killed in its middle, with commits in the `-wal`, as the store `interrupted.db`.
  func interruptOnce(inNewStore isNew: Bool = false) throws {
    let prepare = isNew ? removeStore : beginAnew
    try prepare()
    let syncs = try count(["fdatasync"]) { try train($0) }
    for at in Array(syncs / 2..<syncs) + (1..<syncs / 2).reversed() {
      try prepare()
      let killed = try train(Fault(calls: ["fdatasync"], at: at))
      guard killed.status == -SIGKILL, try recordedSteps() > 0 else { continue }
      return try saveStore(as: Self.interrupted)
    }
    throw Missing("no kill met the middle of a training")
  }

  /// Where `interruptOnce` puts the store.
  static let interrupted = "interrupted.db"

  /// The run's steps; 0 when there is no such run.
  func recordedSteps() throws -> Int {
    guard try isRecorded() else { return 0 }
    return Int(try place.query("SELECT steps_done FROM runs WHERE name = 'run'").first ?? "") ?? 0
  }

  private func isRecorded() throws -> Bool {
    let outcome = try place.keepstep(["query", "SELECT 1 FROM runs WHERE name = 'run'", "--format", "csv"])
    if outcome.status == 0 { return outcome.lines.count == 2 }
    try #require(saysThereIsNoStore(outcome), "\(outcome.errors)")
    return false
  }

  /// A kill may come before there is a store.
  private func saysThereIsNoStore(_ outcome: Outcome) -> Bool {
    !hasBystander
      && (outcome.errors.contains("there is no store") || outcome.errors.contains("is empty, not a store"))
  }

  // MARK: - What must hold

  private func comparison(_ name: String) -> RunComparison {
    RunComparison(place: place, reference: name, referenceStore: Self.reference)
  }

  /// Looks at a copy of what a fault left: it is sound, and all that is recorded is what the reference has.
  ///
  /// - Returns: what is wrong; empty when nothing is.
  func faultsOfRemains() throws -> String {
    let copy = "copy.db"
    try saveStore(as: copy)
    return try faultsSoFar(in: copy)
  }

  /// Looks at the store itself, in which others may be at work.
  func faultsSoFar(in store: String = FaultedRun.store) throws -> String {
    let check = try place.keepstep(["check", "--store", store])
    if check.status != 0 { return saysThereIsNoStore(check) ? "" : check.output + check.errors }
    return try comparison("run").strayRows(of: "run", store: store)
  }

  /// Trains to the end without a fault, and compares with the reference.
  ///
  /// - Returns: what is wrong; empty when nothing is.
  func faultsAfterEnd() throws -> String {
    var end = try place.keepstep(["resume", "run", "--quiet"])
    let isAbsent = saysThereIsNoStore(end) || end.errors.contains("there is no run \"run\"")
    if isAbsent { end = try place.keepstep(train) }
    guard end.status == 0 else { return "it cannot go on: \(end.errors)" }
    return try differences() + residue()
  }

  /// What is wrong now that the run has ended: with the run, the bystander, or the store.
  func differences(checkpoints: RunComparison.Checkpoints = .all) throws -> String {
    var faults = try comparison("run").differences(of: "run", checkpoints: checkpoints)
    if hasBystander { faults += try comparison("bystander").differences(of: "bystander") }
    faults += try differencesOfBest()
    let check = try place.keepstep(["check"])
    if check.status != 0 { faults += check.output + check.errors }
    return faults
  }

  /// The best checkpoint must be the same even where others need not.
  private func differencesOfBest() throws -> String {
    let best = """
      SELECT step, monitor_value, digest FROM best_checkpoints
        WHERE run_id = (SELECT id FROM runs WHERE name = 'run')
      """
    let (new, old) = (try place.sqlite3(best), try place.sqlite3(best, store: Self.reference))
    return new == old ? "" : "best: \(new)best of the reference: \(old)"
  }

  /// What the ended processes left in the folder beside the store and its lock file: it should be nothing.
  func residue() throws -> String {
    let files = Set(try place.files).subtracting(ownFiles).subtracting([Self.store, Self.store + "-lock"])
    return files.isEmpty ? "" : "left behind: \(files.sorted())\n"
  }
}
