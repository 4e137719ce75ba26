import Recurrent
import RunStore
import Sequences
import Training

/// Predictions of several runs over the same rows, beside inputs and targets.
struct PredictionTable {
  /// The rows.
  let data: PredictionData
  /// What shaped the first run; the others have the same columns.
  let hyperparameters: Hyperparameters
  /// Each run's outputs [rows, O].
  let outputs: [[Float]]
  /// Each run's name, with its checkpoint where it was named.
  let labels: [String]

  /// Runs the networks.
  ///
  /// - Parameters:
  ///   - dataPath: a file to predict instead of the runs' own data.
  ///   - windows: how many windows of the sine task.
  /// - Throws: `CommandError` when the runs predict different things.
  init(
    _ references: [RunReference], in reader: StoreReader, dataPath: String? = nil, windows: Int? = nil,
    kernels: Kernels
  ) throws {
    let found = try references.map { reference in
      let (record, checkpoint) = try reference.resolve(in: reader)
      return (run: try RecordedRun.forPrediction(record, in: reader, dataPath: dataPath), checkpoint: checkpoint)
    }
    guard let first = found.first?.run else { throw CommandError("no run is named") }
    for other in found.dropFirst().map(\.run) { try Self.requireSameData(first, other) }
    let data = try Self.data(found.map(\.run), windows: windows)
    self.data = data
    hyperparameters = first.hyperparameters
    outputs = try found.map { run, checkpoint in
      try Predictor(run, at: checkpoint, in: reader, kernels: kernels).predict(data)
    }
    labels = zip(references, found).map { reference, found in
      let name = found.run.record.name
      return reference.checkpoint.map { "\(name)@\($0)" } ?? name
    }
  }

  private static func requireSameData(_ a: RecordedRun, _ b: RecordedRun) throws {
    let (x, y) = (a.hyperparameters, b.hyperparameters)
    let sameRows: Bool
    switch (a.data, b.data) {
    case (.sine, .sine): sameRows = x.window == y.window
    case (.table(let a), .table(let b)): sameRows = a.digest == b.digest
    default: sameRows = false
    }
    guard sameRows, (x.inputs, x.targets, x.shift, x.batchSize) == (y.inputs, y.targets, y.shift, y.batchSize) else {
      throw CommandError(
        "runs \(a.record.name) and \(b.record.name) predict different rows or columns, and share no table",
        hint: "predict them one at a time")
    }
  }

  private static func data(_ runs: [RecordedRun], windows: Int?) throws -> PredictionData {
    let hyperparameters = runs[0].hyperparameters
    switch runs[0].data {
    case .table(let table): return try PredictionData(table, hyperparameters)
    case .sine:
      let sine = try SineTask(window: hyperparameters.window, batchSize: hyperparameters.batchSize)
      let trained = runs.map(\.record.stepsDone).max() ?? 0
      // As many rows as anyone looks at; a window may have millions.
      let fitting = max(1, 1_000_000 / (sine.window * sine.batchSize))
      return PredictionData(sine, windows: windows ?? min(1_000, fitting, max(1, trained)))
    }
  }

  /// `row`, within its `sequence` where there are several, the inputs, the targets, and a column for each target and run.
  var columns: [String] {
    let (inputs, targets) = (hyperparameters.inputs, hyperparameters.targets)
    let predicted = labels.flatMap { label in
      targets.map { labels.count == 1 ? "predicted_\($0)" : "predicted_\($0)_\(label)" }
    }
    // A column may be input and target of different rows.
    return (data.sequenceLength == nil ? ["row"] : ["sequence", "row"]) + inputs
      + targets.map { inputs.contains($0) ? "target_\($0)" : $0 } + predicted
  }

  /// All of it.
  var table: ResultTable {
    ResultTable(columns: columns, rows: (0..<data.rowCount).map(row))
  }

  private func row(_ index: Int) -> [StoreValue] {
    let (I, O) = (hyperparameters.inputs.count, hyperparameters.targets.count)
    let inputs = data.inputs[index * I..<(index + 1) * I].map(StoreValue.init)
    let targets = data.targets[index * O..<(index + 1) * O].map { $0.isNaN ? .null : StoreValue($0) }
    let predictions = outputs.flatMap { $0[index * O..<(index + 1) * O].map(StoreValue.init) }
    guard let length = data.sequenceLength else { return [.integer(Int64(index))] + inputs + targets + predictions }
    let (sequence, row) = index.quotientAndRemainder(dividingBy: length)
    return [.integer(Int64(sequence)), .integer(Int64(row))] + inputs + targets + predictions
  }
}

extension StoreValue {
  /// The shortest decimal that gives the float32 back.
  fileprivate init(_ value: Float) {
    self = .real(Double(value.description) ?? Double(value))
  }
}
