import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// One or more trainings whose disk is recorded, the same ones left alone in another store, and what must hold of the
/// store after the power went at any point.
final class PowerCutScene {
  struct Run {
    let name: String
    /// What `train` gets beside the name.
    let options: [String]
    var train: [String] { ["train", "--quiet", "--name", name] + options }
    var resume: [String] { ["resume", name, "--quiet"] }
  }

  /// Where processes are recorded.
  private let stage: Workplace
  /// Where images are looked at, with the reference.
  private let place: Workplace
  private let runs: [Run]
  private let log: PowerCutLog
  private var start: [String: Data] = [:]

  private static let store = "keepstep.db"
  private static let copy = "copy.db"
  private static let reference = "alone.db"
  private static let suffixes = ["", "-wal", "-journal", "-shm", "-lock"]

  /// Trains each run once without a fault.
  init(_ runs: [Run]) throws {
    stage = try Workplace()
    place = try Workplace()
    self.runs = runs
    log = PowerCutLog(file: try TestFolders.make("log").appendingPathComponent("disk.log"))
    for run in runs {
      let alone = try place.keepstep(run.train + ["--store", Self.reference])
      try #require(alone.status == 0, "\(alone.errors)")
    }
  }

  /// Begins not with an empty folder but with what is left of a trainer that was killed.
  func begin(with command: [String], killedBy fault: Fault) throws {
    let outcome = try stage.keepstep(command, environment: try fault.environment(in: stage))
    try #require(outcome.status == -SIGKILL, "\(outcome.errors)")
    for name in try stage.files where !name.hasSuffix("-shm") { start[name] = try stage.data(name) }
  }

  /// Runs commands at the same time, and records what they do to the disk.
  func record(_ commands: [[String]]) throws -> [PowerCutEvent] {
    let programs = try commands.map { try stage.start($0, environment: try log.environment(in: stage)) }
    for program in programs {
      let outcome = program.wait()
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
    return try log.events()
  }

  // MARK: - After the power went

  /// A disk as it was before the first event.
  var disk: PowerCutDisk { PowerCutDisk(start) }

  /// What is acknowledged when a process sees these files: a line for each checkpoint, and each run's steps.
  struct Acknowledged {
    fileprivate var checkpoints: Set<String> = []
    fileprivate var steps: [String: Int] = [:]
  }

  func acknowledged(_ remains: [String: Data]) throws -> Acknowledged {
    try put(remains, as: Self.copy)
    return try acknowledgedOfCopy()
  }

  private func acknowledgedOfCopy() throws -> Acknowledged {
    guard FileManager.default.fileExists(atPath: place.url(Self.copy).path),
      try place.sqlite3("SELECT count(*) FROM sqlite_schema WHERE name = 'runs'", store: Self.copy) == "1\n"
    else { return Acknowledged() }
    var found = Acknowledged()
    let checkpoints = try place.sqlite3(
      """
      SELECT runs.name, step, digest, history_digest, count(*) FROM checkpoints JOIN runs ON run_id = runs.id
        JOIN tensors ON checkpoint_id = checkpoints.id GROUP BY checkpoints.id
      """, store: Self.copy)
    found.checkpoints = Set(checkpoints.split(separator: "\n").map(String.init))
    for line in try place.sqlite3("SELECT name, steps_done FROM runs", store: Self.copy).split(separator: "\n") {
      let cells = line.split(separator: "|")
      if cells.count == 2, let steps = Int(cells[1]) { found.steps[String(cells[0])] = steps }
    }
    return found
  }

  /// What is wrong with a store of which this was left: it must be sound, have all that was acknowledged and nothing
  /// that the undisturbed runs have not, and each run must end with the bits of the undisturbed one.
  func faults(of remains: [String: Data], acknowledged: Acknowledged) throws -> String {
    try put(remains, as: Self.store)
    try put(remains, as: Self.copy)
    var faults = ""
    let check = try place.keepstep(["check", "--store", Self.copy])
    if check.status != 0, !isNoStore(check, acknowledged) { faults += "check: \(check.output)\(check.errors)\n" }
    let found = try acknowledgedOfCopy()
    for line in acknowledged.checkpoints.subtracting(found.checkpoints) { faults += "checkpoint lost: \(line)\n" }
    for (name, steps) in acknowledged.steps where found.steps[name] ?? -1 < steps {
      faults += "run \(name) has \(found.steps[name] ?? -1) steps of \(steps) acknowledged\n"
    }
    for run in runs where found.steps[run.name] != nil {
      faults += try comparison(run).strayRows(of: run.name, store: Self.copy)
    }
    return faults + (try faultsAfterEnd(acknowledged))
  }

  private func faultsAfterEnd(_ acknowledged: Acknowledged) throws -> String {
    var faults = ""
    for run in runs {
      var end = try place.keepstep(run.resume)
      if isNoStore(end, acknowledged) || end.errors.contains("there is no run \"\(run.name)\"") {
        end = try place.keepstep(run.train)
      }
      guard end.status == 0 else { return faults + "it cannot go on: \(end.errors)" }
      faults += try comparison(run).differences(of: run.name)
    }
    let check = try place.keepstep(["check"])
    if check.status != 0 { faults += "check at the end: \(check.output)\(check.errors)" }
    let residue = try place.files.filter { $0.hasPrefix(Self.store) && $0 != Self.store && $0 != Self.store + "-lock" }
    return residue.isEmpty ? faults : faults + "left behind: \(residue)"
  }

  /// The power may go before there is a store, but not after one was acknowledged.
  private func isNoStore(_ outcome: Outcome, _ acknowledged: Acknowledged) -> Bool {
    acknowledged.steps.isEmpty
      && (outcome.errors.contains("there is no store") || outcome.errors.contains("is empty, not a store"))
  }

  private func comparison(_ run: Run) -> RunComparison {
    RunComparison(place: place, reference: run.name, referenceStore: Self.reference)
  }

  private func put(_ remains: [String: Data], as store: String) throws {
    for suffix in Self.suffixes {
      try? FileManager.default.removeItem(at: place.url(store + suffix))
      if let bytes = remains[Self.store + suffix] { try bytes.write(to: place.url(store + suffix)) }
    }
  }
}
