import Recurrent
import RunStore

/// Counts of rows and checkpoints that were trained again and found equal to the bit.
public struct Compared: Sendable, Hashable {
  /// Rows of `steps`.
  public var steps = 0
  /// Rows of `evaluations`.
  public var evaluations = 0
  /// Rows of `hidden_states`.
  public var hiddenStates = 0
  /// Checkpoints, with all of their tensors.
  public var checkpoints = 0
}

/// Compares steps that are trained again with what is recorded of them, bit for bit.
///
/// Rows are read in stretches. The first difference throws; history is never overwritten.
final class Replay {
  private let reader: StoreReader
  private let run: RunRecord
  /// Mends a damaged checkpoint with the tensors made again, if it can; nil where nothing may be written.
  private let mend: Mend?
  /// The last recorded step.
  let last: Int
  private let checkpoints: [Int: CheckpointRecord]
  private let room: TrainingState
  private var first = 0
  private var steps: [StepRecord] = []
  private var evaluations: [Int: [EvaluationRecord]] = [:]
  private var hiddenStates: [Int: [HiddenStateRecord]] = [:]
  /// The chain over all that was compared.
  private(set) var history: HistoryDigest
  /// How much was compared and found equal.
  private(set) var compared = Compared()
  /// The training time of the last step that was compared.
  private(set) var secondsRecorded = 0.0

  private static let stretch = 1_024

  typealias Mend = (CheckpointRecord, [CheckpointTensor]) throws -> Bool

  /// A comparison that begins after a checkpoint whose history digest is `history`.
  init(
    reader: StoreReader, run: RunRecord, hyperparameters: Hyperparameters, history: HistoryDigest, mend: Mend? = nil
  ) throws {
    self.history = history
    self.mend = mend
    self.reader = reader
    self.run = run
    last = run.stepsDone
    checkpoints = Dictionary(
      try reader.checkpoints(runID: run.id).map { ($0.step, $0) }, uniquingKeysWith: { first, _ in first })
    room = try TrainingState(hyperparameters)
  }

  /// - Throws: `TrainingError` naming the first difference.
  func compare(_ outcome: StepOutcome, of trainer: Trainer) throws {
    try tellingDamage(from: outcome.row.step) { try compareAll(outcome, trainer) }
  }

  private func compareAll(_ outcome: StepOutcome, _ trainer: Trainer) throws {
    let step = outcome.row.step
    if !(first..<first + steps.count).contains(step) { try load(from: step) }
    try compareRow(outcome.row)
    try compareEvaluation(outcome)
    try compareHidden(outcome, trainer)
    history.append(
      step: steps[step - first], evaluations: evaluations[step] ?? [], hiddenStates: hiddenStates[step] ?? [])
    secondsRecorded = steps[step - first].trainSeconds
    if let checkpoint = checkpoints[step] { try compareCheckpoint(checkpoint, trainer) }
  }

  private func compareCheckpoint(_ checkpoint: CheckpointRecord, _ trainer: Trainer) throws {
    try compareState(checkpoint, trainer)
    guard checkpoint.historyDigest == history.hex else {
      throw difference(checkpoint.step, "history digest", checkpoint.historyDigest, history.hex)
    }
  }

  /// Compares the trainer's state with a checkpoint's tensors.
  func compareState(_ checkpoint: CheckpointRecord, _ trainer: Trainer) throws {
    try tellingDamage(from: checkpoint.step) {
      trainer.capture(into: room)
      do {
        guard let recorded = try tensors(of: checkpoint) else { return }
        try compare(recorded, with: room.tensors(), at: checkpoint.step)
      } catch let damage as StoreError where damage.kind == .damaged {
        try mend(checkpoint, damage)
      }
      compared.checkpoints += 1
    }
  }

  /// The digest, or the stored tensors, are what the training came to again: the other of the two is the damaged one.
  private func mend(_ checkpoint: CheckpointRecord, _ damage: StoreError) throws {
    guard let mend, try mend(checkpoint, room.tensors()) else { throw damage }
  }

  /// A checkpoint's tensors, their digest checked; nil when a trainer at work has removed it to make room.
  private func tensors(of checkpoint: CheckpointRecord) throws -> [CheckpointTensor]? {
    do {
      return try reader.tensors(checkpointID: checkpoint.id)
    } catch let error as StoreError where error.kind == .missing {
      return nil
    }
  }

  private func compare(_ recorded: [CheckpointTensor], with trained: [CheckpointTensor], at step: Int) throws {
    for (old, new) in zip(ordered(recorded), ordered(trained)) {
      guard (old.kind, old.name, old.shape) == (new.kind, new.name, new.shape) else {
        throw difference(step, "tensors", "\(old.name) \(old.shape)", "\(new.name) \(new.shape)")
      }
      let index = zip(old.values, new.values).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }
      if let (index, (a, b)) = index {
        throw difference(step, "\(old.kind.rawValue) tensor \(old.name), value \(index)", "\(a)", "\(b)")
      }
    }
    guard recorded.count == trained.count else {
      throw difference(step, "checkpoint", "\(recorded.count) tensors", "\(trained.count) tensors")
    }
  }

  private func ordered(_ tensors: [CheckpointTensor]) -> [CheckpointTensor] {
    tensors.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
  }

  private func load(from step: Int) throws {
    let range = step...min(last, step + Self.stretch - 1)
    first = step
    steps = try reader.steps(runID: run.id, in: range)
    evaluations = Dictionary(grouping: try reader.evaluations(runID: run.id, in: range), by: \.step)
    hiddenStates = Dictionary(grouping: try reader.hiddenStates(runID: run.id, in: range), by: \.step)
  }

  private func compareRow(_ row: StepRecord) throws {
    let index = row.step - first
    guard steps.indices.contains(index), steps[index].step == row.step else {
      throw TrainingError(
        "run \(run.name), step \(row.step): trained again, but its row is missing from the record",
        hint: wayOut)
    }
    let old = steps[index]
    try compare(row.step, "loss", old.loss, row.loss)
    try compare(row.step, "learning rate", old.learningRate, row.learningRate)
    try compare(row.step, "gradient norm", old.gradientNorm, row.gradientNorm)
    try compare(row.step, "accuracy", old.accuracy, row.accuracy)
    compared.steps += 1
  }

  private func compareEvaluation(_ outcome: StepOutcome) throws {
    let step = outcome.row.step
    let old = evaluations[step] ?? []
    let new = outcome.evaluationRecords
    guard old.map(\.split) == new.map(\.split) else {
      throw difference(step, "evaluations", Self.parts(old), Self.parts(new))
    }
    for (old, new) in zip(old, new) {
      try compare(step, "evaluation (\(old.split))", old.loss, new.loss)
      try compare(step, "evaluation's accuracy (\(old.split))", old.accuracy, new.accuracy)
      compared.evaluations += 1
    }
  }

  private static func parts(_ evaluations: [EvaluationRecord]) -> String {
    evaluations.isEmpty ? "none" : evaluations.map(\.split).joined(separator: " and ")
  }

  /// Refuses a record that goes on where the training, trained again, stops early.
  ///
  /// - Throws: `TrainingError` naming both steps.
  func requireStop(at step: Int, in trainer: Trainer) throws {
    guard trainer.hasStoppedEarly, step < last else { return }
    throw TrainingError(
      "run \(run.name), step \(step): trained again it stops early, and the record goes on to step \(last)",
      hint: wayOut)
  }

  private func compareHidden(_ outcome: StepOutcome, _ trainer: Trainer) throws {
    let step = outcome.row.step
    let old = hiddenStates[step] ?? []
    let expected = outcome.hiddenIsDue ? room.states.entries : []
    guard old.count == expected.count else {
      throw difference(step, "hidden states", "\(old.count) rows", "\(expected.count)")
    }
    guard Set(old.map(\.name)) == Set(expected.map(\.name)) else {
      throw difference(step, "hidden states", "\(old.map(\.name))", "\(expected.map(\.name))")
    }
    if expected.isEmpty { return }
    trainer.window.copyStates(to: room.stateValues)
    for entry in expected {
      guard let record = old.first(where: { $0.name == entry.name }) else { continue }
      try compareHidden(record, entry, step)
    }
    compared.hiddenStates += expected.count
  }

  private func compareHidden(_ old: HiddenStateRecord, _ entry: TensorDirectory.Entry, _ step: Int) throws {
    guard old.values.count == entry.count else {
      throw difference(step, "hidden state \(old.name)", "\(old.values.count) values", "\(entry.count)")
    }
    let new = room.stateValues.pointer + entry.offset
    for (index, value) in old.values.enumerated() where value.bitPattern != new[index].bitPattern {
      throw difference(step, "hidden state \(old.name), value \(index)", "\(value)", "\(new[index])")
    }
  }

  private func compare(_ step: Int, _ what: String, _ old: Double?, _ new: Double?) throws {
    guard old?.bitPattern == new?.bitPattern else {
      throw difference(step, what, old.map { "\($0)" } ?? "nothing", new.map { "\($0)" } ?? "nothing")
    }
  }

  private func difference(_ step: Int, _ what: String, _ old: String, _ new: String) -> TrainingError {
    TrainingError(
      "run \(run.name), step \(step): \(what) is recorded as \(old), and training it again gives \(new)", hint: wayOut)
  }

  /// Damage that the store itself finds is a difference as well.
  private func tellingDamage(from step: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as StoreError where error.kind == .damaged {
      throw TrainingError(
        "run \(run.name), from step \(step) on: the record is not as it was written: \(error.message)", hint: wayOut)
    }
  }

  private var wayOut: String {
    "the record stays as it is; `keepstep fork \(run.id)@STEP` goes on from a checkpoint as a new run, and "
      + "`keepstep check` looks for damage"
  }
}
