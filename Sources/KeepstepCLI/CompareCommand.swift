import ArgumentParser
import RunStore

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Put runs side by side: what differs, their losses, and their errors on the same targets.",
    discussion: """
      Losses are means over equal stretches of steps, as far as all runs have them, and over equal stretches of \
      training time. Errors are those of the named checkpoints, else of the best ones, over the runs' own data or \
      --data: mean absolute and root mean square error, or, of classes, the share that is right. Example: \
      keepstep compare 1 2 last
      """)

  @Argument(help: ArgumentHelp("Two runs or more, each with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var runs: [RunReference]

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: ArgumentHelp("How many stretches the losses are told of.", valueName: "n"))
  var points = 10

  @Option(help: ArgumentHelp("Another file with the same columns to predict.", valueName: "file"))
  var data: String?

  @OptionGroup var kernelOptions: KernelOptions
  @OptionGroup var formatOptions: FormatOptions

  mutating func validate() throws {
    guard runs.count >= 2 else { throw ValidationError("compare needs two runs or more, and here is \(runs.count)") }
    try requireAtLeast(1, ("--points", points))
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let comparison = try Comparison(runs, in: reader)
    var sections = [
      ("run", try comparison.facts()), ("hyperparameter", try comparison.hyperparameters()),
      ("mean loss of", try comparison.lossesByStep(points: points)),
      ("mean loss until", try comparison.lossesByTime(points: points)),
    ]
    do {
      let table = try PredictionTable(runs, in: reader, dataPath: data, kernels: try kernelOptions.kernels())
      sections.append(("error", PredictionErrors(table).rows))
    } catch let error as CommandError {
      Console.note("note: no errors to compare: \(error.message)")
    }
    try show(sections.filter { !$0.1.isEmpty }, comparison.names)
    DeadRuns.mark(in: reader)
  }

  private func show(_ sections: [(title: String, rows: [Comparison.Row])], _ names: [String]) throws {
    guard formatOptions.format == .table else {
      let rows = sections.flatMap { section in section.rows.map { [.text(section.title), .text($0.name)] + $0.values } }
      return try formatOptions.print(columns: ["section", "name"] + names, rows: rows)
    }
    for (index, section) in sections.enumerated() {
      if index > 0 { try Output.line("") }
      try formatOptions.print(
        columns: [section.title] + names, rows: section.rows.map { [.text($0.name)] + $0.values.map(\.shortened) })
    }
  }
}
