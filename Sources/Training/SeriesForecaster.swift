import Recurrent
import RunStore
import Sequences

/// A recorded run's network that forecasts series in their own units: data are scaled for it, and its outputs scaled back.
///
/// It goes through each series from its first row, from states of zero, also where training cut the series into streams.
public final class SeriesForecaster {
  /// What shaped the run.
  public let hyperparameters: Hyperparameters
  /// Which inputs its own forecasts become.
  public let feedback: Feedback
  /// The run, as messages name it.
  public let name: String
  private let forecaster: Forecaster

  /// The network of a checkpoint.
  /// - Throws: `TrainingError` for a network that cannot run ahead; `StoreError` when its weights are damaged.
  public init(_ recorded: RecordedRun, at checkpoint: CheckpointRecord, in reader: StoreReader, kernels: Kernels) throws
  {
    hyperparameters = recorded.hyperparameters
    name = recorded.record.name
    feedback = try Feedback(hyperparameters, of: name)
    forecaster = try Forecaster(
      hyperparameters.network, weights: try reader.weights(checkpointID: checkpoint.id), feedback: feedback,
      kernels: kernels)
  }

  /// The forecasts [h, O], h at most `horizon`, of the rows after each of `origins`, in the data's own units.
  ///
  /// - Parameters:
  ///   - series: a table of one sequence; of rows after an origin only those columns are looked at that no forecast is
  ///     fed to.
  ///   - subject: ` of series "north"`, for a message; empty where there is one only.
  ///   - origins: rows of the table, each the last one that is known.
  /// - Throws: `TrainingError` when a forecast is not finite, or too few rows come before an origin; `SequenceError` when
  ///   the data cannot be scaled; what `keep` throws.
  func run(
    over series: Table, subject: String, origins: Range<Int>, horizon: Int,
    keep: (_ origin: Int, _ forecasts: [Float]) throws -> Void
  ) throws {
    guard origins.lowerBound >= feedback.shift - 1 else {
      throw TrainingError(
        "run \(name) cannot forecast\(subject): \(origins.lowerBound + 1) rows come before the first forecast, and with"
          + " the shift \(feedback.shift) it takes \(feedback.shift)",
        hint: "give it a longer series")
    }
    let targets = hyperparameters.targets
    let inputs = try hyperparameters.prepared(series).values(of: hyperparameters.inputs)
    let known = try series.values(of: targets)
    try forecaster.run(over: inputs, origins: origins, horizon: horizon) { origin, outputs in
      var forecasts = hyperparameters.scaling.undone(outputs, columns: targets)
      if hyperparameters.isDifferenced {
        let last = known[origin * targets.count..<(origin + 1) * targets.count]
        forecasts = Differences.runningSums(of: forecasts, onto: Array(last))
      }
      try requireFinite(forecasts, subject)
      try keep(origin, forecasts)
    }
  }

  private func requireFinite(_ forecasts: [Float], _ subject: String) throws {
    let targets = hyperparameters.targets
    guard let bad = forecasts.firstIndex(where: { !$0.isFinite }) else { return }
    throw TrainingError(
      "run \(name): the forecast of \"\(targets[bad % targets.count])\"\(subject) is not a finite number"
        + " \(bad / targets.count + 1) steps ahead",
      hint: "fed its own predictions, this network grows without bound; choose a smaller --horizon, or train with"
        + " --nonlinearity tanh or a smaller learning rate")
  }
}
