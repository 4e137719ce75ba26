import ArgumentParser
import RunStore

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the store's runs.",
    discussion: "Example: keepstep runs --where 'best_loss < 0.01 AND hidden_size = 32'")

  @OptionGroup var storeOptions: StoreOptions

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("A filter in SQL over the view run_summary.", valueName: "condition"))
  var condition: String?

  @OptionGroup var formatOptions: FormatOptions

  func run() throws {
    let reader = try storeOptions.openForReading()
    let runs = try reader.runs(where: condition)
    try formatOptions.print(columns: Self.columns, rows: runs.map(Self.row))
    DeadRuns.mark(in: reader)
  }

  static let columns = [
    "id", "name", "status", "cell", "hidden_size", "num_layers", "steps_done", "steps_planned", "last_loss",
    "best_loss", "best_step", "train_seconds", "created_at",
  ]

  static func row(_ run: RunSummary) -> [StoreValue] {
    [
      .integer(run.id), .text(run.name), .text(run.status.rawValue), .optional(run.cell), .optional(run.hiddenSize),
      .optional(run.numLayers), .optional(run.stepsDone), .optional(run.stepsPlanned), .optional(run.lastLoss),
      .optional(run.bestLoss), .optional(run.bestStep), .optional(run.trainSeconds), .text(run.createdAt),
    ]
  }
}

extension StoreValue {
  static func optional(_ value: String?) -> StoreValue { value.map { .text($0) } ?? .null }
  static func optional(_ value: Int?) -> StoreValue { value.map { .integer(Int64($0)) } ?? .null }
  static func optional(_ value: Double?) -> StoreValue { value.map { .real($0) } ?? .null }

  init(_ value: HyperparameterValue) {
    switch value {
    case .integer(let value): self = .integer(value)
    case .real(let value): self = .real(value)
    case .text(let value): self = .text(value)
    }
  }
}
