import ArgumentParser
import RunStore

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that is known of a run: its state, hyperparameters, data and segments.",
    discussion: """
      With --config it prints a file for `keepstep train --config FILE` that repeats the run to the bit, or a fork with \
      `keepstep fork PARENT@STEP --config FILE`.
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var formatOptions: FormatOptions

  @Flag(help: "Print a configuration file that repeats the run.")
  var config = false

  mutating func validate() throws {
    if config, formatOptions.format != .table {
      throw ValidationError("--config prints YAML, and --format asks for \(formatOptions.format.rawValue)")
    }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    if config {
      try Output.text(RunConfiguration(of: record, in: reader).text)
      return
    }
    let facts = try RunFacts.facts(of: record, in: reader)
    let hyperparameters = try reader.hyperparameters(runID: record.id).sorted { $0.key < $1.key }
    let segments = try reader.segments(runID: record.id)
    if formatOptions.format == .table {
      try printSections(facts, hyperparameters, segments)
    } else {
      let rows =
        facts.map { [.text("run"), .text($0.0), $0.1] }
        + hyperparameters.map { [.text("hyperparameter"), .text($0.key), StoreValue($0.value)] }
        + segments.flatMap { segment in
          zip(RunFacts.segmentColumns, RunFacts.row(segment)).map { [.text("segment \(segment.id)"), .text($0), $1] }
        }
      try formatOptions.print(columns: ["section", "name", "value"], rows: rows)
    }
    DeadRuns.mark(in: reader)
  }

  private func printSections(
    _ facts: [(String, StoreValue)], _ hyperparameters: [(key: String, value: HyperparameterValue)],
    _ segments: [SegmentRecord]
  ) throws {
    try formatOptions.print(columns: ["run", ""], rows: facts.map { [.text($0.0), .text($0.1.forPeople)] })
    try Output.line("")
    try formatOptions.print(
      columns: ["hyperparameter", ""],
      rows: hyperparameters.map { [.text($0.key), .text(StoreValue($0.value).forPeople.shortened(to: 200))] })
    try Output.line("")
    try formatOptions.print(columns: RunFacts.segmentColumns, rows: segments.map(RunFacts.row))
  }
}
