import ArgumentParser
import Recurrent
import RunStore
import Sequences
import Training

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Take all that is intact out of a damaged store into a new one.",
    discussion: """
      The damaged store is only read. A checkpoint is taken when its digest holds, steps as far as the history digests \
      prove them; each run is then trained again from one of its last checkpoints, and is taken when that gives the bits \
      of its record. A run that lost its newest rows goes on from its newest checkpoint with `resume`. Tells, by table \
      and run, what was taken and what was left, and why. Exits with 0 when all was taken, with 1 when something was \
      left; the new store is kept.
      """)

  @OptionGroup var storeOptions: StoreOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The store to make.", valueName: "file"))
  var output: String

  @Flag(help: "Replace a file that is there.")
  var force = false

  @OptionGroup var kernelOptions: KernelOptions

  func run() throws {
    let kernels = try kernelOptions.kernels()
    let report = try Recovery.recover(storeOptions.path, to: output, replacing: force) { runID, reader in
      try RunProof(runID: runID, reader: reader, kernels: kernels).verdict()
    }
    try tell(report)
    guard report.isComplete else {
      throw CommandError(
        "\(storeOptions.path): not all could be taken; what was left is listed on standard output",
        hint: "\(output) holds the rest: `keepstep resume RUN --store \(output)` goes on with a run that was cut")
    }
  }

  private func tell(_ report: RecoveryReport) throws {
    for note in report.notes { try Output.line("\(storeOptions.path): \(note)") }
    for table in report.tables {
      let left = table.left > 0 ? ", \(table.left) left" : ""
      let remarks = table.remarks.map { "; \($0)" }.joined()
      try Output.line("table \(table.name): \(Numbers.count(table.taken, "row")) taken\(left)\(remarks)")
    }
    for run in report.runs {
      try Output.line(line(run))
      for loss in run.losses { try Output.line("  lost: \(loss)") }
      for remark in run.remarks { try Output.line("  \(remark)") }
    }
    let taken = report.runs.filter(\.isTaken).count
    try Output.line("\(report.path): \(taken) of \(Numbers.count(report.runs.count, "run")) taken; checked")
  }

  private func line(_ run: RecoveryReport.Run) -> String {
    let name = "run \(run.id)" + (run.name.map { " (\($0))" } ?? "")
    guard run.isTaken else { return "\(name): left" }
    let whole = run.stepsDone == run.stepsDoneBefore ? "" : " of \(run.stepsDoneBefore)"
    return "\(name): taken up to step \(run.stepsDone)\(whole), \(Numbers.count(run.checkpoints, "checkpoint"))"
  }
}

/// Whether a run that was read out of a damaged store can be trained to the bits of its record: the proof of its
/// hyperparameters, its seed and its data, which in runs of earlier versions no digest covers.
struct RunProof {
  let runID: Int64
  let reader: StoreReader
  let kernels: Kernels

  /// The last stretch between two checkpoints, or what was recorded after the only one, trained again.
  func verdict() throws -> RecoveryVerdict {
    let run = try reader.run("\(runID)")
    let hyperparameters: Hyperparameters
    do {
      hyperparameters = try Hyperparameters(stored: try reader.hyperparameters(runID: runID))
    } catch let error as TrainingError {
      return .disproved(error.message)
    }
    if let verdict = try verdictOnData(run, hyperparameters) { return verdict }
    let checkpoints = try reader.checkpoints(runID: runID)
    guard let first = checkpoints.first else { return .disproved("it has no checkpoint") }
    if case .plateau = hyperparameters.schedule, first.step > 0, first.reason != .start {
      return .disproved("its plateau schedule needs the evaluations before step \(first.step), which are lost")
    }
    if hyperparameters.earlyStopping != nil, first.step > 0, first.reason != .start {
      return .disproved("its early stopping needs the evaluations before step \(first.step), which are lost")
    }
    return try trainedAgain(run, checkpoints, first)
  }

  private func trainedAgain(
    _ run: RunRecord, _ checkpoints: [CheckpointRecord], _ first: CheckpointRecord
  ) throws -> RecoveryVerdict {
    do {
      // The untrained network is a function of the seed.
      if first.step == 0, let difference = try difference(from: 0, to: 0) { return .disproved(difference) }
      // One step shows the gradient, the next one what the optimizer made of it.
      let start = checkpoints.last { $0.step + 2 <= run.stepsDone } ?? first
      guard start.step < run.stepsDone else {
        return .unproved("no step is recorded after its checkpoint, so nothing proves its hyperparameters")
      }
      if let difference = try difference(from: start.step, to: run.stepsDone) { return .disproved(difference) }
      return .proved("steps \(start.step + 1) to \(run.stepsDone) trained again: equal to the bit")
    } catch let error as TrainingError {
      return .disproved(error.message)
    } catch let error as RecurrentError {
      return .disproved(error.message)
    } catch let error as SequenceError {
      return .disproved(error.message)
    }
  }

  private func difference(from first: Int, to last: Int) throws -> String? {
    try Verification.verify(
      "\(runID)", from: .step(first), to: last, in: reader, kernels: kernels, progress: { _ in }
    ).difference
  }

  /// What there is to say when the run cannot be trained here; `nil` when its data is there.
  private func verdictOnData(_ run: RunRecord, _ hyperparameters: Hyperparameters) throws -> RecoveryVerdict? {
    guard let id = run.datasetID else { return nil }
    let dataset = try reader.dataset(id: id)
    if let values = dataset.values {
      let table = try? Table(dataset, values: values, hyperparameters)
      guard let table, table.digest == dataset.sha256 else {
        return .dataDamaged("its data is damaged and left out: resume it with --data and the file it came from")
      }
      return nil
    }
    do {
      _ = try RecordedRun(run, in: reader)
      return nil
    } catch {
      return .unproved("its data is not in the store, so nothing proves its hyperparameters; `verify --data FILE` does")
    }
  }
}
