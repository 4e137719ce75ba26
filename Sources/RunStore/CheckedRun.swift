import GRDB

/// A run as `check` looks at it.
struct CheckedRun {
  let id: Int64
  let stepsDone: Int

  var subject: String { "run \(id)" }

  private func subject(of checkpoint: CheckpointRecord) -> String {
    "checkpoint \(checkpoint.id) (run \(id), step \(checkpoint.step))"
  }

  /// Everything that is wrong with the run's rows.
  func findings(_ db: Database) -> [CheckFinding] {
    let gaps = told { try stepFindings(db) }
    var found = told { try checkpointFindings(db) } + gaps
    let rest = [textFindings, hyperparameterFindings, monitorFindings, numberFindings]
    for look in rest { found += told { try look(db) } }
    // A chain over rows that are not all there could only differ.
    return gaps.isEmpty ? found + told { try chainFindings(db) } : found
  }

  /// What can't be read to the end is a finding, and no reason not to look at the rest.
  private func told(_ look: () throws -> [CheckFinding]) -> [CheckFinding] {
    do {
      return try look()
    } catch let error as StoreError {
      return [CheckFinding(subject: subject, message: error.message)]
    } catch {
      return [CheckFinding(subject: subject, message: "cannot be read to the end: \(error.inWords)")]
    }
  }

  /// What shaped the run is what its digest covers.
  private func hyperparameterFindings(_ db: Database) throws -> [CheckFinding] {
    _ = try db.soundHyperparameters(runID: id)
    return []
  }

  /// What a checkpoint says of its evaluation is what was recorded then.
  private func monitorFindings(_ db: Database) throws -> [CheckFinding] {
    try db.misvaluedCheckpoints(runID: id).map { checkpoint in
      CheckFinding(
        subject: subject(of: checkpoint),
        message:
          "its monitored value \(checkpoint.monitorValue.map { "\($0)" } ?? "") is none of its evaluations' losses")
    }
  }

  /// Each checkpoint's tensors are what its digest covers, none is beyond the recorded steps, and the first is there.
  private func checkpointFindings(_ db: Database) throws -> [CheckFinding] {
    let checkpoints = try CheckpointRecord.fetchAll(db, runID: id)
    guard !checkpoints.isEmpty else { return [CheckFinding(subject: subject, message: "has no checkpoint")] }
    var findings: [CheckFinding] = []
    for checkpoint in checkpoints {
      if case .failure(let damage) = try db.soundTensors(of: checkpoint) {
        findings.append(CheckFinding(subject: subject(of: checkpoint), message: damage.message))
      }
      if checkpoint.step > stepsDone {
        findings.append(
          CheckFinding(subject: subject(of: checkpoint), message: "lies beyond the last recorded step \(stepsDone)"))
      }
    }
    return findings
  }

  /// The steps are exactly those from the first checkpoint's on to `steps_done`, each once.
  private func stepFindings(_ db: Database) throws -> [CheckFinding] {
    let first = try CheckpointRecord.fetchAll(db, runID: id).first?.step ?? 0
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT count(*), coalesce(min(step), 0), coalesce(max(step), 0) FROM steps WHERE run_id = ?",
        arguments: [id])
    else { return [] }
    let (count, low, high) = (try row.int(0), try row.int(1), try row.int(2))
    let expected = stepsDone - first
    if count == expected, count == 0 || (low == first + 1 && high == stepsDone) { return [] }
    return [
      CheckFinding(
        subject: subject,
        message:
          "has \(count) step rows from \(low) to \(high), but must have \(expected) from \(first + 1) to \(stepsDone)")
    ]
  }

  /// All numbers are finite, accuracies are shares, and nothing is recorded of a step that has no row.
  private func numberFindings(_ db: Database) throws -> [CheckFinding] {
    // x - x is 0 for finite x and NULL for an infinite one, as SQLite has no NaN.
    let infinite = """
      SELECT step, 'a step' FROM steps WHERE run_id = ?1 AND loss - loss + (learning_rate - learning_rate)
        + (gradient_norm - gradient_norm) + (train_seconds - train_seconds) IS NULL
      UNION ALL SELECT step, 'an evaluation' FROM evaluations WHERE run_id = ?1 AND loss - loss IS NULL
      """
    let orphans = """
      SELECT step, 'an evaluation' FROM evaluations WHERE run_id = ?1
        AND step NOT IN (SELECT step FROM steps WHERE run_id = ?1)
      UNION ALL SELECT step, 'a hidden state' FROM hidden_states WHERE run_id = ?1
        AND step NOT IN (SELECT step FROM steps WHERE run_id = ?1)
      """
    return try findings(db, infinite, "has a number that is not finite")
      + accuracyFindings(db) + findings(db, orphans, "belongs to a step that has no row")
  }

  private func accuracyFindings(_ db: Database) throws -> [CheckFinding] {
    guard try db.storeVersion() >= Migrations.versionWithAccuracy else { return [] }
    let noShares = """
      SELECT step, 'a step' FROM steps WHERE run_id = ?1 AND NOT (accuracy BETWEEN 0 AND 1)
      UNION ALL SELECT step, 'an evaluation' FROM evaluations WHERE run_id = ?1 AND NOT (accuracy BETWEEN 0 AND 1)
      """
    return try findings(db, noShares, "has an accuracy that is not from 0 to 1")
  }

  private func findings(_ db: Database, _ sql: String, _ message: String) throws -> [CheckFinding] {
    try Row.fetchAll(db, sql: sql + " LIMIT 10", arguments: [id]).map { row in
      CheckFinding(subject: "\(subject), step \(try row.int(0))", message: "\(try row.text(1)) \(message)")
    }
  }

  /// The chain from the first checkpoint on, made anew from the rows, is what each later checkpoint recorded.
  private func chainFindings(_ db: Database) throws -> [CheckFinding] {
    try HistoryChain(db, runID: id).breaks.map {
      CheckFinding(subject: subject(of: $0.checkpoint), message: $0.message)
    }
  }
}

/// The rows of a run's steps, one step after another, each with its evaluations and hidden states.
struct HistoryRows {
  private let steps: StepCursor
  private let evaluations: RowCursor
  private let hiddenStates: RowCursor
  private var step: StepRecord?
  private var evaluation: EvaluationRecord?
  private var hiddenState: HiddenStateRecord?

  /// The rows after step `first`, up to `last`.
  init(_ db: Database, runID: Int64, after first: Int, upTo last: Int = .max) throws {
    let range = (first + 1)...last
    steps = try StepCursor(db, runID, range)
    evaluations = try db.evaluationRows(runID, range)
    hiddenStates = try db.hiddenStateRows(runID, range)
    step = try steps.next()
    evaluation = try evaluations.next().map(EvaluationRecord.init(row:))
    hiddenState = try hiddenStates.next().map(HiddenStateRecord.init(row:))
  }

  /// The next step, unless it lies beyond `last`.
  mutating func next(
    upTo last: Int
  ) throws -> (row: StepRecord, evaluations: [EvaluationRecord], hiddenStates: [HiddenStateRecord])? {
    guard let row = step, row.step <= last else { return nil }
    step = try steps.next()
    var ownEvaluations: [EvaluationRecord] = []
    while let next = evaluation, next.step <= row.step {
      ownEvaluations.append(next)
      evaluation = try evaluations.next().map(EvaluationRecord.init(row:))
    }
    var ownStates: [HiddenStateRecord] = []
    while let next = hiddenState, next.step <= row.step {
      ownStates.append(next)
      hiddenState = try hiddenStates.next().map(HiddenStateRecord.init(row:))
    }
    return (row, ownEvaluations, ownStates)
  }
}
