import Sequences

/// The data of a run: the endless sine task, or the rows of a table.
public enum DataSource: Sendable {
  /// The seed script's task.
  case sine
  /// Named columns of a file.
  case table(Table)

  /// The windows that the hyperparameters cut from it: of a table, from the scaled training part.
  ///
  /// - Throws: `SequenceError` when a column is missing, a scaled value is beyond float32, or there are too few rows for
  ///   one window.
  public func windows(_ hyperparameters: Hyperparameters) throws -> any WindowSource {
    switch self {
    case .sine:
      return try SineTask(window: hyperparameters.window, batchSize: hyperparameters.batchSize)
    case .table(let table):
      let scaled = try hyperparameters.scaling.applied(to: table)
      let training = try hyperparameters.split.part(
        .training, of: scaled, window: hyperparameters.window, shift: hyperparameters.shift)
      do {
        return try hyperparameters.task(training ?? scaled)
      } catch let error as SequenceError where training != nil && (try? hyperparameters.task(scaled)) != nil {
        throw SequenceError("the training part of \(error.message)", hint: error.hint)
      }
    }
  }
}

extension DataSource {
  /// The table, unless it is the sine task.
  public var table: Table? {
    if case .table(let table) = self { table } else { nil }
  }

  /// What a run keeps beside its values; nothing where the values are not stored, or there is nothing.
  func storedLayout(embedded: Bool) throws -> String? {
    guard embedded, case .table(let table) = self else { return nil }
    return try table.layout?.text()
  }
}

extension Hyperparameters {
  fileprivate func task(_ table: Table) throws -> TableTask {
    try TableTask(
      table: table, inputs: inputs, targets: targets, shift: shift, window: window, batchSize: batchSize)
  }
}
