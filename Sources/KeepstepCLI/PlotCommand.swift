import ArgumentParser
import Figures
import Foundation
import RunStore

/// What a picture shows.
enum PlotKind: String, ExpressibleByArgument, CaseIterable {
  case loss, predictions, forecast, hidden, weights
}

/// How a loss stands on its axis.
enum PlotAxis: String, ExpressibleByArgument, CaseIterable {
  case log, linear
}

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw losses, predictions, hidden states or weights, into a file or the terminal.",
    discussion: """
      --kind loss draws each run's loss over its steps, its evaluations, and its checkpoints as diamonds, the best in a \
      ring. --kind predictions draws the targets in red and the predictions over them: of the sine task the last window, \
      as the seed script does, of a file all rows, or the last ones with --rows. --kind forecast draws the data's last rows and \
      the --horizon rows after them, as `forecast` has them. --kind hidden draws the recorded hidden \
      states over the steps, and --kind weights a checkpoint's weights, as heat maps: blue below zero, red above.

      Without -o the picture goes to the terminal in characters, as large as the terminal (or COLUMNS and LINES); colours \
      only on a terminal, and not with NO_COLOR. With -o the format follows the file's ending; gnuplot draws it.
      """)

  @Argument(help: ArgumentHelp("The runs, each with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var runs: [RunReference]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The picture to write, .svg, .png or .pdf. (default: the terminal)", valueName: "file"))
  var output: String?

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: "What to draw.")
  var kind = PlotKind.loss

  @Option(help: "A loss's axis: log, where zero has no place, or linear. (default: log)")
  var axis: PlotAxis?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Only the last rows of predictions, or so many before a forecast.", valueName: "n"))
  var rows: Int?

  @Option(
    help: ArgumentHelp(
      "Another file with the same columns to predict; of a forecast, the later rows of inputs that are not forecast.",
      valueName: "file"))
  var data: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many rows are forecast. (default: 36)", valueName: "rows"))
  var horizon: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Which parallel stream's hidden states, from 1. (default: 1)", valueName: "n"))
  var stream: Int?

  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    try requireAtLeast(1, ("--rows", rows), ("--horizon", horizon), ("--stream", stream))
    let owners: [(String, Bool, [PlotKind])] = [
      ("--axis", axis != nil, [.loss]), ("--rows", rows != nil, [.predictions, .forecast]),
      ("--data", data != nil, [.predictions, .forecast]), ("--horizon", horizon != nil, [.forecast]),
      ("--stream", stream != nil, [.hidden]),
    ]
    for (name, isGiven, kinds) in owners where isGiven && !kinds.contains(kind) {
      let list = kinds.map(\.rawValue).joined(separator: " and ")
      throw ValidationError("\(name) belongs to --kind \(list), and the kind is \(kind.rawValue)")
    }
    if [.forecast, .hidden, .weights].contains(kind), runs.count > 1 {
      throw ValidationError("--kind \(kind.rawValue) draws one run at a time, and \(runs.count) are named")
    }
  }

  func run() throws {
    if let output { _ = try FigureFormat(path: output) }
    let picture = try picture(try storeOptions.openForReading())
    guard let output else {
      let size = TerminalSize.of(STDOUT_FILENO)
      // The last line is the prompt's.
      let drawn = TerminalSize(columns: size.columns, rows: size.rows - 1)
      for line in try picture.lines(drawn, style: .of(STDOUT_FILENO)) { try Output.text(line + "\n") }
      return
    }
    try picture.write(to: output)
    if !talk.quiet { Console.note("\(output): \(picture.title)") }
  }

  private func picture(_ reader: StoreReader) throws -> Picture {
    switch kind {
    case .loss: return try LossPicture(runs, in: reader, axis: axis ?? .log).picture
    case .predictions:
      return try PredictionPicture(
        runs, in: reader, dataPath: data, rows: rows, kernels: try kernelOptions.kernels()
      ).picture
    case .forecast:
      return try ForecastPicture(
        runs[0], in: reader, ForecastPicture.Request(horizon: horizon ?? 36, rows: rows, dataPath: data),
        kernels: try kernelOptions.kernels()
      ).picture
    case .hidden: return try HiddenPicture(runs[0], in: reader, stream: stream ?? 1).picture
    case .weights: return try WeightPicture(runs[0], in: reader).picture
    }
  }
}
