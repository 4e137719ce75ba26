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
  /// The part of each row's target, where all runs have parted their data alike.
  let parts: [Split.Part?]?

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
      // The rows are one run's as the other's; where they are parted, and so where streams begin, is not.
      let own = try run.table.map { try PredictionData($0, run.hyperparameters) } ?? data
      return try Predictor(run, at: checkpoint, in: reader, kernels: kernels).predict(own)
    }
    let splits = Set(found.map(\.run.hyperparameters.split))
    parts = splits.count == 1 ? data.parts : nil
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

  /// `row`, within its `sequence` or series where there are several, its label and its target's `part` where it has them,
  /// the inputs, the targets, and a column for each target and run.
  var columns: [String] {
    let (inputs, targets) = (hyperparameters.inputs, hyperparameters.targets)
    let values = inputs + targets.map { inputs.contains($0) ? "target_\($0)" : $0 }
    let predicted = labels.flatMap { label in
      targets.map { labels.count == 1 ? "predicted_\($0)" : "predicted_\($0)_\(label)" }
    }
    /// A column of the file's may be input or target as well, or bear a name of ours.
    var front: [String] = []
    func add(_ name: String, else other: String) {
      front.append((front + values + predicted).contains(name) ? other : name)
    }
    if let series = hyperparameters.series {
      add(series, else: "series_\(series)")
    } else if data.sequences != nil {
      add("sequence", else: "sequence_number")
    }
    add("row", else: "row_number")
    if let index = data.index { add(index.name, else: "index_\(index.name)") }
    if parts != nil { add("part", else: "row_part") }
    return front + values + predicted
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
    return front(index) + inputs + targets + predictions
  }

  /// What says which row it is.
  private func front(_ index: Int) -> [StoreValue] {
    var cells: [StoreValue] = [.integer(Int64(index))]
    if let sequences = data.sequences {
      let number = data.sequence(ofRow: index)
      let name = data.sequenceNames.map { StoreValue.text($0[number]) } ?? .integer(Int64(number))
      cells = [name, .integer(Int64(index - sequences[number].lowerBound))]
    }
    if let labels = data.index?.labels { cells.append(.text(labels[index])) }
    if let parts { cells.append(.optional(parts[index]?.rawValue)) }
    return cells
  }
}

extension StoreValue {
  /// The shortest decimal that gives the float32 back.
  init(_ value: Float) {
    self = .real(Double(value.description) ?? Double(value))
  }
}
