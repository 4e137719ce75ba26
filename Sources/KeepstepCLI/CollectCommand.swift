import ArgumentParser
import RunStore

struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Remove checkpoints that no rule keeps, and give their space back to the disk.",
    discussion: """
      Of each run the first, the last, the best and the pinned checkpoints stay, those that forks began at, and the \
      newest --keep others. Steps, evaluations and hidden states always stay. Runs in training are left alone. The \
      store is then written anew, which needs as much room again for a moment, and makes trainers wait.
      """)

  @Argument(help: "The runs; without any, all.")
  var runs: [RunReference] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many of the newest checkpoints stay beside those.", valueName: "n"))
  var keep = 0

  @Flag(help: "Only say what would be removed.")
  var dryRun = false

  @OptionGroup var confirmation: Confirmation
  @OptionGroup var storeOptions: StoreOptions

  mutating func validate() throws {
    for run in runs { try run.requireWholeRun("gc") }
    guard keep >= 0 else { throw ValidationError("--keep \(keep) is below 0") }
  }

  func run() throws {
    let reader = try storeOptions.openForReading()
    let records = try chosen(in: reader)
    let found = try reader.collection(runIDs: records.map(\.id), keep: keep)
    let names = Dictionary(records.map { ($0.id, $0.name) }) { first, _ in first }
    if dryRun {
      for checkpoint in found.checkpoints {
        try Output.line(
          "step \(checkpoint.step) of run \(checkpoint.runID) (\(names[checkpoint.runID] ?? ""))")
      }
      try Output.line("would remove \(Self.words(found))")
      return
    }
    if !found.checkpoints.isEmpty { try confirmation.require("Remove \(Self.words(found)) from \(reader.path)?") }
    let store = try storeOptions.openExisting()
    let removed = try store.removeCheckpoints(ofRuns: records.map(\.id), keep: keep)
    let size = try store.compact()
    try store.close()
    try Output.line(
      "removed \(Self.words(removed)); \(reader.path) had \(Self.bytes(size.before)) and has \(Self.bytes(size.after))")
  }

  /// The named runs, or all that nobody trains.
  private func chosen(in reader: StoreReader) throws -> [(id: Int64, name: String)] {
    guard runs.isEmpty else { return try runs.map { try reader.run($0.run) }.map { ($0.id, $0.name) } }
    let all = try reader.runs()
    let held = all.filter { reader.isHeld(runID: $0.id) }
    for run in held { Console.note("run \(run.id) (\(run.name)) is in training and left alone") }
    let heldIDs = Set(held.map(\.id))
    return all.filter { !heldIDs.contains($0.id) }.map { ($0.id, $0.name) }
  }

  private static func words(_ collection: Collection) -> String {
    "\(Numbers.count(collection.checkpoints.count, "checkpoint")) with \(bytes(collection.bytes)) of tensors"
  }

  private static func bytes(_ count: Int) -> String {
    count < 10 << 20 ? "\((count + 1023) >> 10) KiB" : "\((count + (1 << 19)) >> 20) MiB"
  }
}
