import GRDB

extension CheckedRun {
  /// Times, the uuid and states are well formed. (What they say no digest covers: no bit of a training depends on it.)
  func textFindings(_ db: Database) throws -> [CheckFinding] {
    try Self.rules.flatMap { rule in
      try String.fetchAll(
        db, sql: "SELECT \(rule.value) FROM \(rule.table) WHERE \(rule.key) = ? AND NOT (\(rule.condition))",
        arguments: [id]
      ).prefix(10).map { CheckFinding(subject: subject, message: "\(rule.message): \($0)") }
    }
  }

  private struct Rule {
    let table: String
    let key: String
    let value: String
    let condition: String
    let message: String

    /// A column of times, well formed or NULL.
    static func time(_ table: String, _ key: String, _ column: String) -> Rule {
      let digit = "[0-9]"
      let (two, three) = (digit + digit, digit + digit + digit)
      let pattern = "\(two)\(two)-[01]\(digit)-[0-3]\(digit)T[0-2]\(digit):[0-5]\(digit):[0-5]\(digit).\(three)Z"
      return Rule(
        table: table, key: key, value: "quote(\(column))",
        condition: "\(column) IS NULL OR \(column) GLOB '\(pattern)'",
        message: "\(table).\(column) is no time")
    }
  }

  private static let rules = [
    Rule.time("runs", "id", "created_at"), .time("runs", "id", "updated_at"), .time("runs", "id", "finished_at"),
    .time("segments", "run_id", "started_at"), .time("segments", "run_id", "ended_at"),
    .time("checkpoints", "run_id", "created_at"),
    Rule(
      table: "runs", key: "id", value: "quote(uuid)",
      condition: "length(uuid) = 36 AND uuid NOT GLOB '*[^0-9a-f-]*' AND length(replace(uuid, '-', '')) = 32",
      message: "its uuid is none"),
    Rule(
      table: "segments", key: "run_id", value: "quote(end_reason)",
      condition: "(end_reason IS NULL) = (ended_at IS NULL) AND coalesce(end_reason, 'killed') IN "
        + "('finished', 'interrupted', 'failed', 'killed')",
      message: "a segment's end_reason is none"),
    Rule(
      table: "segments", key: "run_id", value: "first_step || ' to ' || last_step",
      condition: "first_step >= 1 AND last_step >= first_step - 1",
      message: "a segment's numbers are wrong"),
    Rule(
      table: "segments", key: "run_id", value: "numerics_version", condition: "numerics_version >= 1",
      message: "a segment's numerics_version is none"),
    Rule(
      table: "checkpoints", key: "run_id", value: "quote(pinned)", condition: "pinned IN (0, 1)",
      message: "checkpoints.pinned is neither 0 nor 1"),
  ]
}
