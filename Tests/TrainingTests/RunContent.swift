import RunStore
import Training

/// Everything of a run that equal trainings share: no ids, no times.
struct RunContent {
  var run: RunRecord
  /// The rows as they are, training time included.
  var steps: [StepRecord]
  var evaluations: [EvaluationRecord]
  var hiddenStates: [HiddenStateRecord]
  /// By step.
  var checkpoints: [Int: Checkpoint]
  /// What the best checkpoint is chosen by.
  var monitored: [EvaluationRecord]

  /// A checkpoint with its tensors.
  struct Checkpoint: Equatable {
    var reason: CheckpointReason
    var monitorValue: Double?
    var digest: String
    var historyDigest: String
    /// Each tensor's shape and bits, by kind and name.
    var tensors: [String: [UInt32]]
  }

  init(_ selector: String, in reader: StoreReader) throws {
    run = try reader.run(selector)
    steps = try reader.steps(runID: run.id, in: 0...Int.max)
    evaluations = try reader.evaluations(runID: run.id, in: 0...Int.max)
    hiddenStates = try reader.hiddenStates(runID: run.id, in: 0...Int.max)
    checkpoints = [:]
    let part = try Hyperparameters(stored: reader.hyperparameters(runID: run.id)).monitored.part.rawValue
    monitored = evaluations.filter { $0.split == part }
    for row in try reader.checkpoints(runID: run.id) {
      var tensors: [String: [UInt32]] = [:]
      for tensor in try reader.tensors(checkpointID: row.id) {
        tensors["\(tensor.kind.rawValue) \(tensor.name) \(tensor.shape)"] = tensor.values.map(\.bitPattern)
      }
      checkpoints[row.step] = Checkpoint(
        reason: row.reason, monitorValue: row.monitorValue, digest: row.digest, historyDigest: row.historyDigest,
        tensors: tensors)
    }
  }

  var checkpointSteps: [Int] { checkpoints.keys.sorted() }
  /// The checkpoint with the lowest monitored value, the earliest of equals.
  var bestStep: Int? {
    checkpoints.compactMap { step, checkpoint in checkpoint.monitorValue.map { ($0, step) } }.min { $0 < $1 }?.1
  }
}

extension RunContent {
  /// What differs from the record of a training that should be equal, in words; empty when every bit is the same.
  ///
  /// Training times and the reasons of checkpoints may differ. Checkpoints are compared where both have one, and both
  /// must have the last step's and the best; a fork's best is the best since its beginning.
  func differences(from other: RunContent, sameBest: Bool = true) -> [String] {
    var found: [String] = []
    func compare<Row: Equatable>(_ what: String, _ a: [Row], _ b: [Row]) {
      if let index = zip(a, b).enumerated().first(where: { $1.0 != $1.1 })?.offset {
        found.append("\(what) \(index): \(a[index]) against \(b[index])")
      } else if a.count != b.count {
        found.append("\(a.count) \(what) against \(b.count)")
      }
    }
    compare("steps", steps.map(\.bits), other.steps.map(\.bits))
    compare("evaluations", evaluations.map(\.bits), other.evaluations.map(\.bits))
    compare("hidden states", hiddenStates.map(\.bits), other.hiddenStates.map(\.bits))
    compare("last checkpoints", [checkpointSteps.last], [other.checkpointSteps.last])
    if sameBest { compare("best checkpoints", [bestStep], [other.bestStep]) }
    for (step, mine) in checkpoints {
      guard var theirs = other.checkpoints[step] else { continue }
      theirs.reason = mine.reason
      if mine != theirs { found.append("the checkpoint of step \(step)") }
    }
    return found
  }

  /// The first step after `step` whose evaluation was the lowest until then.
  func firstBest(after step: Int) -> Int {
    monitored.first { evaluation in
      evaluation.step > step && monitored.allSatisfy { $0.step >= evaluation.step || $0.loss > evaluation.loss }
    }?.step ?? .max
  }

  /// The checkpoints called `best` that were not the lowest value when they were written; must be empty.
  var falseBests: [Int] {
    checkpoints.filter { step, checkpoint in
      guard checkpoint.reason == .best, let value = checkpoint.monitorValue else { return false }
      return monitored.contains { $0.step < step && $0.loss <= value }
    }.map(\.key).sorted()
  }
}

extension StepRecord {
  /// All that is no time, as bits.
  var bits: [UInt64] {
    [UInt64(step), loss.bitPattern, learningRate.bitPattern, gradientNorm.bitPattern]
  }
}

extension EvaluationRecord {
  var bits: [String] { ["\(step)", split, "\(loss.bitPattern)"] }
}

extension HiddenStateRecord {
  var bits: [String] { ["\(step)", name, "\(shape)"] + values.map { "\($0.bitPattern)" } }
}
