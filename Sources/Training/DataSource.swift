import Sequences

/// The data of a run: the endless sine task, or the rows of a table.
public enum DataSource: Sendable {
  /// The seed script's task.
  case sine
  /// Named columns of a file.
  case table(Table)

  /// The windows that the hyperparameters cut from it.
  ///
  /// - Throws: `SequenceError` when a column is missing or there are too few rows for one window.
  public func windows(_ hyperparameters: Hyperparameters) throws -> any WindowSource {
    switch self {
    case .sine:
      return try SineTask(window: hyperparameters.window, batchSize: hyperparameters.batchSize)
    case .table(let table):
      return try TableTask(
        table: table, inputs: hyperparameters.inputs, targets: hyperparameters.targets, shift: hyperparameters.shift,
        window: hyperparameters.window, batchSize: hyperparameters.batchSize)
    }
  }
}
