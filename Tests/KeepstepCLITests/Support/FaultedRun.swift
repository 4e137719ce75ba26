import Foundation
import Testing

/// A run that is trained under faults, the same run left alone in another store, and a bystander: a finished run in the
/// store, which must not change.
final class FaultedRun {
  let place: Workplace
  /// What `train` gets.
  private let options: [String]
  private var hasBystander = false

  private static let store = "keepstep.db"
  private static let reference = "alone.db"
  private static let bystanderOptions = "--quiet --steps 20 --hidden-size 4 --name bystander"

  /// Trains the run once without a fault.
  init(_ options: [String]) throws {
    place = try Workplace()
    self.options = options
    let alone = try place.keepstep(train + ["--store", Self.reference])
    try #require(alone.status == 0, "\(alone.errors)")
    try place.succeed("train \(Self.bystanderOptions) --store \(Self.reference)")
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
    removeStore()
    try place.succeed("train \(Self.bystanderOptions)")
    hasBystander = true
  }

  /// Puts a copy of the store as it is away.
  func saveStore(as name: String) throws { try copyStore(from: Self.store, to: name) }

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

  /// How many such calls a whole training makes.
  func count(_ calls: [String]) throws -> Int {
    try beginAnew()
    let log = place.url("calls.log")
    let fault = try Fault(calls: calls, at: 0).environment(in: place, log: log)
    let outcome = try place.keepstep(train, environment: fault)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private func isRecorded() throws -> Bool {
    let outcome = try place.keepstep(["runs", "--where", "name = 'run'", "--format", "csv"])
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
    let check = try place.keepstep(["check", "--store", copy])
    if check.status != 0 { return saysThereIsNoStore(check) ? "" : check.output + check.errors }
    return try comparison("run").strayRows(of: "run", store: copy)
  }

  /// Trains to the end without a fault, and compares with the reference.
  ///
  /// - Returns: what is wrong; empty when nothing is.
  func faultsAfterEnd() throws -> String {
    var end = try place.keepstep(["resume", "run", "--quiet"])
    let isAbsent = saysThereIsNoStore(end) || end.errors.contains("there is no run \"run\"")
    if isAbsent { end = try place.keepstep(train) }
    guard end.status == 0 else { return "it cannot go on: \(end.errors)" }
    return try differences()
  }

  /// What is wrong now that the run has ended: with the run, the bystander, the store, or the folder.
  func differences() throws -> String {
    let residue = try place.files.filter { $0 == Self.store + "-wal" || $0 == Self.store + "-shm" }
    var faults = residue.isEmpty ? "" : "left behind: \(residue)\n"
    faults += try comparison("run").differences(of: "run")
    if hasBystander { faults += try comparison("bystander").differences(of: "bystander") }
    let check = try place.keepstep(["check"])
    if check.status != 0 { faults += check.output + check.errors }
    return faults
  }
}
