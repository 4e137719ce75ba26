import Foundation
import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// A store in a folder of its own, and the ways in which a test trains into it.
struct Bench {
  let folder: TemporaryFolder
  let store: Store
  let kernels: Kernels

  init(kernels: Kernels? = nil) throws {
    try self.init(folder: try TemporaryFolder(), kernels: kernels)
  }

  /// Opens, or creates, the store of a folder.
  init(folder: TemporaryFolder, kernels: Kernels? = nil) throws {
    self.folder = folder
    store = try Store(path: folder.path())
    self.kernels = try kernels ?? Kernels()
  }

  var reader: StoreReader { store.reader }

  /// Trains a new run to its planned end, or until `stop` asks.
  @discardableResult
  func train(_ request: TrainingRequest, stop: StopRequest = StopRequest()) throws -> TrainingResult {
    try TrainingSession.start(request, in: store, kernels: kernels).train(stop: stop) { _ in }
  }

  /// Goes on with a run.
  @discardableResult
  func resume(
    _ run: String = "last", from checkpoint: CheckpointSelector = .last, steps: Int? = nil,
    stop: StopRequest = StopRequest(), kernels: Kernels? = nil
  ) throws -> TrainingResult {
    try TrainingSession.resume(run, from: checkpoint, in: store, steps: steps, kernels: kernels ?? self.kernels)
      .train(stop: stop) { _ in }
  }

  /// Starts a fork with what `change` changes; it is not trained yet.
  func fork(
    _ run: String, at checkpoint: CheckpointSelector, change: (inout ForkRequest) throws -> Void = { _ in }
  ) throws -> TrainingSession {
    let parent = try RecordedRun(try reader.run(run), in: reader)
    var request = ForkRequest(of: parent)
    try change(&request)
    let chosen = try reader.checkpoint(runID: parent.record.id, checkpoint)
    return try TrainingSession.fork(request, of: parent, at: chosen, in: store, kernels: kernels)
  }

  func verify(
    _ run: String = "last", from checkpoint: CheckpointSelector? = nil, to last: Int? = nil
  ) throws -> Verification {
    try Verification.verify(run, from: checkpoint, to: last, in: reader, kernels: kernels) { _ in }
  }

  func content(_ run: String = "last") throws -> RunContent {
    try RunContent(run, in: reader)
  }

  /// All of the store as SQL text: what a refusal must leave as it was.
  func dump() throws -> String {
    try folder.sqlite3(".dump")
  }

  /// Expects that `body` throws a `TrainingError`, and hands it on.
  func trainingError(_ body: () throws -> Void) throws -> TrainingError {
    try #require(throws: TrainingError.self) { try body() }
  }

  /// Closes this store, lets `sql` change a copy of it, and opens that.
  func alteredCopy(_ sql: String) throws -> Bench {
    try store.close()
    return try Self.alteredCopy(of: folder, sql)
  }

  /// Copies the closed store of a folder, lets `sql` change the copy, and opens that.
  static func alteredCopy(of folder: TemporaryFolder, _ sql: String, kernels: Kernels? = nil) throws -> Bench {
    let other = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: folder.path(), toPath: other.path())
    try other.sqlite3(sql)
    return try Bench(folder: other, kernels: kernels)
  }
}

/// A stop that is asked for already: a session trains one step and ends.
func stopAtOnce() -> StopRequest {
  let stop = StopRequest()
  stop.request(signal: 15)
  return stop
}

/// Every instruction set of this machine, and the naive twin.
func allKernels() throws -> [Kernels] {
  try Kernels.available.map { try Kernels(named: $0) } + [.naive]
}
