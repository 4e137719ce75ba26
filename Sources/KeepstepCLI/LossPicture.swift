import Figures
import RunStore

/// Loss curves of runs over their steps, with evaluations and checkpoints marked.
struct LossPicture {
  /// The picture.
  let picture: Picture

  /// A curve has about four points for each: more than any picture has columns of pixels.
  private static let stretches = 2_000

  /// - Throws: `StoreError` when a run is not there, `CommandError` when one has no steps yet.
  init(_ references: [RunReference], in reader: StoreReader, axis: PlotAxis = .log) throws {
    let runs = try references.map { try reader.run($0.run) }
    var series: [Series] = []
    var losses: Set<String> = []
    for (index, run) in runs.enumerated() {
      losses.insert(Self.words(try reader.hyperparameters(runID: run.id)))
      series += try Self.series(of: run, in: reader, color: Color.distinct(index), isAlone: runs.count == 1)
    }
    if runs.count > 1 {
      // One line of the key speaks for the marks of all runs.
      series.append(Series("checkpoint", points: [], color: .gray, style: .diamonds))
      series.append(Series("best", points: [], color: .gray, style: .rings))
    }
    let only = runs.count == 1 ? runs.first : nil
    picture = .curves(
      Figure(
        title: only.map { "Training loss of \($0.name)" } ?? "Training loss", xLabel: "step",
        yLabel: losses.count == 1 ? losses.first ?? "loss" : "loss", series: series, logarithmicY: axis == .log))
  }

  /// A run's curves from the back to the front: its steps, its evaluations, its checkpoints.
  private static func series(
    of run: RunRecord, in reader: StoreReader, color: Color, isAlone: Bool
  ) throws -> [Series] {
    let steps = try reader.recordedSteps(runID: run.id)
    guard let steps else {
      throw CommandError("run \(run.name) has no steps to draw", hint: "`keepstep resume \(run.id)` trains it")
    }
    let losses = try reader.lossCurve(runID: run.id, in: steps, stretches: stretches)
    let splits = try reader.evaluatedSplits(runIDs: [run.id])
    var series = [
      Series(
        isAlone ? "loss of each step" : splits.contains("training") ? "" : run.name,
        points: losses.map(Series.Point.init),
        color: color, style: splits.contains("training") ? .faintLine : .line)
    ]
    for split in splits {
      let isTraining = split == "training"
      let label = isTraining ? (isAlone ? "mean at evaluations" : run.name) : isAlone ? split : "\(run.name), \(split)"
      let points = try reader.evaluationCurve(runID: run.id, split: split, in: steps, stretches: stretches)
      series.append(
        Series(
          label, points: points.map(Series.Point.init), color: isAlone && !isTraining ? .orange : color,
          style: isTraining ? .line : .dashedLine))
    }
    return series + (try marks(of: run, in: reader, color: color, isAlone: isAlone))
  }

  /// A diamond for each checkpoint after step 0, at its monitored value or its step's loss, and a ring around the best.
  private static func marks(
    of run: RunRecord, in reader: StoreReader, color: Color, isAlone: Bool
  ) throws -> [Series] {
    let checkpoints = try reader.checkpoints(runID: run.id)
    func point(_ checkpoint: CheckpointRecord) throws -> Series.Point? {
      if let value = checkpoint.monitorValue, checkpoint.step > 0 {
        return Series.Point(x: Double(checkpoint.step), y: value)
      }
      let step = checkpoint.step...checkpoint.step
      return try reader.lossCurve(runID: run.id, in: step, stretches: 1).first.map(Series.Point.init)
    }
    let best = checkpoints.filter { $0.monitorValue != nil }
      .min { ($0.monitorValue ?? 0, $0.step) < ($1.monitorValue ?? 0, $1.step) }
    let markColor = isAlone ? Color.purple : color
    return [
      Series(
        isAlone ? "checkpoint" : "", points: try checkpoints.compactMap(point), color: markColor, style: .diamonds),
      Series(
        isAlone ? "best" : "", points: try best.flatMap(point).map { [$0] } ?? [], color: markColor, style: .rings),
    ]
  }

  /// What a run's loss is called on an axis: its measure, and of what, where that is not the data's own values.
  private static func words(_ hyperparameters: [String: HyperparameterValue]) -> String {
    let of =
      switch (hyperparameters["scaling"] != nil, hyperparameters["difference"] != nil) {
      case (false, false): ""
      case (true, false): " of scaled values"
      case (false, true): " of changes"
      case (true, true): " of scaled changes"
      }
    return measure(hyperparameters["loss"]) + of
  }

  private static func measure(_ loss: HyperparameterValue?) -> String {
    switch loss {
    case .text("mse"): "mean squared error"
    case .text("mae"): "mean absolute error"
    case .text("huber"): "mean Huber loss"
    case .text("cross-entropy"): "mean cross-entropy"
    default: "loss"
    }
  }
}

extension Series.Point {
  fileprivate init(_ point: LossPoint) {
    self.init(x: Double(point.step), y: point.loss)
  }
}
