import RunStore
import Sequences

extension Store {
  /// Takes in the runs of another store, with the digests of their data checked; see
  /// `merge(_:datasetDigest:each:)`.
  ///
  /// ```swift
  /// for run in try store.merge(try StoreReader(path: "laptop.db")) { print(run.nameThere, run.outcome) }
  /// ```
  ///
  /// - parameter other: the store to merge in, which is only read.
  /// - parameter each: called after each run.
  /// - throws: `StoreError` when the other store is this one, or what keeps this store from being written.
  public func merge(_ other: StoreReader, each: (MergedRun) throws -> Void = { _ in }) throws -> [MergedRun] {
    try merge(other, datasetDigest: recordedDigest, each: each)
  }
}

/// The digest of a dataset's values, as they were cut into sequences for a run.
private func recordedDigest(_ dataset: DatasetRecord, _ stored: [String: HyperparameterValue]) throws -> String {
  try Table(dataset, values: dataset.values ?? [], try Hyperparameters(stored: stored)).digest
}
