import GRDB

/// A run that is in both stores: what each recorded of it, compared to the bit (times left out).
struct MergeComparison {
  /// Here.
  let run: RunRecord
  private let db: Database
  private let path: String
  /// There.
  private let source: MergeSource
  private let checkpoints: [CheckpointRecord]
  /// In the order in which they began, as they are recorded here.
  let segments: [SegmentRecord]

  /// - parameter db: of this store.
  /// - parameter path: this store's, for messages.
  init(_ run: RunRecord, of db: Database, path: String, with source: MergeSource) throws {
    self.run = run
    self.db = db
    self.path = path
    self.source = source
    checkpoints = try CheckpointRecord.fetchAll(db, runID: run.id)
    segments = try SegmentRecord.fetchAll(db, runID: run.id)
  }

  /// The newest checkpoint here.
  var newestCheckpoint: Int { checkpoints.last?.step ?? 0 }

  /// Whether the other store recorded more: steps, or a checkpoint of the last one, or how the last segment ended.
  var isMoreThere: Bool {
    guard source.run.stepsDone == run.stepsDone else { return source.run.stepsDone > run.stepsDone }
    let newestThere = source.checkpoints.last?.step ?? 0
    guard newestThere == newestCheckpoint else { return newestThere > newestCheckpoint }
    guard let here = segments.last, let there = source.segments.last else { return false }
    return here.isSameStretch(as: there) && here.endReason == "killed" && there.endReason != "killed"
  }

  /// Whether steps were recorded in each store that the other's segments do not know of.
  var bothWentOn: Bool {
    func hasOwn(_ segments: [SegmentRecord], beside others: [SegmentRecord]) -> Bool {
      segments.contains { segment in
        segment.lastStep >= segment.firstStep
          && !others.contains { $0.isSameStretch(as: segment) && $0.lastStep >= segment.lastStep }
      }
    }
    return hasOwn(segments, beside: source.segments) && hasOwn(source.segments, beside: segments)
  }

  /// Finds that one history is the beginning of the other.
  ///
  /// - throws: `StoreError` of kind `conflict` with the step where they part and both values.
  func requireOneHistory() throws {
    try requireSameTask()
    try requireSameRows()
    for there in source.checkpoints {
      guard let here = checkpoints.first(where: { $0.step == there.step }) else { continue }
      try require(there.step, "the digest of its checkpoint", here.digest, there.digest)
      try require(there.step, "the history digest of its checkpoint", here.historyDigest, there.historyDigest)
    }
  }

  /// The same uuid stands for the same seed, data, hyperparameters and beginning.
  private func requireSameTask() throws {
    let sha256 = try String.fetchOne(
      db, sql: "SELECT sha256 FROM datasets WHERE id = ?", arguments: [run.datasetID])
    try requireTask("seed", "\(run.seed)", "\(source.run.seed)")
    try requireTask("data", sha256 ?? "none", source.datasetSHA256 ?? "none")
    let first = (checkpoints.first?.step, source.checkpoints.first?.step)
    try requireTask("first step", "\(first.0 ?? -1)", "\(first.1 ?? -1)")
    let here = try HyperparameterValue.fetchAll(db, runID: run.id)
    let names = Set(here.keys).union(source.hyperparameters.keys).subtracting([RunDigest.name])
    for name in names.sorted() {
      try requireTask(
        "hyperparameter \(name.debugDescription)", here[name]?.shown ?? "none",
        source.hyperparameters[name]?.shown ?? "none")
    }
  }

  private func requireTask(_ what: String, _ here: String, _ there: String) throws {
    guard here != there else { return }
    throw StoreError(
      .conflict,
      "it has the uuid of run \(run.id) (\(run.name)) of \(path) and is another run: \(what) is \(here) here and \(there) there",
      hint: "one of the two was changed from outside; both stay as they are")
  }

  private func requireSameRows() throws {
    let first = checkpoints.first?.step ?? 0
    let last = min(run.stepsDone, source.run.stepsDone)
    var ours = try HistoryRows(db, runID: run.id, after: first)
    var theirs = try source.reading { try HistoryRows(source.db, runID: source.run.id, after: first) }
    while true {
      let here = try ours.next(upTo: last)
      let there = try source.reading { try theirs.next(upTo: last) }
      guard here != nil || there != nil else { return }
      guard let here, let there, here.row.step == there.row.step else {
        let step = min(here?.row.step ?? .max, there?.row.step ?? .max)
        func words(_ row: StepRecord?) -> String { row?.step == step ? "there" : "missing" }
        throw difference(step, "its row", words(here?.row), words(there?.row))
      }
      try requireSame(here, there)
    }
  }

  private typealias Step = (row: StepRecord, evaluations: [EvaluationRecord], hiddenStates: [HiddenStateRecord])

  private func requireSame(_ here: Step, _ there: Step) throws {
    let step = here.row.step
    try require(step, "its loss", here.row.loss, there.row.loss)
    try require(step, "its learning rate", here.row.learningRate, there.row.learningRate)
    try require(step, "its gradient norm", here.row.gradientNorm, there.row.gradientNorm)
    try require(step, "its accuracy", here.row.accuracy, there.row.accuracy)
    try require(step, "its evaluations", here.evaluations.map(\.split), there.evaluations.map(\.split))
    for (a, b) in zip(here.evaluations, there.evaluations) {
      try require(step, "its \(a.split.debugDescription) loss", a.loss, b.loss)
      try require(step, "its \(a.split.debugDescription) accuracy", a.accuracy, b.accuracy)
    }
    let (ours, theirs) = (here.hiddenStates, there.hiddenStates)
    try require(step, "its hidden states", ours.map(\.name), theirs.map(\.name))
    for (a, b) in zip(ours, theirs) {
      let name = "its hidden state \(a.name.debugDescription)"
      try require(step, "\(name), shape", FloatBlob.json(a.shape), FloatBlob.json(b.shape))
      let index = zip(a.values, b.values).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }
      if let (index, (x, y)) = index { throw difference(step, "\(name), value \(index)", "\(x)", "\(y)") }
    }
  }

  private func require(_ step: Int, _ what: @autoclosure () -> String, _ here: Double?, _ there: Double?) throws {
    guard here?.bitPattern != there?.bitPattern else { return }
    throw difference(step, what(), here.map { "\($0)" } ?? "none", there.map { "\($0)" } ?? "none")
  }

  private func require(_ step: Int, _ what: @autoclosure () -> String, _ here: [String], _ there: [String]) throws {
    guard here != there else { return }
    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ").debugDescription }
    throw difference(step, what(), list(here), list(there))
  }

  private func require(_ step: Int, _ what: @autoclosure () -> String, _ here: String, _ there: String) throws {
    guard here != there else { return }
    throw difference(step, what(), here, there)
  }

  private func difference(_ step: Int, _ what: String, _ here: String, _ there: String) -> StoreError {
    StoreError(
      .conflict,
      "it went on in both stores, to step \(run.stepsDone) here and \(source.run.stepsDone) there, and parts at step \(step): "
        + "\(what) is \(here) here and \(there) there",
      hint: "both stay as they are; `keepstep fork \(source.run.id)@\(source.checkpoints.last?.step ?? 0) "
        + "--store \(source.path)` makes a run of its own of what went on there, and merge takes that")
  }
}

extension SegmentRecord {
  /// Whether both rows tell of the same process's work on the run, perhaps at different times.
  func isSameStretch(as other: SegmentRecord) -> Bool {
    (firstStep, startedAt, host, pid) == (other.firstStep, other.startedAt, other.host, other.pid)
  }
}

extension HyperparameterValue {
  /// A stranger's text may hold anything.
  fileprivate var shown: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value.debugDescription
    }
  }
}
