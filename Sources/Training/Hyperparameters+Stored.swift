import Foundation
import Recurrent
import RunStore
import Sequences

/// The rows of the table `hyperparameters`: numbers stay numbers, switches are 0 or 1, lists are JSON.
///
/// A run of an earlier version lacks the rows of what was not there to choose; they mean the defaults.
extension Hyperparameters {
  /// The rows, defaults included.
  public var stored: [String: HyperparameterValue] {
    var rows = storedData
    for part in [storedModel, storedTraining, storedSchedule, storedRecording] {
      rows.merge(part) { first, _ in first }
    }
    return rows
  }

  private var storedData: [String: HyperparameterValue] {
    var rows: [String: HyperparameterValue] = [
      "data": .text(data), "inputs": .text(json(inputs)), "targets": .text(json(targets)),
      "shift": integer(shift), "window": integer(window), "batch_size": integer(batchSize),
      "sequences": integer(sequences), "batch_first": flag(batchFirst), "data_origin": integer(dataOrigin),
    ]
    rows["forked_from"] = forkedFrom.map { .text($0) }
    if missing != .refuse { rows["missing"] = .text(missing.rawValue) }
    rows["delimiter"] = delimiter.map { .text($0.rawValue) }
    rows["decimal"] = decimal.map { .text($0.rawValue) }
    rows["index"] = index.map { .text($0) }
    rows["series"] = series.map { .text($0) }
    rows["layout"] = layout.map { .text($0) }
    if split.validation > 0 { rows["validation"] = .real(split.validation) }
    if split.test > 0 { rows["test"] = .real(split.test) }
    if scaling.method != .none { rows["scaling"] = .text(scaling.text) }
    return rows
  }

  private var storedModel: [String: HyperparameterValue] {
    [
      "cell": .text(cell.rawValue), "num_layers": integer(numLayers), "bidirectional": flag(isBidirectional),
      "input_size": integer(network.inputSize), "hidden_size": integer(hiddenSize),
      "output_size": integer(network.outputSize), "proj_size": integer(projectionSize),
      "nonlinearity": .text(nonlinearity.rawValue), "bias": flag(hasBias), "output_bias": flag(hasOutputBias),
      "biases": .text(biases.rawValue), "dropout": .real(dropout), "init": .text(initialization),
    ]
  }

  private var storedTraining: [String: HyperparameterValue] {
    var rows: [String: HyperparameterValue] = [
      "loss": .text(loss.name), "optimizer": .text(optimizer.kind.rawValue),
      "learning_rate": .real(optimizer.learningRate), "weight_decay": .real(optimizer.weightDecay),
      "optimizer_origin": integer(optimizerOrigin),
    ]
    if case .huber(let delta) = loss { rows["huber_delta"] = .real(delta) }
    if loss.isClassification { rows["classes"] = integer(classes) }
    switch optimizer.kind {
    case .adam, .adamw:
      rows["beta1"] = .real(optimizer.beta1)
      rows["beta2"] = .real(optimizer.beta2)
      rows["epsilon"] = .real(optimizer.epsilon)
    case .sgd:
      rows["momentum"] = .real(optimizer.momentum)
      rows["nesterov"] = flag(optimizer.nesterov)
    case .rmsprop:
      rows["momentum"] = .real(optimizer.momentum)
      rows["alpha"] = .real(optimizer.alpha)
      rows["epsilon"] = .real(optimizer.epsilon)
    }
    rows["clip_norm"] = clipping.norm.map { .real($0) }
    rows["clip_value"] = clipping.value.map { .real($0) }
    return rows
  }

  private var storedRecording: [String: HyperparameterValue] {
    var rows: [String: HyperparameterValue] = [
      "checkpoint_every": integer(checkpointEvery), "keep": keep.map { integer($0) } ?? .text("all"),
      "evaluate_every": integer(evaluateEvery), "record_hidden_every": integer(recordHiddenEvery),
    ]
    rows["monitor"] = monitor.map { .text($0.rawValue) }
    rows["early_stopping"] = earlyStopping.map { integer($0) }
    return rows
  }

  /// The values of a recorded run.
  ///
  /// - Throws: `TrainingError` naming the row that is missing or that this version doesn't know.
  public init(stored rows: [String: HyperparameterValue]) throws {
    let reader = StoredValues(rows: rows)
    self.init()
    try readData(reader)
    try readModel(reader)
    try readTraining(reader)
    try readSchedule(reader)
    checkpointEvery = try reader.integer("checkpoint_every")
    keep = rows["keep"] == .text("all") ? nil : try reader.integer("keep")
    evaluateEvery = try reader.integer("evaluate_every")
    recordHiddenEvery = try reader.integer("record_hidden_every")
    if rows["monitor"] != nil { monitor = try reader.choice("monitor") }
    if rows["early_stopping"] != nil { earlyStopping = try reader.integer("early_stopping") }
    try validate()
  }

  private mutating func readData(_ reader: StoredValues) throws {
    data = try reader.text("data")
    inputs = try reader.list("inputs")
    targets = try reader.list("targets")
    shift = try reader.integer("shift")
    window = try reader.integer("window")
    batchSize = try reader.integer("batch_size")
    sequences = try reader.integer("sequences", 1)
    batchFirst = try reader.integer("batch_first", 0) != 0
    if reader.rows["missing"] != nil { missing = try reader.choice("missing") }
    if reader.rows["delimiter"] != nil { delimiter = try reader.choice("delimiter") }
    if reader.rows["decimal"] != nil { decimal = try reader.choice("decimal") }
    if reader.rows["index"] != nil { index = try reader.text("index") }
    if reader.rows["series"] != nil { series = try reader.text("series") }
    if reader.rows["layout"] != nil { layout = try reader.text("layout") }
    split = try reader.split()
    if reader.rows["scaling"] != nil { scaling = try reader.scaling() }
    dataOrigin = try reader.integer("data_origin")
    forkedFrom = reader.rows["forked_from"] == nil ? nil : try reader.text("forked_from")
  }

  private mutating func readModel(_ reader: StoredValues) throws {
    cell = try reader.choice("cell")
    hiddenSize = try reader.integer("hidden_size")
    numLayers = try reader.integer("num_layers")
    isBidirectional = try reader.integer("bidirectional") != 0
    projectionSize = try reader.integer("proj_size", 0)
    nonlinearity = try reader.choice("nonlinearity")
    hasBias = try reader.integer("bias") != 0
    hasOutputBias = try reader.integer("output_bias") != 0
    biases = try reader.choice("biases")
    dropout = try reader.real("dropout", 0)
    initialization = try reader.text("init")
  }

  private mutating func readTraining(_ reader: StoredValues) throws {
    loss = try reader.loss()
    classes = loss.isClassification ? try reader.integer("classes") : 0
    optimizer = OptimizerSettings(try reader.choice("optimizer"), learningRate: try reader.real("learning_rate"))
    optimizer.weightDecay = try reader.real("weight_decay", 0)
    optimizerOrigin = try reader.integer("optimizer_origin", 0)
    switch optimizer.kind {
    case .adam, .adamw:
      optimizer.beta1 = try reader.real("beta1")
      optimizer.beta2 = try reader.real("beta2")
      optimizer.epsilon = try reader.real("epsilon")
    case .sgd:
      optimizer.momentum = try reader.real("momentum")
      optimizer.nesterov = try reader.integer("nesterov") != 0
    case .rmsprop:
      optimizer.momentum = try reader.real("momentum")
      optimizer.alpha = try reader.real("alpha")
      optimizer.epsilon = try reader.real("epsilon")
    }
    if reader.rows["clip_norm"] != nil { clipping.norm = try reader.real("clip_norm") }
    if reader.rows["clip_value"] != nil { clipping.value = try reader.real("clip_value") }
  }

  private func json(_ names: [String]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // An array of strings always has a JSON text.
    return (try? encoder.encode(names)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }

  private func integer(_ value: Int) -> HyperparameterValue { .integer(Int64(value)) }
  private func flag(_ value: Bool) -> HyperparameterValue { .integer(value ? 1 : 0) }
}
