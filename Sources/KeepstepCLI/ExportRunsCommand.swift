import ArgumentParser
import Foundation
import RunStore

struct ExportRunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-runs",
    abstract: "Write runs and their steps as CSV, for pandas, spreadsheets and Trackio.",
    discussion: """
      -o FOLDER makes a folder with steps/ID-NAME.csv for each run, a line a step, and runs.csv, a line a run with all \
      its hyperparameters; it is written last, so a folder that has it is complete. -o FILE.csv writes the steps of all \
      runs into one file, with the columns run_id and run in front.

      A line a step: step, loss, learning_rate, gradient_norm, train_seconds, accuracy (of class targets), and where \
      the step was evaluated the loss over each part of the data, as training_loss. The step itself has no date: none \
      is recorded. In Python:

      pandas.read_csv("FOLDER/runs.csv")
      trackio.import_csv("FOLDER/steps/1-first.csv", project="first", name="first")
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to make, or the one file to write when it ends in .csv.", valueName: "folder|file"))
  var output: String

  @OptionGroup var storeOptions: StoreOptions

  @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these runs. (default: all)", valueName: "run"))
  var runs: [RunReference] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only runs that fit this filter in SQL over the view run_summary.", valueName: "condition"))
  var condition: String?

  @OptionGroup var talk: TalkOptions

  mutating func validate() throws {
    for run in runs { try run.requireWholeRun("export-runs") }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let export = try RunExport(try selected(in: reader), in: reader)
    let isFile = (output as NSString).pathExtension.lowercased() == "csv"
    let steps = isFile ? try export.writeSteps(to: output) : try export.writeFolder(output)
    if !talk.quiet {
      Console.note("\(output): \(Numbers.count(export.runs.count, "run")), \(Numbers.count(steps, "step"))")
    }
    DeadRuns.mark(in: reader)
  }

  /// The runs that were asked for, by id.
  private func selected(in reader: StoreReader) throws -> [RunSummary] {
    var summaries = try reader.runs(where: condition)
    if !runs.isEmpty {
      let ids = Set(try runs.map { try reader.run($0.run).id })
      summaries = summaries.filter { ids.contains($0.id) }
    }
    guard !summaries.isEmpty else {
      throw CommandError(
        "there is no such run in \(reader.path) to export",
        hint: "`keepstep runs` lists them; --runs and --where each leave runs out")
    }
    return summaries
  }
}
