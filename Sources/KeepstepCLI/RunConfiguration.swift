import ConfigurationFiles
import Foundation
import RunStore
import Sequences
import Training

/// The options that repeat a run, as a configuration file.
///
/// A row of `hyperparameters` is the option of its name, `hidden_size` for `--hidden-size`. What comes of that is read back
/// as its command reads it, and must be the run's values again: what no option sets is told, not left out.
struct RunConfiguration {
  /// The file.
  let text: String

  /// Of a run, whatever its state.
  ///
  /// - Throws: `StoreError` or `TrainingError` for rows that can't be read, `CommandError` when no options repeat it.
  init(of run: RunRecord, in reader: StoreReader) throws {
    let hyperparameters = try Hyperparameters(stored: try reader.hyperparameters(runID: run.id))
    let values = try RunValues(run, hyperparameters, in: reader)
    let isFork = hyperparameters.forkedFrom != nil
    let (entries, command) =
      isFork ? try Self.fork(run, values, in: reader) : (try Self.training(run, values), "train")
    var comments = ["run \(run.id) (\(run.name)); repeated to the bit by: keepstep \(command) --config FILE"]
    if let dataset = values.dataset {
      comments.append("data: \(dataset.source), \(dataset.rows) rows, SHA-256 \(dataset.sha256)")
    }
    if hyperparameters.initialization != "random" {
      comments.append("init names the file that its first weights came from; checkpoint 0 has them, too")
    }
    text = ConfigurationFile(source: run.name, entries: entries).text(comments: comments)
  }

  /// All options of `train`.
  private static func training(_ run: RunRecord, _ values: RunValues) throws -> [ConfigurationFile.Entry] {
    let entries = values.entries(of: try ConfigurableOptions(TrainCommand.self))
    let found = try readBack(entries, command: "train", of: run) { words in
      try TrainCommand.parse(words).hyperparameters()
    }
    try values.requireEqual(found, run)
    return entries
  }

  /// The fewest options of `fork` that make a parent's values those of the run; data and loss, when they are named, are
  /// read anew from a file that may be gone.
  private static func fork(
    _ run: RunRecord, _ values: RunValues, in reader: StoreReader
  ) throws -> ([ConfigurationFile.Entry], command: String) {
    guard let id = run.parentCheckpointID, let checkpoint = try reader.checkpoint(id: id) else {
      throw CommandError(
        "run \(run.id) (\(run.name)) is a fork of \(values.hyperparameters.forkedFrom ?? "another run"), which is not in "
          + "this store, so no options repeat it",
        hint: "`keepstep verify \(run.id)` trains it again from its own checkpoint")
    }
    let parent = try reader.run(String(checkpoint.runID))
    let old = try RunValues(
      parent, try Hyperparameters(stored: try reader.hyperparameters(runID: parent.id)), in: reader)
    let all = values.entries(of: try ConfigurableOptions(ForkCommand.self))
      .filter { $0.key != "scale" || !old.has($0, of: values) }  // named, it would be fitted anew
    let ofData = Set(try ConfigurableOptions(DataOptions.self).keys)
    let changed = all.filter { $0.key == "steps" || $0.key == "seed" || !old.has($0, of: values) }
    let choices = run.datasetID == parent.datasetID ? [changed, all.filter { !ofData.contains($0.key) }, all] : [all]
    let reference = "\(parent.id)@\(checkpoint.step)"
    var differences: (any Error)?
    for entries in choices {
      do {
        let found = try readBack(entries, command: "fork", of: run) { words in
          try ForkCommand.parse([reference] + words)
            .hyperparameters(of: old.hyperparameters, steps: parent.stepsPlanned)
        }
        try values.requireEqual(found, run)
        return (entries, "fork \(reference)")
      } catch {
        differences = differences ?? error
      }
    }
    throw differences ?? CommandError("run \(run.id) (\(run.name)): no options repeat it")
  }

  /// What a command makes of the entries.
  private static func readBack(
    _ entries: [ConfigurationFile.Entry], command: String, of run: RunRecord,
    _ parse: ([String]) throws -> Hyperparameters
  ) throws -> Hyperparameters {
    let file = ConfigurationFile(source: "run \(run.id) (\(run.name))", entries: entries)
    do {
      return try parse(Array(try ConfiguredArguments([command], file: file).arguments.dropFirst()))
    } catch {
      throw CommandError(
        "run \(run.id) (\(run.name)): no options repeat it: \(Keepstep.message(for: error))", hint: hint(run))
    }
  }

  fileprivate static func hint(_ run: RunRecord) -> String {
    "a program set what no option sets; `keepstep verify \(run.id)` trains it again"
  }
}

/// What is known of a run that options could say.
private struct RunValues {
  let hyperparameters: Hyperparameters
  let dataset: DatasetRecord?
  private let rows: [String: HyperparameterValue]
  private let embedsData: Bool
  private let seed: UInt64
  private let steps: Int

  init(_ run: RunRecord, _ hyperparameters: Hyperparameters, in reader: StoreReader) throws {
    self.hyperparameters = hyperparameters
    rows = hyperparameters.stored
    let dataset = try run.datasetID.map { try reader.dataset(id: $0) }
    embedsData = dataset.map { $0.values != nil } ?? true
    self.dataset = dataset
    seed = UInt64(bitPattern: run.seed)
    steps = run.stepsPlanned
  }

  /// The values that rows have which are only there when they are set.
  private static let unset = [
    "clip-norm": "0", "clip-value": "0", "missing": "refuse", "scale": "none", "validation": "0", "test": "0",
    "early-stopping": "0", "difference": "false",
  ]

  /// A line for each option that the run has a value for, in the options' order.
  func entries(of options: ConfigurableOptions) -> [ConfigurationFile.Entry] {
    options.keys.filter { options.identity(of: $0) == $0 }.compactMap { key in
      value(of: key, options[key]).map { ConfigurationFile.Entry(key: key, value: $0) }
    }
  }

  /// Does `entry` change nothing of these values? A scaling counts with its numbers.
  func has(_ entry: ConfigurationFile.Entry, of other: RunValues) -> Bool {
    if entry.key == "scale" { return rows["scaling"] == other.rows["scaling"] }
    guard let options = try? ConfigurableOptions(TrainCommand.self) else { return false }
    return value(of: entry.key, options[entry.key]) == entry.value
  }

  private func value(
    of key: String, _ option: CommandDescription.Argument?
  ) -> ConfigurationFile.Value? {
    switch key {
    case "steps": return .text("\(steps)")
    case "seed": return .text("\(seed)")
    case "embed-data": return embedsData ? nil : .text("false")
    // These belong to a file's columns and to one cell, and are refused elsewhere.
    case "inputs" where hyperparameters.data == "sine", "targets" where hyperparameters.data == "sine",
      "scale" where hyperparameters.data == "sine",
      "nonlinearity" where hyperparameters.cell != .rnn, "init" where hyperparameters.initialization == "random":
      return nil
    default: break
    }
    if key == "scale", case .text(let fitted) = rows["scaling"] {
      return (try? Scaling(text: fitted)).map { .text($0.method.rawValue) }
    }
    switch rows[key.replacing("-", with: "_")] {
    case nil: return Self.unset[key].map { .text($0) }
    case .integer(let number) where option?.kind == .flag: return .text(number == 0 ? "false" : "true")
    case .integer(let number): return .text("\(number)")
    case .real(let number): return .text("\(number)")
    case .text(let text):
      let names = option?.takesList == true ? try? JSONDecoder().decode([String].self, from: Data(text.utf8)) : nil
      return names.map { .list($0) } ?? .text(text)
    }
  }

  /// What only the data can say, and where a fork began: the command finds it again.
  private static func isFoundAgain(_ name: String) -> Bool {
    ["sequences", "scaling", "layout", "forked_from"].contains(name) || name.hasSuffix("_origin")
      || name.hasPrefix("plateau_start_")
  }

  /// - Throws: `CommandError` naming a row that differs, with both values.
  func requireEqual(_ found: Hyperparameters, _ run: RunRecord) throws {
    let others = found.stored
    let hasWeights = hyperparameters.initialization != "random"
    for name in Set(rows.keys).union(others.keys).sorted() where rows[name] != others[name] {
      if Self.isFoundAgain(name) || (hasWeights && name == "output_bias") { continue }
      throw CommandError(
        "run \(run.id) (\(run.name)): no options repeat it: its \(name) is \(Self.described(rows[name])), and theirs "
          + "\(Self.described(others[name]))", hint: RunConfiguration.hint(run))
    }
  }

  private static func described(_ value: HyperparameterValue?) -> String {
    value.map { StoreValue($0).forPeople } ?? "not set"
  }
}
