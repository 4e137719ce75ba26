import ArgumentParser
import RunStore

struct CheckpointsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoints",
    abstract: "List a run's checkpoints, with the digests of their tensors and of the history up to them.")

  @Argument(help: ArgumentHelp("The run.", valueName: "run"))
  var reference: RunReference

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var formatOptions: FormatOptions

  func run() throws {
    let reader = try storeOptions.openForReading()
    let record = try reader.run(reference.run)
    let isTable = formatOptions.format == .table
    // The first digits are enough for people to tell digests apart.
    func digest(_ text: String) -> StoreValue { .text(isTable ? String(text.prefix(12)) : text) }
    let rows = try reader.checkpoints(runID: record.id).map { checkpoint -> [StoreValue] in
      [
        .integer(checkpoint.id), .integer(Int64(checkpoint.step)), .text(checkpoint.reason.rawValue),
        .optional(checkpoint.monitorValue), digest(checkpoint.digest), digest(checkpoint.historyDigest),
        .integer(checkpoint.pinned ? 1 : 0), .text(checkpoint.createdAt),
      ]
    }
    try formatOptions.print(
      columns: ["id", "step", "reason", "monitor_value", "digest", "history_digest", "pinned", "created_at"],
      rows: rows)
  }
}
