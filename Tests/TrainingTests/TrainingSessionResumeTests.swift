import Foundation
import Recurrent
import RunStore
import Testing
import Training

/// Resuming, from everywhere: bits are compared, never closeness.
@Suite struct TrainingSessionResumeTests {
  @Test(arguments: TrainingCase.all) func everyCheckpointLeadsToTheSameRecord(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let before = try bench.content()
    for step in before.checkpointSteps {
      let result = try bench.resume(from: .step(step))
      let replayed = try #require(result.replayed)
      #expect(replayed.steps == 60 - step)
      #expect(replayed.evaluations == before.evaluations.filter { $0.step > step }.count)
      #expect(replayed.hiddenStates == before.hiddenStates.filter { $0.step > step }.count)
      #expect(replayed.checkpoints == before.checkpointSteps.filter { $0 > step }.count)
    }
    let after = try bench.content()
    #expect(after.steps == before.steps, "not even the times change")
    #expect(after.differences(from: before) == [])
    #expect(after.checkpointSteps == before.checkpointSteps)
    #expect((after.run.status, after.run.stepsDone) == (.finished, 60))
    #expect(try bench.reader.check().findings == [])
  }

  /// What `kill -9` leaves: a newest checkpoint, rows beyond it or not, and a run that says `running`.
  @Test(arguments: TrainingCase.all) func trainsOnAfterAKill(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let undisturbed = try bench.content()
    try bench.store.close()
    for checkpoint in undisturbed.checkpointSteps {
      // A new best is committed together with its evaluation, so rows without their checkpoint end before one.
      let rows = min(60, checkpoint + checkpoint % 5, undisturbed.firstBest(after: checkpoint) - 1)
      let killed = try Bench.alteredCopy(of: bench.folder, kill(checkpoint: checkpoint, rows: rows))
      #expect(try killed.reader.run("1").status == .interrupted)
      let result = try killed.resume()
      #expect((result.firstStep, result.lastStep) == (checkpoint + 1, 60))
      #expect(result.replayed?.steps == max(0, rows - checkpoint))
      let resumed = try killed.content()
      #expect(resumed.differences(from: undisturbed) == [], "killed after checkpoint \(checkpoint), step \(rows)")
      #expect(resumed.falseBests == [])
      let seconds = resumed.steps.map(\.trainSeconds)
      #expect(seconds == seconds.sorted(), "the clock goes on from the last recorded row")
      #expect(try killed.reader.check().findings == [])
    }
  }

  @Test(arguments: TrainingCase.all) func sessionsOfOneStepEndEqual(training: TrainingCase) throws {
    let (bench, other) = (try Bench(), try Bench())
    try bench.train(try training.request())
    let sets = try allKernels()
    try other.train(try training.request(), stop: stopAtOnce())
    for session in 1..<60 { try other.resume(stop: stopAtOnce(), kernels: sets[session % sets.count]) }
    let (undisturbed, interrupted) = (try bench.content(), try other.content())
    #expect(interrupted.differences(from: undisturbed) == [])
    #expect(interrupted.run.status == .finished)
    #expect(interrupted.checkpointSteps == Array(0...60))
    let segments = try other.reader.segments(runID: 1)
    #expect(segments.map(\.firstStep) == Array(1...60) && segments.map(\.lastStep) == Array(1...60))
    #expect(Set(segments.map(\.instructionSet)).count == sets.count, "every instruction set has trained")
    #expect(Set(segments.dropLast().map(\.endReason)) == ["interrupted"])
    #expect(try other.reader.check().findings == [])
  }

  @Test func stopsAtAnyInstantEndEqual() throws {
    var request = TrainingRequest()
    request.steps = 20_000
    request.hyperparameters.checkpointEvery = 997
    let (bench, other) = (try Bench(), try Bench())
    try bench.train(request)
    try other.train(request, stop: stop(after: 0.01))
    var sessions = 1
    while try other.reader.run("1").status == .interrupted {
      // A resume looks through the record first: later ones need a little longer until they come to a step.
      try other.resume(stop: stop(after: 0.002 * Double(sessions % 9) + 0.0005 * Double(sessions)))
      sessions += 1
    }
    let interrupted = try other.content()
    #expect(interrupted.differences(from: try bench.content()) == [])
    #expect(try other.reader.segments(runID: 1).count == sessions)
    #expect(try other.reader.check().findings == [])
  }

  /// A copy that SQLite makes while the training runs is what a kill at that instant leaves.
  @Test func snapshotsOfALivingTrainingResumeExactly() throws {
    let steps = 150_000
    var request = TrainingRequest()
    request.steps = steps
    request.hyperparameters.checkpointEvery = 40_000
    request.hyperparameters.evaluateEvery = 100
    request.hyperparameters.recordHiddenEvery = 1_000
    let bench = try Bench()
    var folders: [TemporaryFolder] = []
    _ = try TrainingSession.start(request, in: bench.store, kernels: bench.kernels).train(stop: StopRequest()) { _ in
      guard folders.count < 3, let folder = try? snapshot(of: bench) else { return }
      folders.append(folder)
    }
    let undisturbed = try bench.content()
    for folder in folders {
      let copy = try Bench(folder: folder)
      let run = try copy.reader.run("1")
      #expect(run.status == .interrupted && (1...steps).contains(run.stepsDone))
      let newest = try copy.reader.checkpoint(runID: 1, .last).step
      #expect(try copy.resume().replayed?.steps == run.stepsDone - newest)
      #expect(try copy.content().differences(from: undisturbed) == [])
      #expect(try copy.reader.check().findings == [])
    }
    #expect(folders.count >= 2, "so many steps take more than a tenth of a second")
  }

  /// A copy of the store in a folder of its own, made by another process as soon as a step is committed.
  private func snapshot(of bench: Bench) throws -> TemporaryFolder {
    while try bench.reader.run("1").stepsDone == 0 { Thread.sleep(forTimeInterval: 0.01) }
    let folder = try TemporaryFolder()
    try bench.folder.sqlite3("VACUUM INTO '\(folder.path())'")
    return folder
  }

  @Test func anotherEndExtendsTheRun() throws {
    let (bench, other) = (try Bench(), try Bench())
    var request = TrainingRequest()
    request.steps = 600
    try bench.train(request)
    request.steps = 300
    try other.train(request)
    let result = try other.resume(steps: 600)
    #expect((result.firstStep, result.lastStep, result.stepsPlanned) == (301, 600, 600))
    let (straight, extended) = (try bench.content(), try other.content())
    #expect(extended.differences(from: straight) == [])
    #expect((extended.run.stepsPlanned, extended.run.status) == (600, .finished))
    #expect(extended.checkpointSteps == straight.checkpointSteps)
  }

  @Test func anEarlierEndIsTheRecordsEnd() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let undisturbed = try bench.content()
    let killed = try bench.alteredCopy(kill(checkpoint: 28, rows: 33))
    let before = try killed.dump()
    let error = try killed.trainingError { try killed.resume(steps: 32) }
    #expect(error.message.contains("32") && error.message.contains("33"))
    #expect(try killed.dump() == before)
    try killed.resume(steps: 33)
    let run = try killed.content()
    #expect((run.run.status, run.run.stepsPlanned, run.steps.count) == (.finished, 33, 33))
    #expect(run.checkpointSteps.last == 33, "a finished run has its last state")
    try killed.resume(steps: 60)
    #expect(try killed.content().differences(from: undisturbed) == [])
  }

  @Test func aStopWhileComparingChangesNothing() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let before = try bench.content()
    let result = try bench.resume(from: .step(7), stop: stopAtOnce())
    #expect((result.lastStep, result.signal) == (8, 15))
    let after = try bench.content()
    #expect(after.differences(from: before) == [])
    #expect(after.checkpointSteps == before.checkpointSteps)
    #expect(after.run.status == .finished, "it was finished, and is")
    try bench.resume(from: .step(7), steps: 70, stop: stopAtOnce())
    #expect(try bench.reader.run("1").status == .interrupted, "70 steps are planned now")
    #expect(try bench.resume().lastStep == 70)
  }

  @Test func bestAndLastName() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let best = try bench.reader.checkpoint(runID: 1, .best).step
    #expect(try bench.resume(from: .best).firstStep == best + 1)
    #expect(try bench.resume(from: .last).firstStep == 301)
    #expect(try bench.resume("run-1", from: .step(0)).replayed?.steps == 300)
  }
}

/// What a kill leaves of a finished run of 60 steps.
func kill(checkpoint: Int, rows: Int) -> String {
  """
  BEGIN;
  DELETE FROM checkpoints WHERE step > \(checkpoint);
  DELETE FROM steps WHERE step > \(rows);
  DELETE FROM evaluations WHERE step > \(rows);
  DELETE FROM hidden_states WHERE step > \(rows);
  UPDATE runs SET status = 'running', steps_done = \(rows), finished_at = NULL;
  UPDATE segments SET ended_at = NULL, end_reason = NULL, last_step = \(rows);
  COMMIT;
  """
}

/// A stop that another thread asks for.
func stop(after seconds: Double) -> StopRequest {
  let request = StopRequest()
  Thread.detachNewThread {
    Thread.sleep(forTimeInterval: seconds)
    request.request(signal: 2)
  }
  return request
}
