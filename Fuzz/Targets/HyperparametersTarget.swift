import Foundation
import Recurrent
import RunStore
import Sequences
import Training

/// Hyperparameters as a store holds them: a line each, a name, a letter for the type (`i`, `r`, `t`) and the value.
/// Whatever a run of a stranger's says, it is refused, or trains.
func fuzzHyperparameters(_ data: Data) {
  let rows = HyperparameterText.rows(data)
  guard let found = accepted({ try Hyperparameters(stored: rows) }) else { return }
  let again = accepted { try Hyperparameters(stored: found.stored) }
  precondition(again != nil, "what is stored for them is refused")
  for step in [1, 2, 1_000, Int.max] { _ = rates(found, step: step) }
  train(found)
}

private func rates(_ hyperparameters: Hyperparameters, step: Int) -> Double {
  var rate = LearningRate(hyperparameters.optimizer.learningRate)
  rate.schedule = hyperparameters.schedule
  rate.warmUpSteps = hyperparameters.warmUpSteps
  rate.warmUpStart = hyperparameters.warmUpStart
  var plateau = hyperparameters.plateauStart
  if case .plateau(let settings) = hyperparameters.schedule {
    for loss in [1.0, 0.5, .nan, 2] { plateau.observe(loss, settings) }
  }
  return rate.rate(step: step, plateau: plateau)
}

/// Two steps of networks that take no more than a moment, on the data that they ask for.
private func train(_ hyperparameters: Hyperparameters) {
  guard hyperparameters.isSmall, let store = SampleTrainings.store else { return }
  _ = accepted {
    var request = TrainingRequest(hyperparameters: hyperparameters)
    request.steps = 2
    if hyperparameters.data != "sine" {
      let columns = Set(hyperparameters.inputs + hyperparameters.targets).sorted()
      request.data = .table(
        try Table(
          source: "fuzz", columns: columns, values: (0..<32 * columns.count).map { Float($0 % 2) }))
    }
    let session = try TrainingSession.start(request, in: store, kernels: Kernels())
    defer { _ = accepted { try store.removeRun(session.run.id) } }
    _ = try session.train(stop: StopRequest()) { _ in }
  }
}

/// Where they train.
private enum SampleTrainings {
  static let store = accepted { try Store(path: ScratchFile.folder.appendingPathComponent("trainings.db").path) }
}

/// The text form that the corpus has of rows of `hyperparameters`.
enum HyperparameterText {
  static func rows(_ data: Data) -> [String: HyperparameterValue] {
    var rows: [String: HyperparameterValue] = [:]
    for line in data.split(separator: UInt8(ascii: "\n"), maxSplits: 200) {
      let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let text = String(decoding: parts[2], as: UTF8.self)
      let value: HyperparameterValue =
        switch String(decoding: parts[1], as: UTF8.self) {
        case "i": .integer(Int64(text) ?? .min)
        case "r": .real(Double(text) ?? .infinity)
        default: .text(text)
        }
      rows[String(decoding: parts[0], as: UTF8.self)] = value
    }
    return rows
  }

  static func text(_ rows: [String: HyperparameterValue]) -> Data {
    let lines = rows.sorted { $0.key < $1.key }.map { name, value in
      switch value {
      case .integer(let value): "\(name)\ti\t\(value)"
      case .real(let value): "\(name)\tr\t\(value)"
      case .text(let value): "\(name)\tt\t\(value)"
      }
    }
    return Data(lines.joined(separator: "\n").utf8)
  }
}
