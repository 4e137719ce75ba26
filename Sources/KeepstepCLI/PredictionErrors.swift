import RunStore

/// How far predictions are from the targets that are there.
struct PredictionErrors {
  /// A row a measure: over all targets, and over each where there are several.
  let rows: [Comparison.Row]

  init(_ table: PredictionTable) {
    let targets = table.hyperparameters.targets
    let isClassifier = table.hyperparameters.loss.isClassification
    let known = table.data.targets
    /// Each run's mean of `measure` over the targets at `columns`.
    func mean(_ columns: [Int], _ measure: (_ target: Double, _ prediction: Double) -> Double) -> [Double?] {
      table.outputs.map { outputs in
        var (sum, count) = (0.0, 0)
        for index in known.indices where columns.contains(index % targets.count) && !known[index].isNaN {
          sum += measure(Double(known[index]), Double(outputs[index]))
          count += 1
        }
        return count > 0 ? sum / Double(count) : nil
      }
    }
    func rows(_ columns: [Int], _ suffix: String) -> [Comparison.Row] {
      if isClassifier {
        let share = mean(columns) { $0 == $1 ? 1 : 0 }
        return [Comparison.Row(name: "accuracy\(suffix)", values: share.map(StoreValue.optional))]
      }
      let absolute = mean(columns) { abs($0 - $1) }
      let square = mean(columns) { ($0 - $1) * ($0 - $1) }
      return [
        Comparison.Row(name: "mean absolute\(suffix)", values: absolute.map(StoreValue.optional)),
        Comparison.Row(
          name: "root mean square\(suffix)", values: square.map { StoreValue.optional($0.map { $0.squareRoot() }) }),
      ]
    }
    var all = rows(Array(targets.indices), "")
    if targets.count > 1 {
      for (column, name) in targets.enumerated() { all += rows([column], " of \(name)") }
    }
    self.rows = all
  }
}
