import Foundation
import RunStore
import Testing

@Suite("Opening a store")
struct OpeningTests {
  @Test("a new store has its identity, WAL and FULL, and leaves only the database and the lock file")
  func createsAStore() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    let facts = try store.reader.check().facts
    #expect(facts.applicationID == 0x4B53_5450)
    #expect(facts.version == 2)
    #expect(facts.journalMode == "wal")
    try store.close()
    #expect(try folder.files == ["keepstep.db", "keepstep.db-lock"])
    #expect(try folder.sqlite3("PRAGMA journal_mode; PRAGMA application_id") == "wal\n1263752272\n")
  }

  @Test("commits are synced: synchronous is FULL on the connection that writes")
  func synchronousIsFull() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    #expect(try store.writerSettings() == WriterSettings(synchronous: 2, foreignKeys: true, secureDelete: false))
  }

  @Test("a file with two names is refused under both, and a symbolic link is none")
  func hardLinks() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    try FileManager.default.linkItem(atPath: folder.path(), toPath: folder.path("link.db"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("symbolic.db"), withDestinationPath: folder.path("keepstep.db"))
    for name in ["keepstep.db", "link.db", "symbolic.db"] {
      for open in openings {
        let error = try storeError { try open(folder.path(name)) }
        #expect(error.kind == .notAStore && error.hint != nil)
        #expect(error.message.contains("\(name) is one of 2 names of one file"))
      }
    }
    try FileManager.default.removeItem(atPath: folder.path("link.db"))
    for open in openings { try open(folder.path("symbolic.db")) }
    // What a backup that was killed at its last step leaves behind.
    try FileManager.default.linkItem(atPath: folder.path(), toPath: folder.path("keepstep.db-partial"))
    for open in openings { try open(folder.path()) }
  }

  @Test("an empty file becomes a store")
  func emptyFileBecomesAStore() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.path()))
    #expect(try storeError { _ = try StoreReader(path: folder.path()) }.kind == .notAStore)
    try Store(path: folder.path()).close()
    #expect(try StoreReader(path: folder.path()).check().isSound)
  }

  @Test(
    "a file that is no database is refused and nothing changes",
    arguments: ["text", "a long text " + String(repeating: "x", count: 9000)])
  func refusesNoDatabase(content: String) throws {
    let folder = try TemporaryFolder()
    try Data(content.utf8).write(to: URL(fileURLWithPath: folder.path("notes.txt")))
    for open in openings {
      let error = try storeError { try open(folder.path("notes.txt")) }
      #expect(error.kind == .notAStore)
      #expect(error.message.contains("notes.txt"))
    }
    #expect(try folder.files == ["notes.txt"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("notes.txt"))) == Data(content.utf8))
  }

  @Test(
    "another program's database is refused and nothing changes",
    arguments: [
      "CREATE TABLE t (x); INSERT INTO t VALUES (1)", "PRAGMA application_id = 5; CREATE TABLE t (x)",
      "PRAGMA application_id = 5; VACUUM", "PRAGMA journal_mode = WAL; CREATE TABLE t (x)",
    ])
  func refusesAnotherProgramsDatabase(sql: String) throws {
    let folder = try TemporaryFolder()
    try folder.sqlite3(sql, database: "other.db")
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path("other.db")))
    for open in openings {
      let error = try storeError { try open(folder.path("other.db")) }
      #expect(error.kind == .notAStore)
      #expect(error.message.contains("another program's"))
    }
    #expect(try folder.files == ["other.db"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("other.db"))) == before)
  }

  @Test("a store of a newer version is refused with both versions, and nothing changes")
  func refusesNewerVersion() throws {
    let folder = try TemporaryFolder()
    try Store(path: folder.path()).close()
    try folder.sqlite3("PRAGMA user_version = 99")
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
    for open in openings {
      let error = try storeError { try open(folder.path()) }
      #expect(error.kind == .newerStore)
      #expect(error.message.contains("version 99") && error.message.contains("up to 2"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == before)
  }

  @Test("a missing file is for reading an error, a missing folder always")
  func missing() throws {
    let folder = try TemporaryFolder()
    #expect(try storeError { _ = try StoreReader(path: folder.path()) }.kind == .missing)
    #expect(try folder.files.isEmpty)
    let error = try storeError { _ = try Store(path: folder.path("no/keepstep.db")) }
    #expect(error.kind == .missing)
    #expect(error.message.contains(folder.path("no")))
    #expect(try folder.files.isEmpty)
  }

  @Test("a folder in the file's place is refused")
  func folderInItsPlace() throws {
    let folder = try TemporaryFolder()
    for open in openings {
      #expect(try storeError { try open(folder.url.path) }.kind == .notAStore)
    }
  }

  @Test("reading changes nothing, not even the list of files")
  func readingLeavesNoTrace() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    _ = try SampleTrainer(store)
    try store.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path()))
    #expect(try StoreReader(path: folder.path()).runs().count == 1)
    #expect(try folder.files == ["keepstep.db", "keepstep.db-lock"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path())) == before)
  }

  @Test("a reader that goes while a trainer is at work takes nothing from it")
  func readerGoesBeforeTrainer() throws {
    let folder = try TemporaryFolder()
    var trainer = try SampleTrainer(try Store(path: folder.path()))
    try trainer.train(10)
    for _ in 0..<3 {
      #expect(try StoreReader(path: folder.path()).run("1").stepsDone == trainer.step)
      try trainer.train(10)
    }
    #expect(try folder.sqlite3("SELECT count(*) FROM steps") == "40\n")
  }

  @Test(
    "names that mean something to SQLite or to a URL are only names", arguments: ["a?b#c%41.db", "file:x.db", "ü ñ.db"])
  func oddNames(name: String) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path(name))
    _ = try SampleTrainer(store)
    try store.close()
    #expect(try folder.files == [name, name + "-lock"])
    #expect(try StoreReader(path: folder.path(name)).runs().count == 1)
  }

  @Test("sixteen stores opened at once for the first time all open")
  func manyFirstOpens() throws {
    for _ in 0..<5 {
      let folder = try TemporaryFolder()
      let outcomes = Outcomes()
      let threads = (0..<16).map { number in
        Thread {
          outcomes.add(
            Result {
              let store = try Store(path: folder.path())
              _ = try SampleTrainer(store, sampleRun(name: "thread \(number)"))
              try store.close()
            })
        }
      }
      for thread in threads { thread.start() }
      try outcomes.waitFor(16)
      #expect(try StoreReader(path: folder.path()).runs().count == 16)
      #expect(try folder.files == ["keepstep.db", "keepstep.db-lock"])
    }
  }

  private let openings: [@Sendable (String) throws -> Void] = [
    { _ = try Store(path: $0) }, { _ = try StoreReader(path: $0) },
  ]
}

/// What threads came to.
final class Outcomes: @unchecked Sendable {
  private let condition = NSCondition()
  private var results: [Result<Void, any Error>] = []

  func add(_ result: Result<Void, any Error>) {
    condition.lock()
    results.append(result)
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for that many results and throws the first error among them.
  func waitFor(_ count: Int) throws {
    condition.lock()
    defer { condition.unlock() }
    let deadline = Date(timeIntervalSinceNow: 60)
    while results.count < count {
      guard condition.wait(until: deadline) else {
        Issue.record("only \(results.count) of \(count) threads ended")
        return
      }
    }
    for result in results { try result.get() }
  }
}
