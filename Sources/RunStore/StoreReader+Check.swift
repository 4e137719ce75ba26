import GRDB

extension StoreReader {
  /// Looks all of the store through: SQLite's own checks, every checkpoint's digest, the history chain between the
  /// checkpoints, and the rules of the schema. One consistent look; a trainer may go on meanwhile.
  ///
  /// - throws: `StoreError` when the store cannot be read to the end.
  public func check() throws -> CheckReport {
    try read("check") { db in
      var findings = db.integrityFindings() + db.schemaFindings()
      let facts = try db.facts()
      // Immutable access knows no journal.
      if facts.journalMode != "wal", !isImmutable {
        findings.append(
          CheckFinding(subject: "the database", message: "its journal mode is \(facts.journalMode), not wal"))
      }
      do {
        for row in try Row.fetchAll(db, sql: "SELECT id, status, steps_done FROM runs ORDER BY id") {
          findings += try self.findings(ofRun: row, db)
        }
      } catch {
        findings.append(
          CheckFinding(subject: "the database", message: "the runs cannot be read to the end: \(error.inWords)"))
      }
      let wal = try walFindings(db)
      return CheckReport(facts: facts, findings: findings + wal.findings, notes: wal.notes)
    }
  }

  private func findings(ofRun row: Row, _ db: Database) throws -> [CheckFinding] {
    let run = CheckedRun(id: try row.runID(0), stepsDone: try row.step(2))
    let status = try row.text(1)
    var findings = run.findings(db)
    findings += try segmentFindings(of: run, isRunning: status == "running", db) + lastStepFindings(of: run, db)
    // SQLite itself does not look at CHECK constraints through a read-only connection.
    if RunStatus(rawValue: status) == nil {
      findings.append(CheckFinding(subject: run.subject, message: "has the unknown status \"\(status)\""))
    }
    return findings
  }

  /// A run in training has one open segment, any other has none; a dead trainer's stays open until it is found dead.
  private func segmentFindings(of run: CheckedRun, isRunning: Bool, _ db: Database) throws -> [CheckFinding] {
    let open = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM segments WHERE run_id = ? AND ended_at IS NULL", arguments: [run.id])
    let expected = isRunning ? 1 : 0
    guard open != expected else { return [] }
    return [
      CheckFinding(subject: run.subject, message: "has \(open ?? 0) open segments where \(expected) must be")
    ]
  }

  /// The step that a segment says was recorded last is the run's.
  private func lastStepFindings(of run: CheckedRun, _ db: Database) throws -> [CheckFinding] {
    let last = try Int.fetchOne(db, sql: "SELECT max(last_step) FROM segments WHERE run_id = ?", arguments: [run.id])
    guard let last, last != run.stepsDone else { return [] }
    return [
      CheckFinding(
        subject: run.subject, message: "its segments end at step \(last), and its steps_done is \(run.stepsDone)")
    ]
  }
}

extension Database {
  /// What SQLite itself finds: damaged pages and indexes, broken constraints, rows without their parent.
  fileprivate func integrityFindings() -> [CheckFinding] {
    func told(_ look: () throws -> [String]) -> [CheckFinding] {
      let messages: [String]
      do { messages = try look() } catch { messages = ["cannot be read to the end: \(error.inWords)"] }
      return messages.map {
        CheckFinding(subject: "the database", message: $0.split(separator: "\n").joined(separator: " "))
      }
    }
    return told { try String.fetchAll(self, sql: "PRAGMA integrity_check").filter { $0 != "ok" } }
      + told {
        let orphans = try Row.fetchAll(self, sql: "PRAGMA foreign_key_check").map { row in
          "a row of \(try row.text(0)) refers to a row of \(try row.text(2)) that is not there"
        }
        return Set(orphans).sorted()
      }
  }

  fileprivate func facts() throws -> StoreFacts {
    func number(_ sql: String) throws -> Int { try Int.fetchOne(self, sql: sql) ?? 0 }
    // What can't be counted is a finding.
    func count(_ table: String) -> Int { (try? number("SELECT count(*) FROM \(table)")) ?? 0 }
    let sqliteVersion = try String.fetchOne(self, sql: "SELECT sqlite_version()") ?? ""
    return StoreFacts(
      applicationID: try number("PRAGMA application_id"), version: try number("PRAGMA user_version"),
      journalMode: try String.fetchOne(self, sql: "PRAGMA journal_mode") ?? "", sqliteVersion: sqliteVersion,
      foreignWritersAtRisk: StoreFacts.hasWALResetBug(sqliteVersion: sqliteVersion),
      runs: count("runs"), steps: count("steps"), checkpoints: count("checkpoints"))
  }
}

extension StoreFacts {
  /// Whether a version of SQLite has the WAL-reset bug: 3.7.0 to 3.51.2, except 3.50.7 and later of 3.50, and 3.44.6 and
  /// later of 3.44 (sqlite.org/wal.html#the_wal_reset_bug).
  public static func hasWALResetBug(sqliteVersion: String) -> Bool {
    let parts = sqliteVersion.split(separator: ".").compactMap { Int($0) }
    guard parts.count >= 3 else { return true }
    let (major, minor, patch) = (parts[0], parts[1], parts[2])
    guard major == 3 else { return false }
    switch minor {
    case ..<7: return false
    case 44: return patch < 6
    case 50: return patch < 7
    case 51: return patch < 3
    default: return minor < 51
    }
  }
}
