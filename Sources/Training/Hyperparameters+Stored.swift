import Foundation
import Recurrent
import RunStore

/// The rows of the table `hyperparameters`: numbers stay numbers, switches are 0 or 1, lists are JSON.
extension Hyperparameters {
  /// The rows, defaults included.
  public var stored: [String: HyperparameterValue] {
    var rows = storedAlways
    rows["forked_from"] = forkedFrom.map { .text($0) }
    return rows
  }

  private var storedAlways: [String: HyperparameterValue] {
    [
      "data": .text(data), "inputs": .text(json(inputs)), "targets": .text(json(targets)),
      "shift": .integer(Int64(shift)), "window": .integer(Int64(window)), "batch_size": .integer(Int64(batchSize)),
      "data_origin": .integer(Int64(dataOrigin)),
      "cell": .text("rnn"), "num_layers": .integer(1), "bidirectional": .integer(0),
      "input_size": .integer(Int64(inputs.count)), "hidden_size": .integer(Int64(hiddenSize)),
      "output_size": .integer(Int64(targets.count)), "nonlinearity": .text(nonlinearity.rawValue),
      "bias": .integer(hasBias ? 1 : 0), "output_bias": .integer(hasOutputBias ? 1 : 0),
      "biases": .text(biases.rawValue), "init": .text(initialization),
      "loss": .text("mse"), "optimizer": .text("adam"), "learning_rate": .real(adam.learningRate),
      "beta1": .real(adam.beta1), "beta2": .real(adam.beta2), "epsilon": .real(adam.epsilon),
      "checkpoint_every": .integer(Int64(checkpointEvery)),
      "keep": keep.map { .integer(Int64($0)) } ?? .text("all"),
      "evaluate_every": .integer(Int64(evaluateEvery)),
      "record_hidden_every": .integer(Int64(recordHiddenEvery)),
    ]
  }

  /// The values of a recorded run.
  ///
  /// - Throws: `TrainingError` naming the row that is missing or that this version doesn't know.
  public init(stored rows: [String: HyperparameterValue]) throws {
    let reader = StoredValues(rows: rows)
    try reader.expect("cell", "rnn")
    try reader.expect("optimizer", "adam")
    try reader.expect("loss", "mse")
    self.init()
    data = try reader.text("data")
    inputs = try reader.list("inputs")
    targets = try reader.list("targets")
    shift = try reader.integer("shift")
    window = try reader.integer("window")
    batchSize = try reader.integer("batch_size")
    dataOrigin = try reader.integer("data_origin")
    forkedFrom = rows["forked_from"] == nil ? nil : try reader.text("forked_from")
    hiddenSize = try reader.integer("hidden_size")
    nonlinearity = try reader.choice("nonlinearity")
    hasBias = try reader.integer("bias") != 0
    hasOutputBias = try reader.integer("output_bias") != 0
    biases = try reader.choice("biases")
    initialization = try reader.text("init")
    adam = Adam.Settings(learningRate: try reader.real("learning_rate"))
    adam.beta1 = try reader.real("beta1")
    adam.beta2 = try reader.real("beta2")
    adam.epsilon = try reader.real("epsilon")
    checkpointEvery = try reader.integer("checkpoint_every")
    keep = rows["keep"] == .text("all") ? nil : try reader.integer("keep")
    evaluateEvery = try reader.integer("evaluate_every")
    recordHiddenEvery = try reader.integer("record_hidden_every")
    try validate()
  }

  private func json(_ names: [String]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // An array of strings always has a JSON text.
    return (try? encoder.encode(names)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }
}

/// Typed access to rows of `hyperparameters`.
private struct StoredValues {
  let rows: [String: HyperparameterValue]

  func integer(_ name: String) throws -> Int {
    guard case .integer(let value) = rows[name] else { throw unusable(name, "an integer") }
    return Int(value)
  }

  func real(_ name: String) throws -> Double {
    switch rows[name] {
    case .real(let value): return value
    case .integer(let value): return Double(value)
    default: throw unusable(name, "a number")
    }
  }

  func text(_ name: String) throws -> String {
    guard case .text(let value) = rows[name] else { throw unusable(name, "a text") }
    return value
  }

  func list(_ name: String) throws -> [String] {
    guard let list = try? JSONDecoder().decode([String].self, from: Data(text(name).utf8)) else {
      throw unusable(name, "a JSON list of names")
    }
    return list
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) throws -> Choice
  where Choice.RawValue == String {
    guard let value = Choice(rawValue: try text(name)) else {
      throw unusable(name, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  func expect(_ name: String, _ expected: String) throws {
    guard rows[name] == .text(expected) else { throw unusable(name, "\"\(expected)\"") }
  }

  private func unusable(_ name: String, _ expected: String) -> TrainingError {
    let found = rows[name].map { "is \($0)" } ?? "is missing"
    return TrainingError(
      "the run's hyperparameter \"\(name)\" \(found); this version of Keepstep expects \(expected)",
      hint: "use the version that trained the run; `keepstep show` names it")
  }
}
