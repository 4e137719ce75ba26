import Recurrent
import Sequences
import Testing
import Training

/// A training that must be exactly resumable.
struct TrainingCase: CustomTestStringConvertible, Sendable {
  let name: String
  let change: @Sendable (inout TrainingRequest) throws -> Void

  var testDescription: String { name }

  /// Many small intervals, so that every sort of row falls beside every other one.
  func request(steps: Int = 60) throws -> TrainingRequest {
    var request = TrainingRequest()
    request.steps = steps
    request.seed = 7
    request.hyperparameters.checkpointEvery = 7
    request.hyperparameters.keep = nil
    request.hyperparameters.evaluateEvery = 4
    request.hyperparameters.recordHiddenEvery = 3
    try change(&request)
    return request
  }

  static let all: [TrainingCase] =
    [
      TrainingCase(name: "the seed's network") { _ in },
      TrainingCase(name: "five streams, 33 hidden units, relu") {
        $0.hyperparameters.batchSize = 5
        $0.hyperparameters.hiddenSize = 33
        $0.hyperparameters.nonlinearity = .relu
        $0.hyperparameters.optimizer.learningRate = 0.001
      },
      TrainingCase(name: "no biases") {
        $0.hyperparameters.hasBias = false
        $0.hyperparameters.hasOutputBias = false
      },
      TrainingCase(name: "one bias") { $0.hyperparameters.biases = .one },
      TrainingCase(name: "a table in three streams, with rows left over") { try useTable(&$0, streams: 3) },
      TrainingCase(name: "no evaluations, no hidden states") {
        $0.hyperparameters.evaluateEvery = 0
        $0.hyperparameters.recordHiddenEvery = 0
      },
    ] + cells + optimizers + parts

  /// Every cell, in layers and both directions, with dropout.
  private static let cells: [TrainingCase] =
    CellKind.allCases.map { cell in
      TrainingCase(name: "two layers of \(cell.rawValue) with dropout, both directions") {
        $0.hyperparameters.cell = cell
        $0.hyperparameters.hiddenSize = 9
        $0.hyperparameters.numLayers = 2
        $0.hyperparameters.isBidirectional = true
        $0.hyperparameters.dropout = 0.4
        $0.hyperparameters.batchSize = 2
        $0.hyperparameters.optimizer.learningRate = 0.003
      }
    } + [
      TrainingCase(name: "a projected lstm of three layers") {
        $0.hyperparameters.cell = .lstm
        $0.hyperparameters.hiddenSize = 11
        $0.hyperparameters.projectionSize = 5
        $0.hyperparameters.numLayers = 3
        $0.hyperparameters.dropout = 0.1
      },
      TrainingCase(name: "a gru without biases on a table") {
        try useTable(&$0, streams: 2)
        $0.hyperparameters.cell = .gru
        $0.hyperparameters.hasBias = false
      },
      TrainingCase(name: "classes") {
        try useTable(&$0, streams: 3)
        $0.data = .table(try classes())
        $0.hyperparameters.targets = ["class"]
        $0.hyperparameters.cell = .gru
        $0.hyperparameters.loss = .crossEntropy
        $0.hyperparameters.classes = 3
      },
    ]

  /// Every rule, loss and schedule.
  private static let optimizers: [TrainingCase] = [
    TrainingCase(name: "adamw, clipped, on a half cosine with a warm-up") {
      $0.hyperparameters.optimizer = OptimizerSettings(.adamw, learningRate: 0.01)
      $0.hyperparameters.clipping = Clipping(norm: 0.5, value: 0.1)
      $0.hyperparameters.schedule = .cosine(steps: 60, minimum: 1e-4)
      $0.hyperparameters.warmUpSteps = 9
    },
    TrainingCase(name: "sgd with Nesterov's momentum on a plateau schedule, Huber's loss") {
      $0.hyperparameters.optimizer = OptimizerSettings(.sgd, learningRate: 0.05)
      $0.hyperparameters.optimizer.momentum = 0.9
      $0.hyperparameters.optimizer.nesterov = true
      $0.hyperparameters.loss = .huber(delta: 0.3)
      var plateau = Plateau()
      (plateau.patience, plateau.factor, plateau.cooldown) = (0, 0.5, 1)
      $0.hyperparameters.schedule = .plateau(plateau)
    },
    TrainingCase(name: "plain sgd, absolute error, one cycle") {
      $0.hyperparameters.optimizer = OptimizerSettings(.sgd, learningRate: 0.05)
      $0.hyperparameters.loss = .meanAbsoluteError
      $0.hyperparameters.schedule = .oneCycle(OneCycle(steps: 60))
    },
    TrainingCase(name: "rmsprop with momentum and decay, falling step by step") {
      $0.hyperparameters.optimizer = OptimizerSettings(.rmsprop, learningRate: 0.002)
      $0.hyperparameters.optimizer.momentum = 0.5
      $0.hyperparameters.optimizer.weightDecay = 0.01
      $0.hyperparameters.schedule = .step(size: 10, gamma: 0.7)
    },
  ]

  /// Parts, scaling and series. Early stopping counts, and never comes to its end here.
  private static let parts: [TrainingCase] = [
    TrainingCase(name: "a scaled table with all three parts") {
      try useTable(&$0, streams: 2)
      $0.hyperparameters.split = try Split(validation: 0.2, test: 0.1)
      $0.hyperparameters.fitScaling(.standard, to: try waves())
      $0.hyperparameters.earlyStopping = 100
    },
    TrainingCase(name: "a validation part that only looks on, both directions") {
      try useTable(&$0, streams: 1)
      $0.hyperparameters.split = try Split(validation: 0.3, test: 0)
      $0.hyperparameters.monitor = .loss
      $0.hyperparameters.isBidirectional = true
      $0.hyperparameters.earlyStopping = 100
    },
    TrainingCase(name: "series of different lengths, scaled to 0 … 1, validated") {
      try useTable(&$0, streams: 1)
      let table = try series()
      $0.data = .table(table)
      $0.hyperparameters.sequences = 3
      $0.hyperparameters.split = try Split(validation: 0.25, test: 0)
      $0.hyperparameters.fitScaling(.minmax, to: table)
      $0.hyperparameters.cell = .lstm
    },
    TrainingCase(name: "validated classes in two series side by side, with dropout") {
      try useTable(&$0, streams: 2)
      let plain = try classes()
      $0.data = .table(
        try Table(source: "waves.csv", columns: plain.columns, values: plain.values, sequenceLengths: [28, 25]))
      $0.hyperparameters.sequences = 2
      $0.hyperparameters.targets = ["class"]
      $0.hyperparameters.cell = .gru
      $0.hyperparameters.numLayers = 2
      $0.hyperparameters.dropout = 0.3
      $0.hyperparameters.loss = .crossEntropy
      $0.hyperparameters.classes = 3
      $0.hyperparameters.split = try Split(validation: 0.2, test: 0.2)
    },
  ]

  static let table = TrainingCase(name: "a table") { try useTable(&$0, streams: 1) }

  /// 53 rows, one row ahead, in windows of 5: with three streams that is 17 rows each, three windows and two rows left
  /// over, and so a new pass over the data every third step.
  private static func useTable(_ request: inout TrainingRequest, streams: Int) throws {
    request.data = .table(try waves())
    request.hyperparameters.data = "waves.csv"
    request.hyperparameters.inputs = ["level", "flow"]
    request.hyperparameters.targets = ["flow"]
    request.hyperparameters.shift = 1
    request.hyperparameters.window = 5
    request.hyperparameters.batchSize = streams
    request.hyperparameters.hiddenSize = 12
  }
}

/// A table of two columns without an obvious pattern, with values from -1 to 1.
func waves(rows: Int = 53, salt: Int = 0) throws -> Table {
  let values = (0..<2 * rows).map { Float(($0 * 7919 + salt * 104_729) % 129 - 64) / 64 }
  return try Table(source: "waves.csv", columns: ["flow", "level"], values: values)
}

/// The same as three series of different lengths with names and labels.
func series() throws -> Table {
  let plain = try waves()
  return try Table(
    source: "waves.csv", columns: plain.columns, values: plain.values, sequenceLengths: [24, 9, 20],
    sequenceNames: ["north", "islands", "south"],
    index: SeriesIndex(name: "year", labels: (0..<53).map { "\(1900 + $0)" }))
}

/// The same with a column of class numbers from 0 to 2.
func classes(rows: Int = 53) throws -> Table {
  let values = try waves(rows: rows).values
  var cells: [Float] = []
  for row in 0..<rows {
    let number = (row * row + row / 5) % 3
    cells += [values[2 * row], values[2 * row + 1], Float(number)]
  }
  return try Table(source: "waves.csv", columns: ["flow", "level", "class"], values: cells)
}

/// The text of a table as a CSV file.
func csv(_ table: Table) -> String {
  let rows = (0..<table.rowCount).map { row in
    table.values[row * table.columns.count..<(row + 1) * table.columns.count].map { "\($0)" }.joined(separator: ",")
  }
  return ([table.columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
}
