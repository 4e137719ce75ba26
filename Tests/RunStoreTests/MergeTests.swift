import Foundation
import RunStore
import Testing

@Suite("Merge")
struct MergeTests {
  /// A folder whose `other.db` is a fixture.
  private static func folder(_ version: Int, as name: String = "other.db") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.addFixture(version, as: name)
    return folder
  }

  @Test("a whole store comes in: every row, number and byte, with its forks", arguments: [1, 2])
  func wholeStore(version: Int) throws {
    let folder = try Self.folder(version)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path("other.db")))
    let merged = try folder.mergeFixture()
    #expect(merged.count == 6 && merged.allSatisfy { $0.isChange && $0.name == $0.nameThere }, "\(merged)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("other.db"))) == before)
    #expect(try folder.sqlite3("PRAGMA user_version", database: "other.db") == "\(version)\n")
    // Compared in the newest version.
    try Store(path: folder.path("other.db")).close()
    let (here, there) = (try folder.content(), try folder.content("other.db"))
    for (table, rows) in there {
      #expect(!rows.isEmpty, "\(table)")
      #expect(here[table] == rows, "\(table)")
    }
    let forks = "SELECT name FROM runs WHERE parent_checkpoint_id IS NOT NULL ORDER BY name"
    #expect(try folder.sqlite3(forks) == "branch\ngentle\n")
    #expect(try folder.files == ["keepstep.db", "keepstep.db-lock", "other.db", "other.db-lock"])
  }

  @Test("merging again changes no byte of any row, and says so")
  func twice() throws {
    let folder = try Self.folder(2)
    try folder.mergeFixture()
    let dump = try folder.dump()
    for _ in 1...2 {
      let merged = try folder.mergeFixture()
      #expect(merged.map(\.outcome) == Array(repeating: .equal, count: 6))
      #expect(merged.map(\.id) == [1, 2, 3, 4, 5, 6])
      #expect(try folder.dump() == dump)
    }
  }

  @Test("a name that is taken gets a number, and lineage and data stay with their own runs")
  func names() throws {
    let folder = try Self.folder(1)
    try folder.addFixture(2, as: "second.db")
    try folder.mergeFixture()
    let merged = try folder.mergeFixture("second.db")
    #expect(merged.map(\.nameThere) == ["kinds", "stopped", "killed", "failed", "gentle", "branch"])
    #expect(merged.map(\.name) == ["kinds", "stopped-2", "killed-2", "failed-2", "gentle-2", "branch-2"])
    #expect(merged.map(\.id) == [7, 8, 9, 10, 11, 12])
    let forks = """
      SELECT child.name, parent.name, step FROM runs AS child JOIN checkpoints ON checkpoints.id = child.parent_checkpoint_id
      JOIN runs AS parent ON parent.id = run_id ORDER BY child.id
      """
    let expected = "gentle|river|20\nbranch|stopped|15\ngentle-2|kinds|20\nbranch-2|stopped-2|16\n"
    #expect(try folder.sqlite3(forks) == expected)
    #expect(try folder.sqlite3("SELECT name FROM runs WHERE dataset_id = 2 ORDER BY id") == "kinds\ngentle-2\n")
    #expect(try StoreReader(path: folder.path()).check().findings == [])
    // A third one of that name.
    try interruptedStore(folder, named: "stopped", in: "third.db")
    #expect(try folder.mergeFixture("third.db").map(\.name) == ["stopped-3"])
  }

  @Test("the longest name still gets its number within 255 bytes")
  func longName() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "ü", count: 127) + "."
    try interruptedStore(folder, named: name, in: "keepstep.db")
    try interruptedStore(folder, named: name, in: "other.db")
    let new = try #require(try folder.merge().first?.name)
    #expect(new == String(repeating: "ü", count: 126) + "-2" && new.utf8.count <= 255)
  }

  @Test("data that two runs share is stored once, and values that were not here are filled in")
  func data() throws {
    let folder = try TemporaryFolder()
    var bare = summedDataset()
    bare.values = nil
    try interruptedStore(folder, sampleRun(name: "here", dataset: bare))
    let other = try Store(path: folder.path("other.db"))
    for name in ["a", "b"] {
      let trainer = try SampleTrainer(other, sampleRun(name: name, dataset: summedDataset()))
      trainer.lock.unlock()
    }
    try other.close()
    #expect(try folder.merge().allSatisfy(\.isChange))
    let reader = try StoreReader(path: folder.path())
    #expect(try reader.query("SELECT count(*), count(data) FROM datasets").rows == [[.integer(1), .integer(1)]])
    #expect(try reader.dataset(id: 1).values == [1, 2, 3, 4, 5, 6])
    #expect(try reader.runs().count == 3)
  }

  @Test("a fork finds its parent in whichever order they come, and stays whole without it")
  func lineage() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder, sampleRun(name: "parent"))
    try folder.copy(to: "parent.db")
    let store = try Store(path: folder.path())
    let parent = try store.reader.run("parent")
    let last = try store.reader.checkpoint(runID: parent.id, .last)
    var fork = sampleRun(name: "fork", firstStep: last.step, parent: last.id)
    fork.firstCheckpoint.historyDigest = last.historyDigest
    fork.hyperparameters["forked_from"] = .text("\(parent.uuid)@\(last.step)")
    let trainer = try SampleTrainer(store, fork)
    trainer.lock.unlock()
    try store.removeRun(parent.id)
    try store.close()

    let link = """
      SELECT parent.name, step FROM runs JOIN checkpoints ON checkpoints.id = runs.parent_checkpoint_id
      JOIN runs AS parent ON parent.id = run_id WHERE runs.name = 'fork'
      """
    // The child first, then the parent.
    try folder.merge("keepstep.db", into: "child-first.db")
    #expect(try folder.sqlite3(link, database: "child-first.db") == "")
    #expect(try StoreReader(path: folder.path("child-first.db")).check().findings == [])
    try folder.merge("parent.db", into: "child-first.db")
    #expect(try folder.sqlite3(link, database: "child-first.db") == "parent|20\n")
    // The parent first, then the child.
    try folder.merge("parent.db", into: "parent-first.db")
    try folder.merge("keepstep.db", into: "parent-first.db")
    #expect(try folder.sqlite3(link, database: "parent-first.db") == "parent|20\n")
    #expect(try folder.content("child-first.db") == folder.content("parent-first.db"))
  }

  @Test("tensors in parts come in whole, cut as this store cuts them")
  func parts() throws {
    let folder = try TemporaryFolder()
    let other = try Store(path: folder.path("other.db"), partBytes: 8)
    var trainer = try SampleTrainer(other)
    try trainer.train(5)
    trainer.lock.unlock()
    try other.close()
    try folder.merge()
    #expect(try folder.sqlite3("SELECT max(part) FROM tensors", database: "other.db") == "4\n")
    #expect(try folder.sqlite3("SELECT max(part) FROM tensors") == "0\n")
    #expect(try StoreReader(path: folder.path()).check().findings == [])
  }

  @Test("two merges of one store at once bring each run in once")
  func atOnce() throws {
    for _ in 0..<3 {
      let folder = try Self.folder(2)
      try Store(path: folder.path()).close()
      let outcomes = Outcomes()
      for _ in 0..<4 {
        Thread { outcomes.add(Result { try folder.mergeFixture() }) }.start()
      }
      try outcomes.waitFor(4)
      try Store(path: folder.path("other.db")).close()
      #expect(try folder.content() == folder.content("other.db"))
    }
  }

  @Test(
    "reading leaves nothing beside a copied store, which has no lock file, nor beside one that a killed reader left")
  func noResidue() throws {
    for leftover in [nil, "other.db-wal"] {
      let folder = try Self.folder(2)
      try FileManager.default.removeItem(atPath: folder.path("other.db-lock"))
      if let leftover { try Data().write(to: URL(fileURLWithPath: folder.path(leftover))) }
      try folder.mergeFixture()
      #expect(try folder.files == ["keepstep.db", "keepstep.db-lock", "other.db"])
    }
  }

  @Test("a store is not merged into itself, under whatever name")
  func itself() throws {
    let folder = try TemporaryFolder()
    try interruptedStore(folder)
    try FileManager.default.createSymbolicLink(atPath: folder.path("link.db"), withDestinationPath: folder.path())
    for name in ["keepstep.db", "link.db", "../\(folder.url.lastPathComponent)/keepstep.db"] {
      let error = try storeError { try folder.merge(name) }
      #expect(error.kind == .invalid && error.message.contains("are the same store"), "\(name): \(error.message)")
    }
    // SQLite could not share its -wal between two names of one file.
    try FileManager.default.linkItem(atPath: folder.path(), toPath: folder.path("hard.db"))
    let error = try storeError { try folder.merge("hard.db") }
    #expect(error.kind == .notAStore && error.message.contains("one of 2 names of one file"), "\(error.message)")
  }
}

extension TemporaryFolder {
  /// Merges a fixture, whose data has the digests of the program: that of a table is the program's business.
  @discardableResult
  fileprivate func mergeFixture(_ other: String = "other.db") throws -> [MergedRun] {
    let store = try Store(path: path())
    defer { try? store.close() }
    return try store.merge(try StoreReader(path: path(other)), datasetDigest: { dataset, _ in dataset.sha256 })
  }
}

/// A store of the folder with one interrupted run of that name.
private func interruptedStore(_ folder: TemporaryFolder, named name: String, in file: String) throws {
  let store = try Store(path: folder.path(file))
  var trainer = try SampleTrainer(store, sampleRun(name: name))
  try trainer.train(3, end: RunEnd(status: .interrupted))
  trainer.lock.unlock()
  try store.close()
}
