import RunStore
import Sequences

/// How far predictions are from the targets that are there.
struct PredictionErrors {
  /// A row a measure: over all targets, and over each where there are several.
  let rows: [Comparison.Row]

  /// Over all rows, or, where the data is parted, over those of each part.
  init(_ table: PredictionTable) {
    let targets = table.hyperparameters.targets
    var all: [Comparison.Row] = []
    for part in Self.parts(table) {
      let suffix = part.map { ", \($0.rawValue) part" } ?? ""
      all += Self.rows(table, Array(targets.indices), part, suffix)
      guard targets.count > 1 else { continue }
      for (column, name) in targets.enumerated() { all += Self.rows(table, [column], part, " of \(name)\(suffix)") }
    }
    rows = all
  }

  /// The parts that have rows; nil stands for all of them.
  private static func parts(_ table: PredictionTable) -> [Split.Part?] {
    guard let parts = table.parts else { return [nil] }
    let found = Set(parts.compactMap { $0 })
    return Split.Part.allCases.filter(found.contains)
  }

  private static func rows(
    _ table: PredictionTable, _ columns: [Int], _ part: Split.Part?, _ suffix: String
  ) -> [Comparison.Row] {
    /// Each run's mean of `measure` over the targets at `columns`.
    func mean(_ measure: (_ target: Double, _ prediction: Double) -> Double) -> [Double?] {
      let (known, width) = (table.data.targets, table.hyperparameters.targets.count)
      return table.outputs.map { outputs in
        var (sum, count) = (0.0, 0)
        for index in known.indices where columns.contains(index % width) && !known[index].isNaN {
          if let part, table.parts?[index / width] != part { continue }
          sum += measure(Double(known[index]), Double(outputs[index]))
          count += 1
        }
        return count > 0 ? sum / Double(count) : nil
      }
    }
    if table.hyperparameters.loss.isClassification {
      return [Comparison.Row(name: "accuracy\(suffix)", values: mean { $0 == $1 ? 1 : 0 }.map(StoreValue.optional))]
    }
    let square = mean { ($0 - $1) * ($0 - $1) }
    return [
      Comparison.Row(name: "mean absolute\(suffix)", values: mean { abs($0 - $1) }.map(StoreValue.optional)),
      Comparison.Row(
        name: "root mean square\(suffix)", values: square.map { StoreValue.optional($0.map { $0.squareRoot() }) }),
    ]
  }
}
