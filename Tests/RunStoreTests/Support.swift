import Foundation
import RunStore
import Testing

/// A folder of its own for a test. All of them go when the tests end: Swift may release a folder right after its last
/// mention, while a store in it is still open.
struct TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = Self.root.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  private static let root: URL = {
    atexit { try? FileManager.default.removeItem(at: TemporaryFolder.root) }
    return FileManager.default.temporaryDirectory.appendingPathComponent("store-tests-\(UUID().uuidString)")
  }()

  func path(_ name: String = "keepstep.db") -> String { url.appendingPathComponent(name).path }

  /// The names of its files, in order.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  /// Runs the real sqlite3 program on a store in this folder.
  @discardableResult
  func sqlite3(_ sql: String, database: String = "keepstep.db") throws -> String {
    let result = try runProgram("sqlite3", ["-bail", database, sql], in: url)
    #expect(result.status == 0, "\(sql): \(result.errors)")
    return result.output
  }
}

/// What a program printed, and its exit status.
struct ProgramResult {
  var status: Int32
  var output: String
  var errors: String
}

/// Runs a program to its end; a program that is missing shows as status 127.
func runProgram(_ name: String, _ arguments: [String], input: String? = nil, in folder: URL) throws -> ProgramResult {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [name] + arguments
  process.currentDirectoryURL = folder
  // Through files: a pipe that nobody empties would stop a program that prints much.
  let names = ["in", "out", "err"].map { folder.appendingPathComponent(".\(UUID().uuidString).\($0)") }
  defer { for name in names { try? FileManager.default.removeItem(at: name) } }
  try Data((input ?? "").utf8).write(to: names[0])
  for name in names[1...] { try Data().write(to: name) }
  process.standardInput = try FileHandle(forReadingFrom: names[0])
  process.standardOutput = try FileHandle(forWritingTo: names[1])
  process.standardError = try FileHandle(forWritingTo: names[2])
  try process.run()
  process.waitUntilExit()
  return ProgramResult(
    status: process.terminationStatus, output: try String(contentsOf: names[1], encoding: .utf8),
    errors: try String(contentsOf: names[2], encoding: .utf8))
}

/// The error that `body` throws.
func storeError(_ body: () throws -> Void) throws -> StoreError {
  try #require(throws: StoreError.self) { try body() }
}

/// The tensors of a small network: I 1, H 3, O 1, with the optimizer's first moments and a hidden state of B 2.
func sampleTensors(_ scale: Float = 1) -> [CheckpointTensor] {
  func tensor(_ kind: TensorKind, _ name: String, _ shape: [Int]) -> CheckpointTensor {
    let count = shape.reduce(1, *)
    let seed = Float(name.utf8.reduce(0) { $0 + Int($1) })
    return CheckpointTensor(
      kind: kind, name: name, shape: shape, values: (0..<count).map { scale * (seed + Float($0)) / 1024 })
  }
  return [
    tensor(.weight, "W_xh", [1, 3]), tensor(.weight, "W_hh", [3, 3]), tensor(.weight, "b_h", [3]),
    tensor(.weight, "W_hq", [3, 1]), tensor(.weight, "b_q", [1]), tensor(.optimizer, "W_hh.m", [3, 3]),
    tensor(.hidden, "H", [2, 3]),
  ]
}

func sampleStep(_ step: Int) -> StepRecord {
  StepRecord(
    step: step, loss: 1 / Double(step), learningRate: 0.02, gradientNorm: 0.1 * Double(step),
    trainSeconds: 0.001 * Double(step))
}

func sampleSegment(firstStep: Int = 1) -> NewSegment {
  NewSegment(
    firstStep: firstStep, keepstepVersion: "0.1.0", numericsVersion: 1, instructionSet: "scalar", threads: 1)
}

func sampleRun(
  name: String? = nil, firstStep: Int = 0, dataset: NewDataset? = nil, parent: Int64? = nil,
  tensors: [CheckpointTensor] = sampleTensors()
) -> NewRun {
  NewRun(
    name: name, parentCheckpointID: parent, dataset: dataset, seed: 7, stepsPlanned: 300,
    hyperparameters: [
      "cell": .text("rnn"), "hidden_size": .integer(3), "num_layers": .integer(1), "learning_rate": .real(0.02),
    ],
    firstCheckpoint: NewCheckpoint(
      step: firstStep, reason: .start, historyDigest: HistoryDigest.start.hex, tensors: tensors))
}

func sampleDataset(_ digit: Character = "a", embedded: Bool = true) -> NewDataset {
  NewDataset(
    sha256: String(repeating: digit, count: 64), source: "data.csv", columns: ["flow", "level \"m\""], rows: 3,
    values: embedded ? [1, 2, 3, -0.0, 5, 6] : nil)
}

/// A trainer's hold on a run in a store: writes steps as a training would, with the true history chain.
struct SampleTrainer {
  let store: Store
  let run: RunRecord
  let lock: RunLock
  let segmentID: Int64
  private(set) var step: Int
  private(set) var history = HistoryDigest.start
  /// Whether the next steps and evaluations have an accuracy.
  var hasClassTargets = false

  init(_ store: Store, _ new: NewRun = sampleRun()) throws {
    self.store = store
    (run, lock, segmentID) = try store.createRun(new, segment: sampleSegment(firstStep: new.firstCheckpoint.step + 1))
    step = new.firstCheckpoint.step
  }

  /// A batch of the next `count` steps, with a hidden state at every fifth and an evaluation at every tenth step.
  mutating func batch(_ count: Int) -> RunBatch {
    var batch = RunBatch(runID: run.id, segmentID: segmentID)
    for _ in 0..<count {
      step += 1
      var row = sampleStep(step)
      row.accuracy = hasClassTargets ? Double(step % 8) / 7 : nil
      let evaluations =
        step % 10 == 0
        ? [EvaluationRecord(step: step, split: "training", loss: row.loss * 2, accuracy: row.accuracy)] : []
      let states =
        step % 5 == 0
        ? [HiddenStateRecord(step: step, name: "H", shape: [1, 3], values: [Float(step), -0.0, 0.5])] : []
      history.append(step: row, evaluations: evaluations, hiddenStates: states)
      batch.steps.append(row)
      batch.evaluations += evaluations
      batch.hiddenStates += states
    }
    return batch
  }

  /// Records the next `count` steps and a checkpoint after them.
  mutating func train(
    _ count: Int, _ reason: CheckpointReason = .interval, monitor: Double? = nil, keep: Int? = nil, end: RunEnd? = nil
  ) throws {
    var batch = batch(count)
    batch.checkpoints = [checkpoint(reason, monitor: monitor)]
    batch.keep = keep
    batch.end = end
    try store.append(batch)
  }

  /// A checkpoint of the present step.
  func checkpoint(_ reason: CheckpointReason, monitor: Double? = nil) -> NewCheckpoint {
    NewCheckpoint(
      step: step, reason: reason, monitorValue: monitor, historyDigest: history.hex,
      tensors: sampleTensors(Float(step + 1)))
  }

  var checkpoints: [CheckpointRecord] {
    get throws { try store.reader.checkpoints(runID: run.id) }
  }
}
