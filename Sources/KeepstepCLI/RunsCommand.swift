import ArgumentParser
import Foundation
import RunStore

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the store's runs.",
    discussion: """
      Examples: keepstep runs --where 'best_loss < 0.01 AND hidden_size = 32'
      keepstep runs --sort best_loss --limit 5 --columns name,best_loss,learning_rate,tags
      """)

  @OptionGroup var storeOptions: StoreOptions

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("A filter in SQL over the view run_summary.", valueName: "condition"))
  var condition: String?

  @Option(help: "Only runs with this tag; may be given several times.")
  var tag: [String] = []

  @Option(help: ArgumentHelp("Sort by this column; runs without a value come last.", valueName: "column"))
  var sort: String?

  @Flag(help: "The largest first; without --sort the newest.")
  var descending = false

  @Option(help: ArgumentHelp("At most so many runs.", valueName: "count"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "What to tell of each run: columns of run_summary, last_accuracy, uuid, seed, updated_at, finished_at, failure, "
        + "note, tags, or hyperparameters.", valueName: "a,b"))
  var columns: String?

  @OptionGroup var formatOptions: FormatOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit) is below 1") }
    if let columns, columns.split(separator: ",", omittingEmptySubsequences: false).contains("") {
      throw ValidationError("--columns \(columns.debugDescription) has an empty name")
    }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let names = columns?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let listing = RunListing(
      columns: names ?? RunListing.summaryColumns, condition: condition, tags: tag, sort: sort,
      isDescending: descending, limit: limit)
    let result = try reader.list(listing)
    try formatOptions.print(columns: result.columns, rows: result.rows)
    DeadRuns.mark(in: reader)
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
