import Foundation
import Interchange
import RunStore

/// Runs and their steps as CSV files. Steps are read and written in pages, so that memory does not grow with them.
struct RunExport {
  /// What is exported.
  let runs: [ExportedRun]
  private let reader: StoreReader
  /// The parts of the data that the runs were evaluated on: `training`, `validation`.
  private let splits: [String]

  /// Steps that are held in memory at a time.
  private static let page = 20_000

  init(_ summaries: [RunSummary], in reader: StoreReader) throws {
    self.reader = reader
    runs = try summaries.map { try ExportedRun($0, in: reader) }
    splits = try reader.evaluatedSplits(runIDs: summaries.map(\.id))
  }

  /// Writes one file with the steps of all runs; how many there were is returned.
  func writeSteps(to path: String) throws -> Int {
    let hasClasses = runs.contains(where: \.hasClasses)
    var count = 0
    try AtomicFile.write(to: path) { append in
      try append(line(["run_id", "run"] + stepColumns(hasClasses)))
      for run in runs {
        let front = [String(run.summary.id), CSVCell.text(run.summary.name)]
        count += try write(run, front: front, hasClasses, append)
      }
    }
    return count
  }

  /// Makes a folder with a file for each run and `runs.csv`; how many steps there were is returned.
  ///
  /// When something fails, what was made is removed.
  func writeFolder(_ path: String) throws -> Int {
    let isNew = try makeFolder(path)
    do {
      try FileManager.default.createDirectory(atPath: "\(path)/steps", withIntermediateDirectories: false)
      let count = try runs.reduce(0) { try $0 + writeSteps(of: $1, in: path) }
      try AtomicFile.write(runTable(), to: "\(path)/runs.csv")
      return count
    } catch {
      try? FileManager.default.removeItem(atPath: isNew ? path : "\(path)/steps")
      throw error
    }
  }

  private func writeSteps(of run: ExportedRun, in folder: String) throws -> Int {
    var count = 0
    try AtomicFile.write(to: "\(folder)/\(run.file)") { append in
      try append(line(stepColumns(run.hasClasses)))
      count = try write(run, front: [], run.hasClasses, append)
    }
    return count
  }

  /// Makes the folder, unless it is there and empty.
  private func makeFolder(_ path: String) throws -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      guard mkdir(path, 0o777) == 0 else {
        throw CommandError(
          "cannot make the folder \(path): \(String(cString: strerror(errno)))",
          hint: "name one in a folder that exists and that you may write to")
      }
      return true
    }
    let content = isFolder.boolValue ? try FileManager.default.contentsOfDirectory(atPath: path) : [""]
    guard content.isEmpty else {
      throw CommandError(
        "\(path) is \(isFolder.boolValue ? "a folder with something in it" : "a file")",
        hint: "name a folder that is new or empty, or a file that ends in .csv")
    }
    return false
  }
}

// MARK: - Steps

extension RunExport {
  private func stepColumns(_ hasClasses: Bool) -> [String] {
    let evaluations = splits.flatMap { hasClasses ? ["\($0)_loss", "\($0)_accuracy"] : ["\($0)_loss"] }
    return ["step", "loss", "learning_rate", "gradient_norm", "train_seconds"] + (hasClasses ? ["accuracy"] : [])
      + evaluations.map { CSVCell.text($0) }
  }

  /// Hands out a run's steps, page by page, and returns how many there were.
  private func write(
    _ run: ExportedRun, front: [String], _ hasClasses: Bool, _ append: (Data) throws -> Void
  ) throws -> Int {
    let (id, last) = (run.summary.id, run.summary.stepsDone)
    var (count, newest) = (0, run.firstStep - 1)
    for first in stride(from: run.firstStep, through: last, by: Self.page) {
      let range = first...min(first + Self.page - 1, last)
      let steps = try reader.steps(runID: id, in: range)
      let evaluations = Dictionary(grouping: try reader.evaluations(runID: id, in: range), by: \.step)
      var text = ""
      for step in steps {
        text += (front + cells(step, evaluations[step.step] ?? [], hasClasses)).joined(separator: ",")
        text += "\n"
      }
      try append(Data(text.utf8))
      (count, newest) = (count + steps.count, steps.last?.step ?? newest)
    }
    guard newest == last else {
      throw CommandError(
        "run \(run.summary.name) ended at step \(newest) of \(last) while it was exported: it was removed, or its rows "
          + "are damaged",
        hint: "`keepstep check` tells")
    }
    return count
  }

  private func cells(_ step: StepRecord, _ evaluations: [EvaluationRecord], _ hasClasses: Bool) -> [String] {
    func cell(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    var cells = [
      "\(step.step)", cell(step.loss), cell(step.learningRate), cell(step.gradientNorm), cell(step.trainSeconds),
    ]
    if hasClasses { cells.append(cell(step.accuracy)) }
    for split in splits {
      let evaluation = evaluations.first { $0.split == split }
      cells.append(cell(evaluation?.loss))
      if hasClasses { cells.append(cell(evaluation?.accuracy)) }
    }
    return cells
  }

  private func line(_ cells: [String]) -> Data { Data((cells.joined(separator: ",") + "\n").utf8) }
}

// MARK: - Runs

extension RunExport {
  /// `runs.csv`: what is known of each run, where its steps are, and every hyperparameter that one of them has, but for
  /// its data's layout.
  private func runTable() throws -> Data {
    let own = ExportedRun.columns
    // A layout has a label a row of the data.
    let names = Set(runs.flatMap(\.hyperparameters.keys)).subtracting(own + ["layout"]).sorted()
    let rows = runs.map { run in run.cells + names.map { run.hyperparameters[$0].map(StoreValue.init) ?? .null } }
    var data = Data()
    try ResultTable(columns: own + names, rows: rows).lines(.csv) { data.append(Data(($0 + "\n").utf8)) }
    return data
  }
}

/// A run that is exported.
struct ExportedRun {
  let summary: RunSummary
  let hyperparameters: [String: HyperparameterValue]
  /// Of `columns`.
  let cells: [StoreValue]
  /// Where its steps are, within the folder.
  let file: String
  /// The first step that it recorded: a fork's stands behind its checkpoint's. Beyond the last when there is none.
  let firstStep: Int

  /// Do its steps have an accuracy?
  var hasClasses: Bool { hyperparameters["classes"] != nil }

  static let columns = [
    "id", "name", "uuid", "status", "steps_file", "seed", "steps_done", "steps_planned", "last_loss", "best_loss",
    "best_step", "last_accuracy", "train_seconds", "created_at", "updated_at", "finished_at", "failure", "note", "tags",
  ]

  init(_ summary: RunSummary, in reader: StoreReader) throws {
    let run = try reader.run(String(summary.id))
    self.summary = summary
    hyperparameters = try reader.hyperparameters(runID: run.id)
    file = "steps/\(Self.fileName(summary))"
    firstStep = try reader.recordedSteps(runID: run.id)?.lowerBound ?? summary.stepsDone + 1
    cells = [
      .integer(run.id), .text(run.name), .text(run.uuid), .text(summary.status.rawValue), .text(file),
      .integer(run.seed), .optional(summary.stepsDone), .optional(summary.stepsPlanned), .optional(summary.lastLoss),
      .optional(summary.bestLoss), .optional(summary.bestStep), .optional(summary.lastAccuracy),
      .optional(summary.trainSeconds), .text(run.createdAt), .text(run.updatedAt), .optional(run.finishedAt),
      .optional(run.failure), .optional(run.note), .text(try reader.tags(runID: run.id).joined(separator: " ")),
    ]
  }

  /// `3-first.csv`: the id makes it unlike all others, whatever a file system takes for equal, and a name from a
  /// stranger's store leads to no other folder.
  private static func fileName(_ run: RunSummary) -> String {
    let name = run.name.unicodeScalars.prefix(60).map { scalar -> Character in
      let isPlain =
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.".unicodeScalars.contains(scalar)
      return isPlain ? Character(scalar) : "_"
    }
    return "\(run.id)-\(String(name)).csv"
  }
}
