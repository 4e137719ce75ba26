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

  static let all: [TrainingCase] = [
    TrainingCase(name: "the seed's network") { _ in },
    TrainingCase(name: "five streams, 33 hidden units, relu") {
      $0.hyperparameters.batchSize = 5
      $0.hyperparameters.hiddenSize = 33
      $0.hyperparameters.nonlinearity = .relu
      $0.hyperparameters.adam.learningRate = 0.001
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

/// The text of a table as a CSV file.
func csv(_ table: Table) -> String {
  let rows = (0..<table.rowCount).map { row in
    table.values[row * table.columns.count..<(row + 1) * table.columns.count].map { "\($0)" }.joined(separator: ",")
  }
  return ([table.columns.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
}
