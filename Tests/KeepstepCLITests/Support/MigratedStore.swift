import Foundation
import Testing

/// A store of version 1, a command that brings it to the present version, and the same done undisturbed in another store.
struct MigratedStore {
  /// What opens the store for writing.
  struct Command: Sendable {
    /// The words after `keepstep`.
    let line: String
    /// The name of the run that it trains.
    let run: String
    /// Does it go on with a run of the old store?
    let resumes: Bool

    static let train = Command(
      line: "train --quiet --name today --steps 3 --hidden-size 4", run: "today", resumes: false)
    static let resume = Command(line: "resume river --quiet --steps 62", run: "river", resumes: true)
  }

  private let place: Workplace
  private let command: Command
  /// For each table of the old store, a look for rows that a new one lacks; what the command may change is left out.
  private let lostRows: [String]

  private static let (old, new, alone, copy) = ("old.db", "keepstep.db", "alone.db", "copy.db")
  private static let suffixes = ["", "-wal", "-shm", "-lock"]

  init(_ command: Command) throws {
    place = try Workplace()
    self.command = command
    let fixture = Repository.root.appendingPathComponent("Tests/RunStoreTests/Fixtures/version-1.db")
    for name in [Self.old, Self.alone] { try FileManager.default.copyItem(at: fixture, to: place.url(name)) }
    lostRows = try Self.tables(place).map { table, columns in
      let rows = columns.joined(separator: ", ")
      var mayChange = ""
      if command.resumes {
        let run = "(SELECT id FROM old.runs WHERE name = '\(command.run)')"
        switch table {
        case "runs": mayChange = "WHERE id != \(run)"
        case "checkpoints": mayChange = "WHERE run_id != \(run)"
        case "tensors":
          mayChange = "WHERE checkpoint_id NOT IN (SELECT id FROM old.checkpoints WHERE run_id = \(run))"
        default: break
        }
      }
      return """
        SELECT '\(table)', count(*) AS lost FROM
          (SELECT \(rows) FROM old.\(table) \(mayChange) EXCEPT SELECT \(rows) FROM main.\(table)) HAVING lost > 0
        """
    }
    try place.succeed("\(command.line) --store \(Self.alone)")
    try #require(try version(Self.old) == "1" && version(Self.alone) != "1")
  }

  private static func tables(_ place: Workplace) throws -> [(String, [String])] {
    let lines = try place.sqlite3(
      """
      SELECT tables.name, columns.name FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
      """, store: old)
    let pairs = lines.split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    return Dictionary(grouping: pairs, by: { $0[0] }).map { ($0, $1.map { $0[1] }) }.sorted { $0.0 < $1.0 }
  }

  private func version(_ store: String) throws -> String {
    try place.sqlite3("PRAGMA user_version", store: store).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Brings the old store back.
  func beginAnew() throws { try replace(Self.new, by: Self.old) }

  private func replace(_ store: String, by other: String) throws {
    for suffix in Self.suffixes {
      try? FileManager.default.removeItem(at: place.url(store + suffix))
      guard FileManager.default.fileExists(atPath: place.url(other + suffix).path) else { continue }
      try FileManager.default.copyItem(at: place.url(other + suffix), to: place.url(store + suffix))
    }
  }

  /// Runs the command under a fault.
  func migrate(_ fault: Fault) throws -> Outcome {
    try place.keepstep(command.line, environment: try fault.environment(in: place))
  }

  /// How many such calls the command makes, left alone.
  func count(_ calls: [String]) throws -> Int {
    let log = place.url("calls.log")
    let outcome = try migrate(Fault(calls: calls, at: 0, log: log))
    try #require(outcome.status == 0, "\(outcome.errors)")
    let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// Which version a copy of what the fault left is of; it must be all of the old one, or all of the new one.
  ///
  /// - Returns: the version, and what is wrong; empty when nothing is.
  func remains() throws -> (version: String, faults: String) {
    try replace(Self.copy, by: Self.new)
    let check = try place.keepstep(["check", "--store", Self.copy])
    let version = try version(Self.copy)
    var faults = check.status == 0 ? "" : check.output + check.errors
    if version == "1" {
      if try place.sqlite3(".dump", store: Self.copy) != place.sqlite3(".dump", store: Self.old) {
        faults += "the version is 1, and the content is not that of the old store\n"
      }
    } else {
      faults += try faultsOfNew(Self.copy)
    }
    return (version, faults)
  }

  private func faultsOfNew(_ store: String) throws -> String {
    var faults = ""
    if try place.sqlite3(".schema", store: store) != place.sqlite3(".schema", store: Self.alone) {
      faults += "the schema is not the new one\n"
    }
    let lost = try place.sqlite3("ATTACH '\(Self.old)' AS old; " + lostRows.joined(separator: "; "), store: store)
    return lost.isEmpty ? faults : faults + "rows are lost: \(lost)"
  }

  /// Runs the command again, without a fault; a run that it had begun already is resumed.
  ///
  /// - Returns: what is wrong then; empty when nothing is.
  func faultsOfAnotherTry() throws -> String {
    var end = try place.keepstep(command.line)
    if end.errors.contains("has a run named \"\(command.run)\" already") {
      end = try place.keepstep("resume \(command.run) --quiet")
    }
    guard end.status == 0 else { return "it fails again: \(end.errors)" }
    let comparison = RunComparison(place: place, reference: command.run, referenceStore: Self.alone)
    var faults = try comparison.differences(of: command.run) + faultsOfNew(Self.new)
    let check = try place.keepstep(["check"])
    if check.status != 0 { faults += check.output + check.errors }
    let residue = try place.files.filter { $0 == Self.new + "-wal" || $0 == Self.new + "-shm" }
    return residue.isEmpty ? faults : faults + "left behind: \(residue)\n"
  }
}
