import ArgumentParser
import Foundation
import Interchange
import RunStore
import Training

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Run networks over data and print their predictions beside the targets.",
    discussion: """
      Each network starts from the zero state at the beginning of each of its streams. A line a row in the data's \
      order: row (within its sequence or series, where there are several), the --index column, part (training, \
      validation or test, where the target lies), the inputs, the targets, then a prediction of each target by each run, \
      all in the data's own units. The last --shift rows have no \
      targets; of class targets the class is predicted. Without @CHECKPOINT the best one predicts. The sine task is endless: the windows of the steps that the \
      run was trained on are predicted, at most 1,000 of them unless --windows says otherwise.
      """)

  @Argument(help: ArgumentHelp("The runs, each with an optional checkpoint.", valueName: "run[@checkpoint]"))
  var runs: [RunReference]

  @OptionGroup var storeOptions: StoreOptions

  @Option(help: ArgumentHelp("Another file with the same columns.", valueName: "file"))
  var data: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many windows of the sine task.", valueName: "n"))
  var windows: Int?

  @OptionGroup var kernelOptions: KernelOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file instead.", valueName: "file"))
  var output: String?

  @Option(help: "csv or json for programs, table for people.")
  var format: ResultFormat = .csv

  mutating func validate() throws {
    try requireAtLeast(1, ("--windows", windows))
  }

  func run() throws {
    let kernels = try kernelOptions.kernels()
    let reader = try storeOptions.openForReading()
    let predictions = try PredictionTable(runs, in: reader, dataPath: data, windows: windows, kernels: kernels)
    let table = predictions.table
    if let output {
      var text = ""
      try table.lines(format) { text += $0 + "\n" }
      try AtomicFile.write(Data(text.utf8), to: output)
    } else {
      try table.lines(format) { try Output.line($0) }
    }
  }
}
