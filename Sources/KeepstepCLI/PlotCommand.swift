import ArgumentParser
import Figures
import RunStore
import Sequences
import Training

/// What a picture shows.
enum PlotKind: String, ExpressibleByArgument, CaseIterable {
  case loss, predictions
}

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw loss curves, or targets against predictions, as SVG or PNG.",
    discussion: """
      --kind loss draws each run's loss over its steps, on a logarithmic axis. --kind predictions draws the targets in \
      red and the predictions over them: of the sine task the last window, as the seed script does, of a file all rows, \
      or the last ones with --rows. The format follows the file's ending. Drawn by gnuplot.
      """)

  @Argument(help: ArgumentHelp("The runs, each with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var runs: [RunReference]

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write, .svg or .png.", valueName: "file"))
  var output: String

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: "What to draw.")
  var kind = PlotKind.loss

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the last rows of the predictions.", valueName: "n"))
  var rows: Int?

  @Option(help: ArgumentHelp("Another file with the same columns to predict.", valueName: "file.csv"))
  var data: String?

  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    try requireAtLeast(1, ("--rows", rows))
    if kind == .loss, rows != nil || data != nil {
      throw ValidationError("--rows and --data belong to --kind predictions")
    }
  }

  func run() throws {
    _ = try FigureFormat(path: output)
    let reader = try storeOptions.openForReading()
    let figure = kind == .loss ? try lossFigure(reader) : try predictionFigure(reader)
    try figure.write(to: output)
    if !talk.quiet { Console.note("\(output): \(figure.title)") }
  }

  private func lossFigure(_ reader: StoreReader) throws -> Figure {
    var series: [Series] = []
    var losses: Set<String> = []
    for (index, reference) in runs.enumerated() {
      let record = try reader.run(reference.run)
      losses.insert(Self.words(try reader.hyperparameters(runID: record.id)["loss"]))
      let steps = record.stepsDone > 0 ? try reader.steps(runID: record.id, in: 1...record.stepsDone) : []
      guard !steps.isEmpty else {
        throw CommandError("run \(record.name) has no steps to draw", hint: "`keepstep resume \(record.id)` trains it")
      }
      let points = steps.map { Series.Point(x: Double($0.step), y: $0.loss) }
      series.append(
        Series(runs.count == 1 ? "" : record.name, points: points, color: Color.distinct(index), style: .line))
    }
    let title = runs.count == 1 ? "Training loss of \(try reader.run(runs[0].run).name)" : "Training loss"
    return Figure(
      title: title, xLabel: "step", yLabel: losses.count == 1 ? losses.first ?? "loss" : "loss", series: series,
      logarithmicY: true)
  }

  /// What a loss is called on an axis.
  private static func words(_ loss: HyperparameterValue?) -> String {
    switch loss {
    case .text("mse"): "mean squared error"
    case .text("mae"): "mean absolute error"
    case .text("huber"): "mean Huber loss"
    case .text("cross-entropy"): "mean cross-entropy"
    default: "loss"
    }
  }

  private func predictionFigure(_ reader: StoreReader) throws -> Figure {
    let predictions = try PredictionTable(runs, in: reader, dataPath: data, kernels: try kernelOptions.kernels())
    let hyperparameters = predictions.hyperparameters
    let isSine = hyperparameters.data == "sine"
    let data = predictions.data
    // The seed script's picture is its last window.
    let shown = min(data.rowCount, rows ?? (isSine ? hyperparameters.window : data.rowCount))
    let range = data.rowCount - shown..<data.rowCount
    let style: Series.Style = shown <= 100 ? .linesPoints : .line
    let width = hyperparameters.targets.count
    func points(_ values: [Float], _ target: Int) -> [Series.Point] {
      range.filter { !values[$0 * width + target].isNaN }
        .map { Series.Point(x: data.positions[$0], y: Double(values[$0 * width + target])) }
    }
    var series: [Series] = []
    for (target, name) in hyperparameters.targets.enumerated() {
      series.append(
        Series(
          width == 1 ? "target" : "target \(name)", points: points(data.targets, target),
          color: target == 0 ? .red : Color.distinct(2 + 2 * target), style: style))
      for (index, outputs) in predictions.outputs.enumerated() {
        let label = predictions.labels.count == 1 ? "prediction" : "prediction of \(predictions.labels[index])"
        let color = series.count == 1 ? Color.blue : Color.distinct(1 + series.count)
        series.append(
          Series(width == 1 ? label : "\(label) \(name)", points: points(outputs, target), color: color, style: style))
      }
    }
    let names = hyperparameters.targets.joined(separator: ", ")
    return Figure(
      title: "\(names): targets and predictions of \(predictions.labels.joined(separator: ", "))",
      xLabel: isSine ? "x (radians)" : "row", yLabel: names, series: series)
  }
}
