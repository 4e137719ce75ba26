import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// The end that evaluations bring about: where it is, and that no interruption moves it.
@Suite struct EarlyStoppingTests {
  /// What is watched, and how.
  static let cases = [
    TrainingCase(name: "the training loss") {
      $0.steps = 400
      $0.hyperparameters.earlyStopping = 3
    },
    TrainingCase(name: "the validation loss of a scaled table") { try validated(&$0) },
    TrainingCase(name: "the validation loss of series, on a plateau schedule that follows it") {
      try validated(&$0)
      let table = try series()
      $0.data = .table(table)
      $0.hyperparameters.sequences = 3
      $0.hyperparameters.batchSize = 1
      $0.hyperparameters.fitScaling(.minmax, to: table)
      var plateau = Plateau()
      (plateau.patience, plateau.factor) = (0, 0.5)
      $0.hyperparameters.schedule = .plateau(plateau)
    },
    TrainingCase(name: "the training loss beside a validation part") {
      try validated(&$0)
      $0.hyperparameters.monitor = .loss
      $0.hyperparameters.optimizer.learningRate = 0.2
    },
  ]

  /// Rows without a pattern: what is learned of them helps no further rows.
  private static func validated(_ request: inout TrainingRequest) throws {
    request.steps = 400
    request.data = .table(try waves())
    request.hyperparameters.data = "waves.csv"
    request.hyperparameters.inputs = ["level", "flow"]
    request.hyperparameters.targets = ["flow"]
    request.hyperparameters.shift = 1
    request.hyperparameters.window = 5
    request.hyperparameters.batchSize = 2
    request.hyperparameters.hiddenSize = 12
    request.hyperparameters.split = try Split(validation: 0.25, test: 0.1)
    request.hyperparameters.fitScaling(.standard, to: try waves())
    request.hyperparameters.earlyStopping = 3
  }

  @Test(arguments: cases) func endsAfterSoManyEvaluationsWithoutANewBest(training: TrainingCase) throws {
    let bench = try Bench()
    let result = try bench.train(try training.request())
    let run = try bench.content()
    var (best, bad) = (Double.infinity, 0)
    let end = run.monitored.first { evaluation in
      bad = evaluation.loss < best ? 0 : bad + 1
      best = min(best, evaluation.loss)
      return bad == 3
    }
    let stop = try #require(end?.step)
    #expect(stop < 400, "or this test tests nothing")
    #expect((result.lastStep, result.stoppedEarly, result.signal) == (stop, true, nil))
    #expect((run.run.status, run.run.stepsDone, run.run.stepsPlanned) == (.finished, stop, 400))
    #expect(run.run.hasStoppedEarly)
    #expect(run.checkpointSteps.last == stop)
    #expect(run.bestStep == run.monitored.min { ($0.loss, $0.step) < ($1.loss, $1.step) }?.step)
    #expect(try bench.reader.segments(runID: 1).map(\.endReason) == ["finished"])
    #expect(try bench.verify().difference == nil)
    #expect(try bench.reader.check().findings == [] && bench.reader.dataFindings() == [])
  }

  @Test(arguments: cases) func everyCheckpointLeadsToTheSameEnd(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let before = try bench.content()
    for step in before.checkpointSteps {
      let result = try bench.resume(from: .step(step))
      #expect(result.stoppedEarly && result.replayed?.steps == before.run.stepsDone - step)
      #expect(result.replayed?.evaluations == before.evaluations.filter { $0.step > step }.count)
    }
    let after = try bench.content()
    #expect(after.steps == before.steps && after.differences(from: before) == [])
    #expect(after.run.status == .finished)
  }

  /// Also where the last step is recorded, and the end is not.
  @Test(arguments: cases) func aKillMovesNoEnd(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let undisturbed = try bench.content()
    let last = undisturbed.run.stepsDone
    try bench.store.close()
    for checkpoint in undisturbed.checkpointSteps {
      let rows = min(last, checkpoint + checkpoint % 5, undisturbed.firstBest(after: checkpoint) - 1)
      let killed = try Bench.alteredCopy(of: bench.folder, kill(checkpoint: checkpoint, rows: rows))
      let result = try killed.resume()
      #expect((result.lastStep, result.stoppedEarly) == (last, true))
      let resumed = try killed.content()
      #expect(resumed.differences(from: undisturbed) == [], "killed after checkpoint \(checkpoint), step \(rows)")
      #expect((resumed.run.status, resumed.falseBests) == (.finished, []))
      #expect(try killed.reader.check().findings == [])
    }
  }

  @Test(arguments: cases) func sessionsOfOneStepEndThere(training: TrainingCase) throws {
    let (bench, other) = (try Bench(), try Bench())
    try bench.train(try training.request())
    try other.train(try training.request(), stop: stopAtOnce())
    var sessions = 1
    while try other.reader.run("1").status == .interrupted, sessions < 400 {
      try other.resume(stop: stopAtOnce())
      sessions += 1
    }
    let (undisturbed, interrupted) = (try bench.content(), try other.content())
    #expect(interrupted.differences(from: undisturbed) == [])
    #expect((interrupted.run.status, sessions) == (.finished, undisturbed.run.stepsDone))
  }

  @Test func anotherPlannedEndChangesNothing() throws {
    let bench = try Bench()
    try bench.train(try Self.cases[1].request())
    let before = try bench.content()
    let result = try bench.resume(steps: 1_000)
    #expect((result.lastStep, result.stoppedEarly) == (before.run.stepsDone, true))
    let error = try bench.trainingError { try bench.resume(steps: before.run.stepsDone - 1) }
    #expect(error.message.contains("\(before.run.stepsDone)"))
    #expect(try bench.content().differences(from: before) == [])
  }

  @Test func aForkCountsAnew() throws {
    let bench = try Bench()
    try bench.train(try Self.cases[1].request())
    let parent = try bench.content()
    let end = parent.run.stepsDone
    _ = try bench.fork("1", at: .last).train(stop: StopRequest()) { _ in }
    let fork = try bench.content("2")
    #expect(fork.steps.count >= 12 && fork.run.hasStoppedEarly, "three evaluations, at least")
    let others = try bench.fork("1", at: .step(end)) {
      $0.hyperparameters.earlyStopping = nil
      $0.steps = end + 40
    }
    #expect(try others.train(stop: StopRequest()) { _ in }.lastStep == end + 40)
    for run in ["2", "3"] { #expect(try bench.verify(run).difference == nil) }
  }

  @Test func aRecordBeyondTheEndIsTold() throws {
    let bench = try Bench()
    var request = try Self.cases[1].request()
    request.hyperparameters.earlyStopping = nil
    request.steps = 200
    try bench.train(request)
    let forged = try bench.alteredCopy(
      """
      INSERT INTO hyperparameters VALUES (1, 'early_stopping', 3);
      DELETE FROM hyperparameters WHERE name = 'digest';
      """)
    let difference = try #require(try forged.verify().difference)
    #expect(difference.contains("stops early") && difference.contains("200"), "\(difference)")
    let before = try forged.content()
    let error = try forged.trainingError { try forged.resume(from: .step(0)) }
    #expect(error.message.contains("stops early"))
    #expect(try forged.content().differences(from: before) == [])
  }
}
