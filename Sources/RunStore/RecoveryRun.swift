import Foundation
import GRDB

/// A run whose rows were read out of a damaged store, and what its digests prove of them.
struct RecoveryRun {
  let id: Int64
  /// Its row as it was read.
  let record: RunRecord
  private(set) var losses: [String] = []
  private(set) var remarks: [String] = []
  /// The step of its first checkpoint; its rows begin after it.
  private(set) var first = 0
  /// The last step that a checkpoint's history digest proves.
  private(set) var proven = 0
  /// The last step whose rows are kept; those after `proven` are proved by training them again, or by nothing.
  private(set) var end = 0
  /// The last step that the run is known to have had.
  private var known = 0

  /// Looks at the run's rows and removes those that cannot be right.
  ///
  /// - throws: `Unusable` when there is nothing to go on from; `DatabaseError` when the store cannot be written.
  init(_ id: Int64, _ db: Database) throws {
    self.id = id
    do {
      guard let record = try RunRecord.fetch(db, id: id) else { throw Unusable("its row is lost") }
      self.record = record
    } catch let error as StoreError {
      throw Unusable("its row is damaged: \(error.message)")
    }
    let rows = try soundCheckpoints(db)
    guard let start = rows.sound.first else {
      throw Unusable("it has no checkpoint whose digest holds: nothing can go on from there")
    }
    (first, proven, end) = (start.step, start.step, start.step)
    if start.step > 0, start.reason != .start {
      losses.append("its first checkpoint is lost; its record begins after step \(start.step)")
    }
    try follow(rows.all.filter { $0.step > start.step }, from: start, db)
    try cut(db)
  }

  /// Leaves out what no digest covers.
  ///
  /// - returns: whether there was something.
  mutating func leaveUnproven(because reason: String, _ db: Database) throws -> Bool {
    guard end > proven else { return false }
    losses.append("steps \(proven + 1) to \(end), which no digest covers, are left out: \(reason)")
    end = proven
    try cut(db)
    return true
  }

  mutating func add(remark: String) { remarks.append(remark) }
  mutating func add(loss: String) { losses.append(loss) }

  // MARK: - Checkpoints

  /// All checkpoint rows, for what they say of the history, and those whose tensors are there; removes the others.
  private mutating func soundCheckpoints(_ db: Database) throws -> (all: [CheckpointRecord], sound: [CheckpointRecord])
  {
    var all: [CheckpointRecord] = []
    var sound: [CheckpointRecord] = []
    for id in try Int64.fetchAll(db, sql: "SELECT id FROM checkpoints WHERE run_id = ? ORDER BY step", arguments: [id])
    {
      guard let checkpoint = try? CheckpointRecord.fetch(db, "id = ?", [id]).first else {
        try remove(checkpoint: id, step: nil, "its row is damaged", db)
        continue
      }
      guard let chain = try? HistoryDigest(hex: checkpoint.historyDigest), checkpoint.step > 0 || chain == .start,
        checkpoint.step < 1 << 53
      else {
        try remove(checkpoint: id, step: checkpoint.step, "its step or its history digest is damaged", db)
        continue
      }
      all.append(checkpoint)
      switch try db.soundTensors(of: checkpoint) {
      case .success: sound.append(checkpoint)
      case .failure: try remove(checkpoint: id, step: checkpoint.step, "its tensors are not what its digest covers", db)
      }
    }
    return (all, sound)
  }

  private mutating func remove(checkpoint: Int64, step: Int?, _ reason: String, _ db: Database) throws {
    losses.append("checkpoint \(step.map { "of step \($0)" } ?? "\(checkpoint)") is left out: \(reason)")
    try db.run("DELETE FROM checkpoints WHERE id = ?", [checkpoint])
  }

  // MARK: - History

  /// Follows the chain of history digests over the rows, to the last step without a gap.
  private mutating func follow(_ checkpoints: [CheckpointRecord], from start: CheckpointRecord, _ db: Database) throws {
    var history = try HistoryWalk(db, runID: id, after: start)
    var contradicting: [CheckpointRecord] = []
    for checkpoint in checkpoints {
      guard try history.advance(to: checkpoint.step) else { break }
      if history.chain.hex == checkpoint.historyDigest {
        proven = checkpoint.step
        for wrong in contradicting {
          // The rows are proved beyond it, so it is the checkpoint's own digest.
          try remove(checkpoint: wrong.id, step: wrong.step, "its history digest is damaged", db)
        }
        contradicting = []
      } else {
        contradicting.append(checkpoint)
      }
    }
    if let wrong = contradicting.first {
      losses.append("rows between step \(proven) and \(wrong.step) are not those that checkpoint \(wrong.step) covers")
      end = proven
    } else {
      try history.advanceToEnd()
      end = history.step
    }
    known = max(record.stepsDone, checkpoints.last?.step ?? 0)
    if end < known, contradicting.isEmpty {
      losses.append("the rows of step \(end + 1) are lost or damaged, so the record ends before it")
    }
  }

  /// Removes all rows outside of `first` to `end`, and says so in the run's row.
  private mutating func cut(_ db: Database) throws {
    let beyond = try Int.fetchAll(
      db, sql: "SELECT step FROM checkpoints WHERE run_id = ? AND step > ? ORDER BY step", arguments: [id, end])
    for step in beyond {
      losses.append("checkpoint of step \(step) is left out: it lies beyond the rows that are kept")
    }
    try db.run("DELETE FROM checkpoints WHERE run_id = ? AND step > ?", [id, end])
    for table in ["steps", "evaluations", "hidden_states"] {
      try db.run("DELETE FROM \(table) WHERE run_id = ? AND NOT step BETWEEN ? AND ?", [id, first + 1, end])
    }
  }

  // MARK: - The run's own row

  /// Makes the run's row and its segments say what its other rows are.
  mutating func settle(_ db: Database) throws {
    // A finished run without its last checkpoint is not: going on with it makes that again.
    let newest = try Int.fetchOne(db, sql: "SELECT max(step) FROM checkpoints WHERE run_id = ?", arguments: [id])
    let isFinished = record.status == .finished && end >= known && newest == end
    let mayEndEarly = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM hyperparameters WHERE run_id = ? AND name = 'early_stopping')",
      arguments: [id])
    let planned = isFinished && mayEndEarly != true ? end : max(record.stepsPlanned, end)
    if planned != record.stepsPlanned {
      losses.append("its planned end said \(record.stepsPlanned), which cannot be: it says \(planned) now")
    }
    let isAsItWas = record.status == .failed && end >= known
    let status = isFinished ? RunStatus.finished : isAsItWas ? .failed : .interrupted
    if (try? RunName.validate(record.name)) == nil {
      losses.append("its name is damaged: it is called recovered-\(id) now")
      try db.run("UPDATE runs SET name = ? WHERE id = ?", ["recovered-\(id)", id])
    }
    if UUID(uuidString: record.uuid) == nil {
      losses.append("its uuid is damaged: it has a new one")
      try db.run("UPDATE runs SET uuid = ? WHERE id = ?", [UUID().uuidString.lowercased(), id])
    }
    try db.run(
      """
      UPDATE runs SET steps_done = ?1, steps_planned = ?2, status = ?3,
        finished_at = CASE ?3 WHEN 'finished' THEN finished_at END, failure = CASE ?3 WHEN 'failed' THEN failure END
      WHERE id = ?4
      """, [end, planned, status.rawValue, id])
    try settleSegments(db)
    try settleMonitoredValues(db)
    try settleDigest(db)
  }

  /// Segments end where the record ends, are over, and name an arithmetic.
  private mutating func settleSegments(_ db: Database) throws {
    try db.run(
      """
      UPDATE segments SET first_step = min(first_step, ?1 + 1),
        last_step = max(min(first_step - 1, ?1), min(last_step, ?1)),
        end_reason = CASE WHEN ended_at IS NULL THEN 'killed' ELSE end_reason END,
        ended_at = coalesce(ended_at, (SELECT updated_at FROM runs WHERE id = ?2))
      WHERE run_id = ?2
      """, [end, id])
    try db.run(
      """
      UPDATE segments SET last_step = ?1 WHERE id = (SELECT max(id) FROM segments WHERE run_id = ?2)
        AND ?1 > (SELECT max(last_step) FROM segments WHERE run_id = ?2)
      """, [end, id])
    // All segments of a run have the same one; whether it is right, training again shows.
    try db.run(
      """
      UPDATE segments SET numerics_version = max(1, (SELECT max(numerics_version) FROM segments WHERE run_id = ?1))
      WHERE run_id = ?1 AND numerics_version < 1
      """, [id])
    guard db.changesCount > 0 else { return }
    losses.append("the numerics version of \(db.changesCount) of its segments was none: it is that of the others, or 1")
  }

  /// The digest of the hyperparameters holds, or is gone: of what no digest covers any more, training again is the proof.
  private mutating func settleDigest(_ db: Database) throws {
    if let misnamed = try? db.misnamedDigest(runID: id) {
      try db.run(
        "UPDATE hyperparameters SET name = ? WHERE run_id = ? AND name = ?", [RunDigest.name, id, misnamed])
      losses.append("the digest of its hyperparameters is called \"\(RunDigest.name)\" again, and not \"\(misnamed)\"")
    }
    if (try? db.soundHyperparameters(runID: id)) == nil {
      try db.run("DELETE FROM hyperparameters WHERE run_id = ? AND name = ?", [id, RunDigest.name])
    }
  }

  /// A checkpoint's monitored value is covered by no digest, but the evaluations are that it was taken from.
  private mutating func settleMonitoredValues(_ db: Database) throws {
    for checkpoint in try db.misvaluedCheckpoints(runID: id) {
      let value = try Double.fetchOne(
        db,
        sql: """
          SELECT loss FROM evaluations WHERE run_id = ?1 AND step = ?2 AND split = coalesce(
            (SELECT CASE value WHEN 'loss' THEN 'training' WHEN 'validation_loss' THEN 'validation' END
              FROM hyperparameters WHERE run_id = ?1 AND name = 'monitor'),
            (SELECT split FROM evaluations WHERE run_id = ?1 AND step = ?2 AND split = 'validation'), 'training')
          """, arguments: [id, checkpoint.step])
      try db.run("UPDATE checkpoints SET monitor_value = ? WHERE id = ?", [value, checkpoint.id])
      losses.append(
        "the monitored value of checkpoint \(checkpoint.step) is none of its evaluations' losses: it is "
          + "\(value.map { "\($0)" } ?? "left out") now")
    }
  }

  /// Why a run cannot be taken.
  struct Unusable: Error {
    let reason: String

    init(_ reason: String) {
      self.reason = reason
    }
  }
}

/// A walk over a run's rows, step by step without a gap, with the chain of history digests over them.
private struct HistoryWalk {
  private(set) var chain: HistoryDigest
  /// The last step whose rows are in the chain.
  private(set) var step: Int
  private let db: Database
  private let runID: Int64
  private var steps: [Int: StepRecord] = [:]
  private var evaluations: [Int: [EvaluationRecord]] = [:]
  private var hiddenStates: [Int: [HiddenStateRecord]] = [:]
  private var loadedTo: Int

  /// Rows are read in stretches of so many steps.
  private static let stretch = 1_024

  init(_ db: Database, runID: Int64, after start: CheckpointRecord) throws {
    chain = try HistoryDigest(hex: start.historyDigest)
    step = start.step
    loadedTo = start.step
    self.db = db
    self.runID = runID
  }

  /// - returns: whether all steps up to that one are there.
  mutating func advance(to last: Int) throws -> Bool {
    while step < last {
      if step == loadedTo { try load() }
      guard let row = steps[step + 1] else { return false }
      step += 1
      chain.append(step: row, evaluations: evaluations[step] ?? [], hiddenStates: hiddenStates[step] ?? [])
    }
    return true
  }

  mutating func advanceToEnd() throws {
    while try advance(to: step + 1) {}
  }

  private mutating func load() throws {
    let range = step + 1...step + Self.stretch
    steps = Dictionary(
      try db.stepRows(runID, range).all(StepRecord.init(row:)).map { ($0.step, $0) },
      uniquingKeysWith: { first, _ in first })
    evaluations = Dictionary(
      grouping: try db.evaluationRows(runID, range).all(EvaluationRecord.init(row:)), by: \.step)
    hiddenStates = Dictionary(
      grouping: try db.hiddenStateRows(runID, range).all(HiddenStateRecord.init(row:)), by: \.step)
    loadedTo = range.upperBound
  }
}

extension RowCursor {
  fileprivate func all<Record>(_ record: (Row) throws -> Record) throws -> [Record] {
    var records: [Record] = []
    while let row = try next() { records.append(try record(row)) }
    return records
  }
}
