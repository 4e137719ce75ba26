import Foundation
import RunStore
import Testing
import Training

/// The background writer, when the store does not do what it should.
@Suite struct RecorderTests {
  /// A commit that fails in the midst of a training: what was committed stays, nothing is tried again.
  @Test(arguments: TrainingCase.all) func aFailedCommitStopsTheTraining(training: TrainingCase) throws {
    let (bench, other) = (try Bench(), try Bench())
    try bench.train(try training.request(steps: 200))
    try other.train(try training.request(steps: 120))
    try other.folder.sqlite3(refusal("steps", "step = 150"))
    let error = try #require(throws: StoreError.self) { try other.resume(steps: 200) }
    #expect(error.message.contains("integer overflow"), "\(error.message)")
    let failed = try other.content()
    #expect((120..<150).contains(failed.steps.count))
    #expect(failed.steps.map(\.step) == Array(1...failed.run.stepsDone))
    #expect(failed.checkpointSteps.allSatisfy { $0 <= failed.run.stepsDone })
    #expect(failed.evaluations.allSatisfy { $0.step <= failed.run.stepsDone })
    #expect((failed.run.status, failed.run.stepsPlanned) == (.interrupted, 200))
    #expect(!other.reader.isHeld(runID: 1))
    let attempts = try other.folder.sqlite3("SELECT count(*) FROM steps WHERE step >= 150")
    #expect(attempts == "0\n", "nothing came through behind it")
    try other.folder.sqlite3("DROP INDEX refusal")
    try other.resume()
    #expect(try other.content().differences(from: bench.content()) == [])
    #expect(try other.reader.check().findings == [])
    #expect(try other.reader.segments(runID: 1).map(\.endReason) == ["finished", "killed", "finished"])
  }

  @Test func aCheckpointThatFailsTakesItsStepsAlong() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    try bench.folder.sqlite3(refusal("checkpoints", "step = 77"))
    #expect(throws: StoreError.self) { try bench.resume(steps: 120) }
    let failed = try bench.content()
    #expect(failed.run.stepsDone < 77, "the steps of that commit are not there")
    #expect(failed.checkpointSteps.allSatisfy { $0 < 77 })
    try bench.folder.sqlite3("DROP INDEX refusal")
    #expect(try bench.resume().lastStep == 120)
    #expect(try bench.verify().difference == nil)
    #expect(try bench.reader.check().findings == [])
  }

  @Test func aFailedLastCommitIsNoSuccess() throws {
    let bench = try Bench()
    try bench.folder.sqlite3(refusal("runs", "finished_at IS NOT NULL"))
    var request = try TrainingCase.all[0].request()
    let error = try #require(throws: StoreError.self) { try bench.train(request) }
    #expect(error.message.contains("integer overflow"))
    #expect(try bench.content().run.status == .interrupted)
    try bench.folder.sqlite3("DROP INDEX refusal")
    try bench.resume()
    request.name = "undisturbed"
    try bench.train(request)
    #expect(try bench.content("1").differences(from: bench.content("undisturbed")) == [])
  }

  /// While another program has the store, a training goes on as far as its buffers reach, waits, and loses nothing.
  @Test func aFullQueueMakesTheTrainerWait() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 400
    request.hyperparameters.checkpointEvery = 1
    request.hyperparameters.keep = nil
    request.hyperparameters.recordHiddenEvery = 1
    let session = try TrainingSession.start(request, in: bench.store, kernels: bench.kernels)
    let other = try bench.folder.startSQLite3(
      """
      BEGIN IMMEDIATE;
      SELECT 'held';
      .shell sleep 0.7
      COMMIT;
      """)
    while try !other.printed().output.contains("held") { Thread.sleep(forTimeInterval: 0.005) }
    var reports: [TrainingProgress] = []
    _ = try session.train(stop: StopRequest()) { reports.append($0) }
    other.process.waitUntilExit()
    // The first report is due after a tenth of a second, in which a training that does not wait is at its end.
    let first = try #require(reports.first)
    #expect(first.step < 60, "two buffers of ten states each, and what was written before the store was held")
    let run = try bench.content()
    #expect(run.steps.map(\.step) == Array(1...400))
    #expect(run.hiddenStates.map(\.step) == Array(1...400))
    #expect(run.checkpointSteps == Array(0...400))
    #expect(try bench.verify().compared.checkpoints == 401, "the untrained one, too")
  }

  /// More steps than wait at most, with everything due at every step.
  @Test func aLongRunRecordsAll() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 50_000
    request.hyperparameters.hiddenSize = 4
    request.hyperparameters.checkpointEvery = 1
    request.hyperparameters.keep = 3
    request.hyperparameters.evaluateEvery = 1
    request.hyperparameters.recordHiddenEvery = 1
    try bench.train(request)
    let run = try bench.content()
    #expect(run.steps.map(\.step) == Array(1...50_000))
    #expect(run.hiddenStates.map(\.step) == Array(1...50_000))
    #expect(run.evaluations.map(\.loss) == run.steps.map(\.loss))
    #expect(try bench.reader.check().findings == [])
  }

  /// An index under which to write such a row fails, as if the disk were full. (Triggers never run on our connections.)
  private func refusal(_ table: String, _ condition: String) -> String {
    "CREATE INDEX refusal ON \(table) (abs(CASE WHEN \(condition) THEN -9223372036854775807 - 1 ELSE 0 END));"
  }
}
