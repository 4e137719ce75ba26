import Foundation
import GRDB
import Recurrent
import RunStore
import Sequences
import Training

/// A small store with a run of every sort of row, made anew by each process.
enum SampleStore {
  /// As Keepstep makes it.
  static let strict = bytes(isStrict: true)
  /// The same, its tables without STRICT.
  static let lenient = bytes(isStrict: false)

  /// The tables, each with its columns, the first of which finds a row.
  static let tables: [(name: String, columns: [String])] = [
    (
      "runs",
      [
        "id", "uuid", "name", "status", "parent_checkpoint_id", "dataset_id", "seed", "steps_planned", "steps_done",
        "updated_at", "finished_at", "failure", "note",
      ]
    ),
    ("hyperparameters", ["name", "value", "run_id"]),
    ("segments", ["id", "run_id", "first_step", "last_step", "ended_at", "end_reason", "numerics_version", "threads"]),
    ("steps", ["step", "run_id", "loss", "learning_rate", "gradient_norm", "train_seconds", "accuracy"]),
    ("evaluations", ["step", "run_id", "split", "loss", "accuracy"]),
    ("checkpoints", ["id", "run_id", "step", "reason", "monitor_value", "digest", "history_digest", "pinned"]),
    ("tensors", ["name", "checkpoint_id", "kind", "part", "shape", "data"]),
    ("hidden_states", ["step", "run_id", "name", "shape", "data"]),
    ("datasets", ["id", "sha256", "source", "columns", "rows", "data"]),
    ("tags", ["tag", "run_id"]),
  ]

  private static func bytes(isStrict: Bool) -> Data {
    let url = ScratchFile.folder.appendingPathComponent("sample.db")
    do {
      for suffix in ["", "-wal", "-shm", "-lock"] { try? FileManager.default.removeItem(atPath: url.path + suffix) }
      try fill(url.path)
      let queue = try DatabaseQueue(path: url.path)
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA journal_mode = DELETE")
        if !isStrict {
          try db.execute(
            sql: """
              PRAGMA writable_schema = ON;
              UPDATE sqlite_master SET sql = replace(replace(sql, ') STRICT, WITHOUT', ') WITHOUT'), ') STRICT', ')');
              PRAGMA writable_schema = RESET
              """)
        }
      }
      try queue.close()
      return try Data(contentsOf: url)
    } catch {
      fatalError("the sample store cannot be made: \(error)")
    }
  }

  private static func fill(_ path: String) throws {
    let store = try Store(path: path)
    var sine = Hyperparameters()
    sine.hiddenSize = 2
    sine.window = 3
    sine.checkpointEvery = 3
    sine.evaluateEvery = 2
    sine.recordHiddenEvery = 2
    sine.schedule = .plateau(Plateau())
    var request = TrainingRequest(hyperparameters: sine)
    request.name = "first-run"
    try train(request, store)

    var table = sine
    table.data = "flow.csv"
    table.inputs = ["a"]
    table.targets = ["b"]
    table.cell = .lstm
    table.schedule = .cosine(steps: 4, minimum: 0)
    table.loss = .crossEntropy
    table.classes = 2
    request = TrainingRequest(hyperparameters: table)
    let values: [Float] = [0, 1, 2, 0, 4, 1, 6, 0, 8, 1, 10, 0, 12, 1, 14, 0]
    request.data = .table(try Table(source: "flow.csv", columns: ["a", "b"], values: values))
    try train(request, store)
    try store.close()
  }

  private static func train(_ request: TrainingRequest, _ store: Store) throws {
    var request = request
    request.steps = 6
    let session = try TrainingSession.start(request, in: store, kernels: Kernels())
    _ = try session.train(stop: StopRequest()) { _ in }
  }
}
