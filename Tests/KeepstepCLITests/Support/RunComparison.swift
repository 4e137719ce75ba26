import Foundation

/// Two runs in two stores, compared by the real `sqlite3` program: all columns but times, machines and processes.
///
/// SQL compares numbers by value; as no recorded number is a NaN or minus zero, equal values are equal bits.
struct RunComparison {
  /// Which checkpoints must be equal.
  enum Checkpoints: String {
    /// All: the same ones are there.
    case all = "true"
    /// All but best ones that a later one outdid: how long such a one stays depends on which steps a commit took.
    case allButOutdone = """
      (reason != 'best' OR step = (SELECT step FROM {store}.best_checkpoints WHERE run_id = {run}))
      """
    /// That of the last step; others may be there or not.
    case last = "step = (SELECT steps_done FROM {store}.runs WHERE id = {run})"
  }

  let place: Workplace
  /// The run that was left alone, and its store.
  let reference: String
  var referenceStore = "keepstep.db"

  /// The differences between the finished run `name` and the reference, a line each; empty when they are equal.
  func differences(of name: String, store: String = "keepstep.db", checkpoints: Checkpoints = .all) throws -> String {
    let selects =
      Self.rows + [
        "SELECT 'run', status, steps_done, steps_planned, seed FROM {store}.runs WHERE id = {run}",
        "SELECT 'hyperparameter', name, value FROM {store}.hyperparameters WHERE run_id = {run}",
        """
        SELECT 'checkpoint', step, reason, monitor_value, digest, history_digest FROM {store}.checkpoints
          WHERE run_id = {run} AND \(checkpoints.rawValue)
        """,
        """
        SELECT 'tensor', step, kind, name, part, shape, hex(data)
          FROM {store}.checkpoints JOIN {store}.tensors ON checkpoint_id = id
          WHERE run_id = {run} AND \(checkpoints.rawValue)
        """,
      ]
    return try run(
      selects.flatMap { select in
        let (new, old) = (Self.fill(select, "new", name), Self.fill(select, "old", reference))
        return ["SELECT 'only new', * FROM (\(new) EXCEPT \(old))", "SELECT 'only old', * FROM (\(old) EXCEPT \(new))"]
      }, store)
  }

  /// The rows that the unfinished run `name` has and the reference has not, and gaps; empty when there are none.
  func strayRows(of name: String, store: String = "keepstep.db") throws -> String {
    let rows = Self.rows.map { "\(Self.fill($0, "new", name)) EXCEPT \(Self.fill($0, "old", reference))" }
    let gaps = """
      SELECT 'rows', (SELECT count(*) FROM {store}.steps WHERE run_id = {run}) AS rows, 'steps', steps_done
        FROM {store}.runs WHERE id = {run} AND rows != steps_done
      """
    return try run(rows + [Self.fill(gaps, "new", name)], store)
  }

  private static let rows = [
    "SELECT 'step', step, loss, learning_rate, gradient_norm, accuracy FROM {store}.steps WHERE run_id = {run}",
    "SELECT 'evaluation', step, split, loss, accuracy FROM {store}.evaluations WHERE run_id = {run}",
    "SELECT 'hidden state', step, name, shape, hex(data) FROM {store}.hidden_states WHERE run_id = {run}",
  ]

  private static func fill(_ sql: String, _ store: String, _ name: String) -> String {
    sql.replacingOccurrences(of: "{run}", with: "(SELECT id FROM \(store).runs WHERE name = '\(name)')")
      .replacingOccurrences(of: "{store}", with: store)
  }

  private func run(_ selects: [String], _ store: String) throws -> String {
    let statements =
      ["ATTACH '\(store)' AS new", "ATTACH '\(referenceStore)' AS old"]
      + selects.map { "SELECT * FROM (\($0)) LIMIT 3" }
    let result = try place.run(
      "sqlite3", package: "sqlite3",
      ["-bail", "-cmd", ".timeout 10000", ":memory:", statements.joined(separator: ";\n")])
    guard result.status == 0 else { throw Missing("sqlite3 cannot compare: \(result.errors)") }
    return result.lines.map { String($0.prefix(200)) }.joined(separator: "\n")
  }
}
