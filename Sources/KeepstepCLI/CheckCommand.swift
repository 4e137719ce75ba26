import ArgumentParser
import RunStore
import Training

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the store: SQLite's integrity, every digest, and the rules of the schema.",
    discussion: "Exits with 0 when all is sound, with 1 when something is not; each finding is a line.")

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let reader = try storeOptions.openForReading()
    var report = try reader.check()
    do {
      report.findings += try reader.dataFindings()
    } catch let error as StoreError {
      report.findings.append(CheckFinding(subject: "the database", message: error.message))
    }
    let facts = report.facts
    try Output.line(
      "\(reader.path): \(Numbers.count(facts.runs, "run")), \(Numbers.count(facts.steps, "step")), "
        + "\(Numbers.count(facts.checkpoints, "checkpoint")); store version \(facts.version), \(facts.journalMode), "
        + "SQLite \(facts.sqliteVersion)")
    if facts.foreignWritersAtRisk {
      try Output.line(
        "note: this SQLite has the WAL-reset bug: programs other than Keepstep must not write while a training runs")
    }
    for note in report.notes { try Output.line("note: \(note)") }
    for finding in report.findings { try Output.line("\(finding.subject): \(finding.message)") }
    guard report.isSound else {
      throw CommandError(
        "\(reader.path): \(Numbers.count(report.findings.count, "finding")), listed on standard output",
        hint: "`keepstep resume RUN` says from which checkpoint a run goes on; copy the store away first")
    }
    try Output.line("ok")
  }
}
