import RunStore
import Sequences

extension Table {
  /// The table that a run's stored values are, with the layout that the run keeps.
  ///
  /// - Throws: `SequenceError` when the values, the columns and the layout don't fit together.
  public init(_ dataset: DatasetRecord, values: [Float], _ hyperparameters: Hyperparameters) throws {
    guard let layout = hyperparameters.layout else {
      try self.init(
        source: dataset.source, columns: dataset.columns, values: values, sequenceCount: hyperparameters.sequences)
      return
    }
    try self.init(
      source: dataset.source, columns: dataset.columns, values: values, layout: try TableLayout(text: layout))
  }
}
