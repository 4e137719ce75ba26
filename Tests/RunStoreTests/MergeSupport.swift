import Foundation
import RunStore
import Testing

/// Tests make their own digests of data: the sum of the values, written 64 digits long.
func sumDigest(_ dataset: DatasetRecord, _ hyperparameters: [String: HyperparameterValue]) -> String {
  let sum = String(Int((dataset.values ?? []).reduce(0) { 10 * $0 + $1 }))
  return String(repeating: "0", count: 64 - sum.count) + sum
}

/// A dataset whose digest `sumDigest` finds again.
func summedDataset(_ values: [Float] = [1, 2, 3, 4, 5, 6]) -> NewDataset {
  let record = DatasetRecord(id: 1, sha256: "", source: "data.csv", columns: ["a", "b"], rows: 3, values: values)
  return NewDataset(sha256: sumDigest(record, [:]), source: "data.csv", columns: ["a", "b"], rows: 3, values: values)
}

extension TemporaryFolder {
  /// Merges one store of the folder into another, which is made if need be.
  @discardableResult
  func merge(_ other: String = "other.db", into name: String = "keepstep.db") throws -> [MergedRun] {
    let store = try Store(path: path(name))
    defer { try? store.close() }
    return try store.merge(try StoreReader(path: path(other)), datasetDigest: sumDigest)
  }

  /// Copies a closed store, as a person would.
  func copy(_ from: String = "keepstep.db", to: String = "other.db") throws {
    try FileManager.default.copyItem(atPath: path(from), toPath: path(to))
  }

  /// Everything in a store, as the real sqlite3 program prints it: equal texts are equal rows, ids included.
  func dump(_ name: String = "keepstep.db") throws -> String {
    try sqlite3(".dump", database: name)
  }

  /// What a store says of its runs, whatever ids and names it gives them: a line a row, with the run's uuid.
  func content(_ name: String = "keepstep.db") throws -> [String: [String]] {
    let reader = try StoreReader(path: path(name))
    #expect(try reader.check().findings == [])
    return try Self.selects.mapValues { select in
      try reader.query(select).rows.map { "\($0)" }
    }
  }

  private static let selects = [
    "runs": """
    SELECT runs.uuid, status, parent.uuid, checkpoints.step, sha256, source, columns, rows, data, seed, steps_planned,
      steps_done, runs.created_at, updated_at, finished_at, failure, note
    FROM runs LEFT JOIN datasets ON datasets.id = dataset_id LEFT JOIN checkpoints
      ON checkpoints.id = parent_checkpoint_id LEFT JOIN (SELECT id AS parent_id, uuid FROM runs) AS parent
      ON parent_id = checkpoints.run_id ORDER BY runs.uuid
    """,
    "hyperparameters": ofRuns("hyperparameters.name, value, typeof(value)", "hyperparameters", "hyperparameters.name"),
    "segments": ofRuns(
      "first_step, last_step, started_at, ended_at, end_reason, host, pid, keepstep_version, numerics_version, "
        + "instruction_set, threads", "segments", "segments.id"),
    "steps": ofRuns("step, loss, learning_rate, gradient_norm, train_seconds, accuracy", "steps", "step"),
    "evaluations": ofRuns("step, split, loss, accuracy", "evaluations", "step, split"),
    "hidden states": ofRuns("step, hidden_states.name, shape, data", "hidden_states", "step, hidden_states.name"),
    "checkpoints": ofRuns(
      "step, reason, monitor_value, checkpoints.created_at, digest, history_digest, pinned", "checkpoints", "step"),
    "tensors": ofRuns(
      "step, kind, tensors.name, part, shape, data",
      "(SELECT run_id, step, tensors.* FROM tensors JOIN checkpoints ON checkpoints.id = checkpoint_id) AS tensors",
      "step, kind, tensors.name, part"),
    "tags": ofRuns("tag", "tags", "tag"),
  ]

  private static func ofRuns(_ columns: String, _ table: String, _ order: String) -> String {
    "SELECT uuid, \(columns) FROM \(table) JOIN runs ON runs.id = run_id ORDER BY uuid, \(order)"
  }
}

extension Store {
  /// Goes on with a run from its newest checkpoint as a trainer would, up to a step that it records with a checkpoint.
  ///
  /// - parameter loss: a factor on each loss; 1 trains what `SampleTrainer` would.
  /// - parameter tensors: likewise, on those of the checkpoint.
  func goOn(
    with runID: Int64, to last: Int, loss: Double = 1, tensors: Float = 1, _ status: RunStatus = .interrupted
  ) throws {
    let lock = try lockRun(runID)
    defer { lock.unlock() }
    let newest = try #require(try reader.checkpoints(runID: runID).last)
    let segmentID = try beginSegment(runID: runID, sampleSegment(firstStep: newest.step + 1), lock)
    var history = try HistoryDigest(hex: newest.historyDigest)
    var batch = RunBatch(runID: runID, segmentID: segmentID)
    let done = try reader.run("\(runID)").stepsDone
    for number in newest.step + 1...last {
      var step = sampleStep(number)
      step.loss *= loss
      let evaluations = number % 10 == 0 ? [EvaluationRecord(step: number, split: "training", loss: 2 * step.loss)] : []
      let states =
        number % 5 == 0
        ? [HiddenStateRecord(step: number, name: "H", shape: [1, 3], values: [Float(number), -0.0, 0.5])] : []
      history.append(step: step, evaluations: evaluations, hiddenStates: states)
      guard number > done else { continue }
      batch.steps.append(step)
      batch.evaluations += evaluations
      batch.hiddenStates += states
    }
    batch.checkpoints = [
      NewCheckpoint(
        step: last, reason: .signal, monitorValue: 1 / Double(last), historyDigest: history.hex,
        tensors: sampleTensors(tensors * Float(last + 1)))
    ]
    batch.end = RunEnd(status: status)
    try append(batch)
  }
}

/// A store with one run of 20 steps, interrupted and closed.
func interruptedStore(_ folder: TemporaryFolder, _ new: NewRun = sampleRun(name: "river")) throws {
  let store = try Store(path: folder.path())
  var trainer = try SampleTrainer(store, new)
  try trainer.train(20, end: RunEnd(status: .interrupted))
  trainer.lock.unlock()
  try store.close()
}
