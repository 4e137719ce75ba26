import Foundation
import RunStore
import Testing
import Training

@Suite struct VerificationTests {
  @Test(arguments: TrainingCase.all) func aGoodRunIsExact(training: TrainingCase) throws {
    let bench = try Bench()
    try bench.train(try training.request())
    let run = try bench.content()
    for kernels in try allKernels() {
      let result = try Verification.verify("1", in: bench.reader, kernels: kernels) { _ in }
      #expect(result.difference == nil)
      #expect((result.from, result.to) == (0, 60))
      #expect((result.compared.steps, result.compared.evaluations) == (60, run.evaluations.count))
      #expect(result.compared.hiddenStates == run.hiddenStates.count)
      #expect(result.compared.checkpoints == run.checkpoints.count, "the untrained one, too")
    }
  }

  @Test func aStretchCanBeNamed() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let result = try bench.verify(from: .step(14), to: 40)
    #expect((result.from, result.to, result.difference) == (14, 40, nil))
    #expect((result.compared.steps, result.compared.evaluations, result.compared.hiddenStates) == (26, 7, 9))
    #expect(try bench.verify(from: .last).compared.steps == 0)
    let best = try bench.reader.checkpoint(runID: 1, .best).step
    #expect(try bench.verify(from: .best).compared.steps == 60 - best)
  }

  @Test(arguments: ReplayTests.changes) func theFirstDifferenceIsNamed(change: ReplayTests.Change) throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    // A later change too: only the first one counts.
    let changed = try bench.alteredCopy("\(change.sql); UPDATE steps SET loss = 1 WHERE step = 58")
    let result = try changed.verify()
    let difference = try #require(result.difference)
    #expect(difference.contains("step \(change.step)"), "\(difference)")
    for words in change.words { #expect(difference.contains(words), "\(difference)") }
    #expect(result.to == change.step)
    #expect(try changed.verify(to: change.step - 1).difference == nil)
  }

  @Test func damagedTensorsAreADifference() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let damaged = try bench.alteredCopy(damage(step: 42))
    let difference = try #require(try damaged.verify().difference)
    #expect(difference.contains("step 42") && difference.contains("digest"), "\(difference)")
    #expect(try damaged.verify(to: 41).difference == nil)
    #expect(throws: StoreError.self) { try damaged.verify(from: .step(42)) }
  }

  @Test func anUnfinishedRunIsVerifiedToItsLastRow() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let killed = try bench.alteredCopy(kill(checkpoint: 28, rows: 33))
    let result = try killed.verify()
    #expect((result.to, result.difference, result.compared.steps) == (33, nil, 33))
  }

  @Test func nothingIsWritten() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request())
    try bench.store.close()
    let file = bench.folder.url.appendingPathComponent("keepstep.db")
    let before = try Data(contentsOf: file)
    let names = try bench.folder.files
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file.path)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: bench.folder.url.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bench.folder.url.path) }
    try verifyAlone(bench.folder)
    #expect(try Data(contentsOf: file) == before)
    #expect(try bench.folder.files == names)
  }

  /// Verifies through a reader that is gone when this returns.
  private func verifyAlone(_ folder: TemporaryFolder) throws {
    let reader = try StoreReader(path: folder.path())
    let result = try Verification.verify("last", in: reader, kernels: .init()) { _ in }
    #expect((result.difference, result.compared.steps) == (nil, 60))
  }

  /// A trainer at work removes checkpoints to make room.
  @Test func aCheckpointThatIsGoneMeanwhileIsNoDifference() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 80_000
    request.hyperparameters.checkpointEvery = 10_000
    request.hyperparameters.evaluateEvery = 0
    try bench.train(request)
    var deletions = 0
    let result = try Verification.verify("1", in: bench.reader, kernels: bench.kernels) { _ in
      if deletions == 0 { _ = try? bench.folder.sqlite3("DELETE FROM checkpoints WHERE step > 0") }
      deletions += 1
    }
    #expect((result.difference, result.compared.steps) == (nil, 80_000))
    #expect(result.compared.checkpoints < 9 && deletions > 0)
  }

  @Test func whatIsNotRecordedCannotBeVerified() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    for (from, to) in [(CheckpointSelector.step(0), 61), (.step(28), 27), (.last, 0)] {
      let error = try bench.trainingError { _ = try bench.verify(from: from, to: to) }
      #expect(error.message.contains("\(to)") && error.message.contains("60"), "\(error.message)")
    }
    #expect(throws: StoreError.self) { try bench.verify(from: .step(29)) }
    #expect(throws: StoreError.self) { try bench.verify("nobody") }
  }
}
