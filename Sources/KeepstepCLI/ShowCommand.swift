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
    let facts = try facts(of: record, in: reader)
    let hyperparameters = try reader.hyperparameters(runID: record.id).sorted { $0.key < $1.key }
    let segments = try reader.segments(runID: record.id)
    if formatOptions.format == .table {
      try printSections(facts, hyperparameters, segments)
    } else {
      let rows =
        facts.map { [.text("run"), .text($0.0), $0.1] }
        + hyperparameters.map { [.text("hyperparameter"), .text($0.key), StoreValue($0.value)] }
        + segments.flatMap { segment in
          zip(Self.segmentColumns, Self.row(segment)).map { [.text("segment \(segment.id)"), .text($0), $1] }
        }
      try formatOptions.print(columns: ["section", "name", "value"], rows: rows)
    }
    DeadRuns.mark(in: reader)
  }

  private func facts(of run: RunRecord, in reader: StoreReader) throws -> [(String, StoreValue)] {
    let summary = try reader.runs(where: "id = \(run.id)").first
    var facts: [(String, StoreValue)] = [
      ("id", .integer(run.id)), ("name", .text(run.name)), ("uuid", .text(run.uuid)),
      ("status", .text((summary?.status ?? run.status).rawValue)),
      ("steps", .text("\(run.stepsDone) of \(run.stepsPlanned)\(run.hasStoppedEarly ? ", stopped early" : "")")),
      ("seed", .integer(run.seed)),
      ("last_loss", .optional(summary?.lastLoss)), ("best_loss", .optional(summary?.bestLoss)),
      ("best_step", .optional(summary?.bestStep)), ("train_seconds", .optional(summary?.trainSeconds)),
      ("created_at", .text(run.createdAt)), ("updated_at", .text(run.updatedAt)),
      ("finished_at", .optional(run.finishedAt)), ("failure", .optional(run.failure)), ("note", .optional(run.note)),
    ]
    if try reader.hyperparameters(runID: run.id)["scaling"] != nil {
      facts.append(("losses", .text("of scaled values; see the hyperparameter scaling")))
    }
    let tags = try reader.tags(runID: run.id)
    if !tags.isEmpty { facts.append(("tags", .text(tags.joined(separator: " ")))) }
    if let id = run.parentCheckpointID, let parent = try reader.checkpoint(id: id) {
      facts.append(("parent", .text("\(try reader.run(String(parent.runID)).name)@\(parent.step)")))
    }
    if let id = run.datasetID {
      let dataset = try reader.dataset(id: id)
      facts.append(("dataset", .text("\(dataset.source): \(dataset.columns.joined(separator: ", "))")))
      facts.append(("dataset_rows", .integer(Int64(dataset.rows))))
      facts.append(("dataset_sha256", .text(dataset.sha256)))
    }
    return facts.filter { $0.1 != .null }
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
    try formatOptions.print(columns: Self.segmentColumns, rows: segments.map(Self.row))
  }

  private static let segmentColumns = [
    "segment", "first_step", "last_step", "end_reason", "started_at", "ended_at", "host", "pid", "version", "numerics",
    "isa", "threads",
  ]

  private static func row(_ segment: SegmentRecord) -> [StoreValue] {
    [
      .integer(segment.id), .optional(segment.firstStep), .optional(segment.lastStep), .optional(segment.endReason),
      .text(segment.startedAt), .optional(segment.endedAt), .text(segment.host), .optional(segment.pid),
      .text(segment.keepstepVersion), .optional(segment.numericsVersion), .text(segment.instructionSet),
      .optional(segment.threads),
    ]
  }
}
