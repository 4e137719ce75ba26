import Foundation
import Recurrent
import RunStore
import Sequences
import Testing
import Training

/// What a resume needs, and the refusals when it is not there; each leaves the store as it was.
@Suite struct RecordedRunTests {
  @Test func embeddedDataNeedNoFile() throws {
    let bench = try Bench()
    try trainOnFile(bench, embedded: true)
    try FileManager.default.removeItem(atPath: bench.folder.path("waves.csv"))
    #expect(try bench.resume(steps: 20).lastStep == 20)
    #expect(try bench.verify().difference == nil)
  }

  @Test func otherDataAreFetchedFromTheirFile() throws {
    let bench = try Bench()
    let path = try trainOnFile(bench, embedded: false)
    #expect(try bench.reader.dataset(id: 1).values == nil)
    #expect(try bench.resume(steps: 20).lastStep == 20)
    let moved = bench.folder.path("elsewhere.csv")
    try FileManager.default.moveItem(atPath: path, toPath: moved)
    let before = try bench.dump()
    let error = try #require(throws: SequenceError.self) { try bench.resume(steps: 30) }
    #expect(error.message.contains(path))
    #expect(throws: SequenceError.self) { try bench.verify() }
    #expect(try bench.dump() == before)
    let session = try TrainingSession.resume(
      "1", in: bench.store, steps: 30, dataPath: moved, kernels: bench.kernels)
    #expect(try session.train(stop: StopRequest()) { _ in }.lastStep == 30)
    #expect(
      try Verification.verify("1", in: bench.reader, dataPath: moved, kernels: bench.kernels) { _ in }.difference == nil
    )
  }

  @Test(arguments: [true, false]) func dataWithAnotherDigestAreRefused(embedded: Bool) throws {
    let bench = try Bench()
    let path = try trainOnFile(bench, embedded: embedded)
    let other = try waves(salt: 1)
    _ = try bench.folder.write(csv(other), to: "waves.csv")
    let before = try bench.dump()
    let error = try bench.trainingError {
      _ = try TrainingSession.resume("1", in: bench.store, steps: 20, dataPath: path, kernels: bench.kernels)
    }
    for words in [other.digest, try waves().digest, path] {
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(error.hint?.contains("fork --data") == true)
    #expect(try bench.dump() == before)
  }

  @Test func theSineTaskHasNoFile() throws {
    let bench = try Bench()
    try bench.train(TrainingCase.all[0].request(steps: 7))
    let path = try bench.folder.write(csv(try waves()), to: "waves.csv")
    let before = try bench.dump()
    let error = try bench.trainingError {
      _ = try TrainingSession.resume("1", in: bench.store, dataPath: path, kernels: bench.kernels)
    }
    #expect(error.message.contains("sine") && error.message.contains(path))
    #expect(try bench.dump() == before)
    _ = try TrainingSession.resume("1", in: bench.store, dataPath: "sine", kernels: bench.kernels)
  }

  @Test func anotherArithmeticIsRefused() throws {
    let bench = try Bench()
    try bench.train(TrainingCase.all[0].request(steps: 7))
    let other = try bench.alteredCopy("UPDATE segments SET numerics_version = 99, keepstep_version = '9.8.7'")
    let before = try other.dump()
    for attempt in [{ try other.resume(steps: 14) }, { try other.verify() }] as [() throws -> Any] {
      let error = try other.trainingError { _ = try attempt() }
      for words in ["version 99", "version \(numericsVersion)", "9.8.7"] {
        #expect(error.message.contains(words), "\(error.message)")
      }
      #expect(error.hint?.contains("fork") == true)
    }
    #expect(try other.dump() == before)
    _ = try other.fork("1", at: .last) { $0.steps = 14 }.train(stop: StopRequest()) { _ in }
    #expect(try other.verify("2").compared.steps == 7, "a fork begins with this arithmetic")
  }

  @Test func aHeldRunIsRefused() throws {
    let bench = try Bench()
    let before = try heldRun(bench)
    #expect(try bench.dump() == before)
    #expect(try bench.reader.run("1").status == .interrupted, "its trainer is gone")
    #expect(try bench.resume().lastStep == 60)
    #expect(try bench.reader.segments(runID: 1).map(\.endReason) == ["killed", "finished"])
  }

  /// A run whose session lives until this returns, without having trained.
  private func heldRun(_ bench: Bench) throws -> String {
    let session = try TrainingSession.start(try TrainingCase.all[0].request(), in: bench.store, kernels: bench.kernels)
    let before = try bench.dump()
    let second = try Bench(folder: bench.folder)
    for store in [bench.store, second.store] {
      let error = try #require(throws: StoreError.self) {
        _ = try TrainingSession.resume("1", in: store, kernels: bench.kernels)
      }
      #expect(error.kind == .held)
      #expect(error.message.contains("\(ProcessInfo.processInfo.processIdentifier)"), "\(error.message)")
    }
    #expect(try bench.dump() == before)
    #expect(try bench.reader.run("1").status == .running)
    withExtendedLifetime(session) {}
    return before
  }

  @Test func unknownNamesAreRefused() throws {
    let bench = try Bench()
    try bench.train(TrainingCase.all[0].request(steps: 14))
    let before = try bench.dump()
    let run = try #require(throws: StoreError.self) { try bench.resume("nobody") }
    #expect(run.message.contains("nobody") && run.message.contains("run-1"))
    let checkpoint = try #require(throws: StoreError.self) { try bench.resume("1", from: .step(9)) }
    #expect(checkpoint.message.contains("9") && checkpoint.hint?.contains(" 7, ") == true, "\(checkpoint)")
    let early = try bench.trainingError { try bench.resume("1", steps: 13) }
    #expect(early.message.contains("13") && early.message.contains("14"))
    #expect(try bench.dump() == before)
  }

  /// Trains 14 steps on a file.
  @discardableResult
  private func trainOnFile(_ bench: Bench, embedded: Bool) throws -> String {
    let path = try bench.folder.write(csv(try waves()), to: "waves.csv")
    var request = try TrainingCase.table.request(steps: 14)
    request.hyperparameters.data = path
    request.data = .table(try Table.readCSV(path: path, columns: ["flow", "level"]))
    request.embedsData = embedded
    try bench.train(request)
    return path
  }
}
