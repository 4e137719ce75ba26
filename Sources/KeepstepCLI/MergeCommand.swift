import ArgumentParser
import Foundation
import RunStore
import Training

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Take the runs of another store in, each whole or not at all.",
    discussion: """
      Runs are known by their uuid. One that is not here comes with all that belongs to it; when its name is taken here, \
      it gets a number behind it. One that is here is compared to the bit: what the other store trained further is taken \
      in, and a run whose histories part is left as it is and told. Every digest is checked before. A run in training \
      there is taken as it stands. Merging again changes nothing, and a merge that was stopped is finished by another.

      The other store is only read; it may be in use, or of an older version. Exits with 1 when a run was left out; the \
      others are here.
      """)

  @Argument(help: ArgumentHelp("The other store.", valueName: "other.db"))
  var other: String

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let reader = try StoreReader(path: other)
    // Before a store is created or brought to a newer version for nothing.
    try reader.requireOther(than: storeOptions.path)
    let store = try storeOptions.openForWriting()
    let runs = try store.merge(reader) { run in
      try Output.line(MergeLine.text(run, other: other))
      try Output.flush()  // it is here from now on, whatever happens
    }
    try store.close()
    try Output.line(MergeLine.summary(runs, other: other, store: store.path))
    let left = runs.filter { $0.refusal != nil }
    guard left.isEmpty else {
      throw CommandError(
        "\(left.count) of \(Numbers.count(runs.count, "run")) of \(other) "
          + "\(left.count == 1 ? "was" : "were") left out: \(left.map { "run \($0.idThere)" }.joined(separator: ", "))",
        hint: left.count == 1
          ? left[0].refusal?.hint ?? "`keepstep check --store \(other)` lists what is wrong with it"
          : "its line on standard output tells why, for each")
    }
  }
}

/// What a merge did, in words.
enum MergeLine {
  static func text(_ run: MergedRun, other: String) -> String {
    var line = "run \(run.idThere) (\(run.nameThere)): \(outcome(run))"
    if let id = run.id { line += "; run \(id)" + (run.name == run.nameThere ? "" : " (\(run.name ?? ""))") + " here" }
    if run.isTrainedThere, run.isChange { line += "; it is in training there, and was taken as it stood" }
    return line
  }

  private static func outcome(_ run: MergedRun) -> String {
    switch run.outcome {
    case .added(let steps, let checkpoints):
      "added, \(Numbers.count(steps, "step")) and \(Numbers.count(checkpoints, "checkpoint"))"
    case .continued(let from, let to, let bothWentOn):
      (from == to ? "its end at step \(to) added" : "steps \(from + 1) to \(to) added")
        + (bothWentOn ? ", as it went on in both stores with equal bits" : "")
    case .equal: "equal"
    case .aheadHere(let there, let here): "at step \(there) there and \(here) here, with equal bits: nothing to add"
    case .refused(let error): "left out: \(error.message)"
    }
  }

  /// How many runs of each outcome.
  static func summary(_ runs: [MergedRun], other: String, store: String) -> String {
    var counts = (added: 0, continued: 0, here: 0, left: 0)
    for run in runs {
      switch run.outcome {
      case .added: counts.added += 1
      case .continued: counts.continued += 1
      case .equal, .aheadHere: counts.here += 1
      case .refused: counts.left += 1
      }
    }
    if counts.here == runs.count { return "\(store) has all of \(other) already: nothing changed" }
    return "\(other): \(counts.added) added, \(counts.continued) continued, \(counts.here) here already, "
      + "\(counts.left) left out"
  }
}
