import Foundation
import RunStore
import Testing

@Suite("Backup")
struct BackupTests {
  @Test("a copy of a store in training is whole, sound, a single file, and goes on")
  func copyInTraining() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    for _ in 1...3 { try trainer.train(10) }
    // All of it is still in the -wal.
    let report = try StoreReader(path: folder.path()).backUp(to: folder.path("copy.db"))
    #expect(report.facts.runs == 1 && report.facts.steps == 30 && report.facts.checkpoints == 4)
    #expect(report.bytes == (try Data(contentsOf: URL(fileURLWithPath: folder.path("copy.db"))).count))
    #expect(try folder.files.filter { $0.hasPrefix("copy") } == ["copy.db"])
    // The trainer goes on, and the copy does not change.
    try trainer.train(10)
    let reader = try StoreReader(path: folder.path("copy.db"))
    #expect(try reader.check().findings == [])
    #expect(try reader.run("1").status == .interrupted && reader.run("1").stepsDone == 30)
    let copy = try Store(path: folder.path("copy.db"))
    let lock = try copy.lockRun(1)
    let segment = try copy.beginSegment(runID: 1, sampleSegment(firstStep: 31), lock)
    var batch = RunBatch(runID: 1, segmentID: segment)
    batch.steps = [sampleStep(31)]
    try copy.append(batch)
    #expect(try copy.reader.check().findings == [])
    #expect(try store.reader.run("1").stepsDone == 40)
  }

  @Test("readers of a copy leave nothing beside it")
  func readers() throws {
    let folder = try TemporaryFolder()
    try trainedStore(in: folder)
    _ = try StoreReader(path: folder.path()).backUp(to: folder.path("copy.db"))
    #expect(try StoreReader(path: folder.path("copy.db")).runs().count == 1)
    #expect(try folder.files.filter { $0.hasPrefix("copy") } == ["copy.db"])
  }

  @Test("a file that is there stays, unless it is to be replaced")
  func existingFile() throws {
    let folder = try TemporaryFolder()
    try trainedStore(in: folder)
    let reader = try StoreReader(path: folder.path())
    try Data("precious".utf8).write(to: URL(fileURLWithPath: folder.path("copy.db")))
    #expect(try storeError { _ = try reader.backUp(to: folder.path("copy.db")) }.kind == .conflict)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("copy.db"))) == Data("precious".utf8))
    _ = try reader.backUp(to: folder.path("copy.db"), replacing: true)
    #expect(try StoreReader(path: folder.path("copy.db")).check().isSound)
  }

  @Test(
    "the store itself, under any name, is never written",
    arguments: ["keepstep.db", "./keepstep.db", "link.db", "hard.db", "keepstep.db-wal", "keepstep.db-lock"])
  func itself(name: String) throws {
    let folder = try TemporaryFolder()
    let store = try trainedStore(in: folder)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.db"), withDestinationPath: "keepstep.db")
    try FileManager.default.linkItem(atPath: folder.path(), toPath: folder.path("hard.db"))
    let error = try storeError { _ = try store.reader.backUp(to: folder.path(name), replacing: true) }
    #expect(error.message.contains("belongs to the store"), "\(error.message)")
    #expect(try store.reader.check().isSound)
  }

  @Test("a folder, a missing folder, and a database in use are refused")
  func destinations() throws {
    let folder = try TemporaryFolder()
    let store = try trainedStore(in: folder)
    #expect(try storeError { _ = try store.reader.backUp(to: folder.url.path, replacing: true) }.kind == .notAStore)
    #expect(try storeError { _ = try store.reader.backUp(to: folder.path("no/copy.db")) }.kind == .missing)
    let other = try Store(path: folder.path("other.db"))
    let trainer = try SampleTrainer(other)
    let error = try storeError { _ = try store.reader.backUp(to: folder.path("other.db"), replacing: true) }
    #expect(error.message.contains("other.db-wal"))
    #expect(try other.reader.run("\(trainer.run.id)").status == .running)
    #expect(try folder.files.allSatisfy { !$0.contains("partial") })
  }

  @Test("a damaged store is not copied, and nothing is left")
  func damagedStore() throws {
    let folder = try TemporaryFolder()
    try trainedStore(in: folder)
    try folder.sqlite3("UPDATE steps SET loss = loss + 1 WHERE step = 5")
    let error = try storeError { _ = try StoreReader(path: folder.path()).backUp(to: folder.path("copy.db")) }
    #expect(error.kind == .damaged && error.message.contains("history digest"))
    #expect(error.hint?.contains("recover") == true)
    #expect(try folder.files.allSatisfy { !$0.hasPrefix("copy") })
  }

  @Test("what a killed backup left is no obstacle and does not stay")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    try trainedStore(in: folder)
    for name in ["copy.db-partial", "copy.db-partial-journal", "copy.db-partial-lock"] {
      try Data("half".utf8).write(to: URL(fileURLWithPath: folder.path(name)))
    }
    let reader = try StoreReader(path: folder.path())
    _ = try reader.backUp(to: folder.path("copy.db"))
    #expect(try folder.files.filter { $0.hasPrefix("copy") } == ["copy.db"])
  }

  @Test("a store of version 1 is copied as one, to the row")
  func versionOne() throws {
    let folder = try TemporaryFolder()
    let fixture = try #require(Bundle.module.url(forResource: "Fixtures/version-1", withExtension: "db"))
    try FileManager.default.copyItem(at: fixture, to: URL(fileURLWithPath: folder.path()))
    let report = try StoreReader(path: folder.path()).backUp(to: folder.path("copy.db"))
    #expect(report.facts.version == 1)
    #expect(try folder.sqlite3(".dump") == folder.sqlite3(".dump", database: "copy.db"))
  }

  @discardableResult
  private func trainedStore(in folder: TemporaryFolder) throws -> Store {
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    try trainer.train(10, .final, end: RunEnd(status: .finished))
    return store
  }
}
