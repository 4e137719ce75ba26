import Recurrent
import RunStore
import Sequences

/// A run as the store has it, with everything that is needed to train it again.
public struct RecordedRun: Sendable {
  /// The row of `runs`.
  public let record: RunRecord
  /// What shaped it.
  public let hyperparameters: Hyperparameters
  /// Its data: the stored values, or the file that they came from.
  public let data: DataSource

  /// Reads a run.
  ///
  /// - Parameter record: its row.
  /// - Parameter reader: the store that it is from.
  /// - Parameter path: a file to read the data from; without it the stored values are used, or the file that the
  ///   run was started with.
  /// - Throws: `StoreError`, `TrainingError` or `SequenceError`; a file with another digest than the run's is refused.
  public init(_ record: RunRecord, in reader: StoreReader, dataPath path: String? = nil) throws {
    self.record = record
    hyperparameters = try Hyperparameters(stored: try reader.hyperparameters(runID: record.id))
    data = try Self.data(of: record, hyperparameters, in: reader, path: path)
  }

  /// A run that is only to predict, over any file that has its columns; other rows than its own are not parted.
  ///
  /// - Throws: `StoreError`, `TrainingError` or `SequenceError`.
  public static func forPrediction(
    _ record: RunRecord, in reader: StoreReader, dataPath path: String? = nil
  ) throws -> RecordedRun {
    guard let path, record.datasetID != nil else { return try RecordedRun(record, in: reader, dataPath: path) }
    var hyperparameters = try Hyperparameters(stored: try reader.hyperparameters(runID: record.id))
    let table = try DataFile(path: path, options: hyperparameters.reading)
      .table(columns: hyperparameters.inputs + hyperparameters.targets)
    // Only the rows that it was trained on have parts.
    let isOwn = try record.datasetID.map { try reader.dataset(id: $0).sha256 == table.digest } ?? false
    if !isOwn { hyperparameters.split = .none }
    return RecordedRun(record: record, hyperparameters: hyperparameters, data: .table(table))
  }

  private init(record: RunRecord, hyperparameters: Hyperparameters, data: DataSource) {
    self.record = record
    self.hyperparameters = hyperparameters
    self.data = data
  }

  private static func data(
    of record: RunRecord, _ hyperparameters: Hyperparameters, in reader: StoreReader, path: String?
  ) throws -> DataSource {
    guard let id = record.datasetID else {
      guard path == nil || path == "sine" else {
        throw TrainingError(
          "run \(record.name) was trained on the sine task, not on \(path ?? "")", hint: "leave --data out")
      }
      return .sine
    }
    let dataset = try reader.dataset(id: id)
    let table: Table
    if path == nil, let values = dataset.values {
      table = try Table(dataset, values: values, hyperparameters)
    } else {
      table = try DataFile(path: path ?? dataset.source, options: hyperparameters.reading)
        .table(columns: dataset.columns)
    }
    guard table.digest == dataset.sha256 else {
      throw TrainingError(
        "run \(record.name): the data of \(path ?? dataset.source) has the digest \(table.digest), and the run was "
          + "trained on \(dataset.sha256)",
        hint: "resume and verify need the very same values; `keepstep fork --data` goes on with others as a new run")
    }
    return .table(table)
  }

  /// Its data where that is a table.
  public var table: Table? { data.table }

  /// Refuses to go on from bits that another arithmetic made.
  ///
  /// - Throws: `TrainingError` when a segment of the run had another numerics version.
  func checkNumerics(in reader: StoreReader) throws {
    for segment in try reader.segments(runID: record.id) where segment.numericsVersion != numericsVersion {
      throw TrainingError(
        "run \(record.name) was trained with numerics version \(segment.numericsVersion) (Keepstep "
          + "\(segment.keepstepVersion)), and this program has version \(numericsVersion): its bits would differ",
        hint: "use that version of Keepstep, or `keepstep fork` to go on as a new run")
    }
  }

  /// The network before step 1, drawn from the seed.
  func untrained(_ kernels: Kernels) throws -> Trainer {
    try Trainer(hyperparameters, seed: UInt64(bitPattern: record.seed), data: data, kernels: kernels)
  }

  /// The monitor as it stood after `step`, from the recorded rows.
  func monitor(at step: Int, in reader: StoreReader) throws -> Monitor {
    let every = hyperparameters.evaluateEvery
    // A fork's first checkpoint brings its parent's value along.
    let first = try reader.checkpoints(runID: record.id).min { $0.step < $1.step }
    var monitor = Monitor(every: every, best: first?.reason == .start ? first?.monitorValue : nil)
    for value in try monitoredValues(upTo: step, in: reader) { monitor.judge(value) }
    let last = Monitor.lastEvaluation(upTo: step, every: every)
    let rows = last < step ? try reader.steps(runID: record.id, in: last + 1...step) : []
    for row in rows { monitor.add(Monitor.Observation(loss: row.loss, accuracy: row.accuracy)) }
    return monitor
  }

  private func monitoredValues(upTo step: Int, in reader: StoreReader) throws -> [Double] {
    guard step > 0 else { return [] }
    let part = hyperparameters.monitored.part.rawValue
    return try reader.evaluations(runID: record.id, in: 1...step).filter { $0.split == part }.map(\.loss)
  }

  /// What the schedule `plateau` knew after `step`, from the recorded evaluations.
  func plateau(at step: Int, in reader: StoreReader) throws -> PlateauState {
    var state = hyperparameters.plateauStart
    guard case .plateau(let settings) = hyperparameters.schedule, step > 0 else { return state }
    for value in try monitoredValues(upTo: step, in: reader) { state.observe(value, settings) }
    return state
  }

  /// Seconds of training up to `step`.
  func seconds(at step: Int, in reader: StoreReader) throws -> Double {
    step == 0 ? 0 : try reader.steps(runID: record.id, in: step...step).first?.trainSeconds ?? 0
  }
}
