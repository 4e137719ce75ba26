import RunStore

/// Several runs, row by row beside each other.
struct Comparison {
  /// A name and each run's value.
  struct Row {
    let name: String
    let values: [StoreValue]
  }

  /// The runs' names, as a table's columns.
  let names: [String]
  private let runs: [RunRecord]
  private let reader: StoreReader

  /// - Throws: `StoreError` when a run is not there.
  init(_ references: [RunReference], in reader: StoreReader) throws {
    self.reader = reader
    runs = try references.map { try reader.run($0.run) }
    names = zip(references, runs).map { reference, run in
      reference.checkpoint.map { "\(run.name)@\($0)" } ?? run.name
    }
  }

  /// Where each run stands.
  func facts() throws -> [Row] {
    let columns = [
      "id", "status", "steps_done", "steps_planned", "last_loss", "best_loss", "best_step", "train_seconds",
    ]
    let lines = try runs.map { try reader.summary(runID: $0.id).map(Self.cells) ?? [] }
    let seeds = Row(name: "seed", values: runs.map { .integer($0.seed) })
    let facts = columns.indices.map { column in
      Row(name: columns[column], values: lines.map { $0.indices.contains(column) ? $0[column] : .null })
    }
    return Set(seeds.values).count > 1 ? facts + [seeds] : facts
  }

  private static func cells(_ run: RunSummary) -> [StoreValue] {
    [
      .integer(run.id), .text(run.status.rawValue), .optional(run.stepsDone), .optional(run.stepsPlanned),
      .optional(run.lastLoss), .optional(run.bestLoss), .optional(run.bestStep), .optional(run.trainSeconds),
    ]
  }

  /// The hyperparameters in which they differ; one that a run has not is empty.
  func hyperparameters() throws -> [Row] {
    let all = try runs.map { try reader.hyperparameters(runID: $0.id) }
    return Set(all.flatMap(\.keys)).sorted().compactMap { name in
      let values = all.map { $0[name].map { StoreValue($0) } ?? .null }
      return Set(values).count > 1 ? Row(name: name, values: values) : nil
    }
  }

  /// Mean losses over equal stretches of the steps up to the end of the shortest run.
  func lossesByStep(points: Int) throws -> [Row] {
    guard let end = runs.map(\.stepsDone).min(), end > 0 else { return [] }
    let count = min(points, end)
    return try (0..<count).map { index in
      let range = end * index / count + 1...end * (index + 1) / count
      return Row(
        name: "steps \(range.lowerBound) to \(range.upperBound)",
        values: try runs.map { .optional(try reader.meanLoss(runID: $0.id, steps: range)) })
    }
  }

  /// Mean losses over equal stretches of training time up to the end of the run that trained the shortest time.
  func lossesByTime(points: Int) throws -> [Row] {
    let times = try runs.map { run in
      try reader.steps(runID: run.id, in: run.stepsDone...run.stepsDone).first?.trainSeconds ?? 0
    }
    guard let end = times.min(), end > 0 else { return [] }
    var done = [Int](repeating: 0, count: runs.count)
    return try (1...points).map { point in
      let seconds = end * Double(point) / Double(points)
      let values = try runs.indices.map { index -> StoreValue in
        guard let last = try reader.lastStep(runID: runs[index].id, within: seconds), last > done[index] else {
          return .null
        }
        defer { done[index] = last }
        return .optional(try reader.meanLoss(runID: runs[index].id, steps: done[index] + 1...last))
      }
      return Row(name: "\(Numbers.short(seconds)) s", values: values)
    }
  }
}
