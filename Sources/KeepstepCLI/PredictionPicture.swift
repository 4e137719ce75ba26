import Figures
import Recurrent
import RunStore

/// Targets in red and predictions over them.
struct PredictionPicture {
  /// The picture.
  let picture: Picture

  /// - Parameter rows: how many of the last rows; without it all, and of the sine task the last window, as the seed script's
  ///   picture.
  /// - Throws: what `PredictionTable` throws.
  init(
    _ references: [RunReference], in reader: StoreReader, dataPath: String?, rows: Int?, kernels: Kernels
  ) throws {
    let predictions = try PredictionTable(references, in: reader, dataPath: dataPath, kernels: kernels)
    let isSine = predictions.hyperparameters.data == "sine"
    let count = predictions.data.rowCount
    let shown = min(count, rows ?? (isSine ? predictions.hyperparameters.window : count))
    let names = predictions.hyperparameters.targets.joined(separator: ", ")
    var figure = Figure(
      title: "\(names): targets and predictions of \(predictions.labels.joined(separator: ", "))",
      xLabel: isSine ? "x (radians)" : "row", yLabel: names,
      series: Self.series(of: predictions, rows: count - shown..<count))
    if let index = predictions.data.index {
      figure.xLabel = index.name
      figure.xTicks = AxisNames.ticks(index.labels.enumerated().suffix(shown).map { (Double($0.offset), $0.element) })
    }
    picture = .curves(figure)
  }

  private static func series(of predictions: PredictionTable, rows: Range<Int>) -> [Series] {
    let data = predictions.data
    let targets = predictions.hyperparameters.targets
    let style: Series.Style = rows.count <= 100 ? .linesPoints : .line
    func points(_ values: [Float], _ target: Int) -> [Series.Point] {
      rows.filter { !values[$0 * targets.count + target].isNaN }
        .map { Series.Point(x: data.positions[$0], y: Double(values[$0 * targets.count + target])) }
    }
    var series: [Series] = []
    for (target, name) in targets.enumerated() {
      series.append(
        Series(
          targets.count == 1 ? "target" : "target \(name)", points: points(data.targets, target),
          color: target == 0 ? .red : Color.distinct(2 + 2 * target), style: style))
      for (index, outputs) in predictions.outputs.enumerated() {
        let label = predictions.labels.count == 1 ? "prediction" : "prediction of \(predictions.labels[index])"
        let color = series.count == 1 ? Color.blue : Color.distinct(1 + series.count)
        series.append(
          Series(
            targets.count == 1 ? label : "\(label) \(name)", points: points(outputs, target), color: color, style: style
          ))
      }
    }
    return series
  }
}
