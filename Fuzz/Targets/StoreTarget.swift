import Foundation
import Recurrent
import RunStore
import Training

/// A store: everything that the commands that read ask of it, then what the commands that write do.
///
/// Bytes that begin as a SQLite file do are taken for the store itself. Others are edits of a small valid store
/// (`StoreEdits`), as no number of random bytes keeps a database's pages in order; of these, one in eight is also written
/// to, which takes most of the time.
func fuzzStore(_ data: Data) {
  let path = ScratchFile.folder.appendingPathComponent("input.db").path
  for suffix in ["", "-wal", "-shm", "-journal", "-lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  if data.starts(with: Data("SQLite format 3".utf8)) {
    _ = ScratchFile.path(data, "db")
  } else {
    guard let file = accepted({ try StoreEdits.file(data) }) else { return }
    _ = ScratchFile.path(file, "db")
  }
  if let reader = accepted({ try StoreReader(path: path) }) {
    readAll(reader)
    trainAgain(reader)
  }
  if (data.first ?? 0) & 0xE == 2 { write(path) }
}

private func readAll(_ reader: StoreReader) {
  _ = accepted { try reader.check() }
  _ = accepted { try reader.isOfOlderVersion() }
  _ = accepted { try reader.runs() }
  _ = accepted { try reader.runs(where: "best_loss < 1 AND cell = 'rnn'") }
  for sql in ["SELECT * FROM weights", "SELECT * FROM best_checkpoints", "PRAGMA foreign_key_check"] {
    _ = accepted { try reader.query(sql, maximumRows: 100) }
  }
  for selector in ["1", "2", "last", "first-run", "ffff"] {
    guard let run = accepted({ try reader.run(selector) }) else { continue }
    readAll(of: run, reader)
  }
}

private func readAll(of run: RunRecord, _ reader: StoreReader) {
  _ = accepted { try reader.hyperparameters(runID: run.id) }
  _ = accepted { try reader.segments(runID: run.id) }
  _ = accepted { try reader.steps(runID: run.id, in: 0...Int.max) }
  _ = accepted { try reader.evaluations(runID: run.id, in: 0...Int.max) }
  _ = accepted { try reader.hiddenStates(runID: run.id, in: 0...Int.max) }
  if let id = run.datasetID { _ = accepted { try reader.dataset(id: id) } }
  for selector in [CheckpointSelector.best, .last, .step(3), .step(.max), .step(.min)] {
    guard let checkpoint = accepted({ try reader.checkpoint(runID: run.id, selector) }) else { continue }
    _ = accepted { try reader.tensors(checkpointID: checkpoint.id) }
  }
}

/// Predicts with the runs and verifies them, where the values that the store has for them take no more than a moment.
private func trainAgain(_ reader: StoreReader) {
  for selector in ["1", "2"] {
    guard let run = accepted({ try reader.run(selector) }),
      let rows = accepted({ try reader.hyperparameters(runID: run.id) }),
      let hyperparameters = accepted({ try Hyperparameters(stored: rows) }), hyperparameters.isSmall,
      let recorded = accepted({ try RecordedRun(run, in: reader) }), let kernels = accepted({ try Kernels() })
    else { continue }
    if let checkpoint = accepted({ try reader.checkpoint(runID: run.id, .last) }),
      let predictor = accepted({ try Predictor(recorded, at: checkpoint, in: reader, kernels: kernels) }),
      case .table(let table) = recorded.data, let data = accepted({ try PredictionData(table, hyperparameters) })
    {
      _ = predictor.predict(data)
    }
    guard run.stepsDone <= 100 else { continue }
    _ = accepted { try Verification.verify(selector, in: reader, kernels: kernels) { _ in } }
  }
}

/// Opens the store as a trainer does, and goes on with its last run for two steps.
private func write(_ path: String) {
  guard let store = accepted({ try Store(path: path) }) else { return }
  if let run = accepted({ try store.reader.run("last") }), run.stepsDone < 100,
    let rows = accepted({ try store.reader.hyperparameters(runID: run.id) }),
    let hyperparameters = accepted({ try Hyperparameters(stored: rows) }), hyperparameters.isSmall
  {
    _ = accepted {
      let session = try TrainingSession.resume("last", in: store, steps: run.stepsDone + 2, kernels: Kernels())
      _ = try session.train(stop: StopRequest()) { _ in }
    }
  }
  _ = accepted { try store.close() }
}

extension Hyperparameters {
  /// Whether a network of these values trains in no time.
  var isSmall: Bool {
    let network = network
    return [
      network.inputSize, network.hiddenSize, network.outputSize, network.numLayers, window, batchSize,
    ].allSatisfy { $0 <= 16 }
  }
}
