import Foundation
import RunStore
import Testing

/// Stores that are damaged, or a stranger's.
@Suite("Merge of damaged stores")
struct MergeDamageTests {
  /// Three runs of 20 steps: `a`, `b` with data, `c`.
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path("other.db"))
    for name in ["a", "b", "c"] {
      var trainer = try SampleTrainer(store, sampleRun(name: name, dataset: name == "b" ? summedDataset() : nil))
      try trainer.train(20, end: RunEnd(status: .finished))
      trainer.lock.unlock()
    }
    try store.close()
    return folder
  }

  static let damages = [
    ("UPDATE tensors SET data = zeroblob(36) WHERE checkpoint_id = 4 AND name = 'W_hh'", "its digest is "),
    ("UPDATE tensors SET shape = '[9,1]' WHERE checkpoint_id = 4 AND name = 'W_hh'", "its digest is "),
    ("DELETE FROM tensors WHERE checkpoint_id = 4 AND name = 'b_h'", "its digest is "),
    ("UPDATE steps SET loss = loss + 1e-12 WHERE run_id = 2 AND step = 7", "its history digest is "),
    ("UPDATE hidden_states SET data = zeroblob(12) WHERE run_id = 2 AND step = 5", "its history digest is "),
    ("UPDATE evaluations SET loss = 1 WHERE run_id = 2 AND step = 10", "its history digest is "),
    ("DELETE FROM steps WHERE run_id = 2 AND step = 20", "has 19 step rows"),
    ("UPDATE runs SET steps_done = 21 WHERE id = 2", "has 20 step rows"),
    ("DELETE FROM checkpoints WHERE run_id = 2", "no checkpoint"),
    ("UPDATE datasets SET data = zeroblob(24)", "its dataset 1 is damaged: its digest is 0"),
    ("UPDATE runs SET uuid = 'stranger' WHERE id = 2", "its uuid \"stranger\" is none"),
    ("UPDATE runs SET name = char(27) || '[31m' WHERE id = 2", "its name \"\\u{1B}[31m\" could not select it"),
    ("UPDATE runs SET name = '17' WHERE id = 2", "its name \"17\" could not select it"),
    ("PRAGMA foreign_keys = OFF; UPDATE runs SET dataset_id = 9 WHERE id = 2", "its dataset 9 is not there"),
    (
      "PRAGMA ignore_check_constraints = ON; UPDATE segments SET threads = 0 WHERE run_id = 2",
      "breaks a rule of the schema: CHECK constraint failed: threads"
    ),
    (
      "PRAGMA ignore_check_constraints = ON; UPDATE runs SET status = 'lost' WHERE id = 2",
      "column status holds \"lost\""
    ),
  ]

  @Test("a run that is damaged is left out whole and by name, and the others come in", arguments: damages)
  func leftOut(sql: String, words: String) throws {
    let folder = try Self.folder()
    try folder.sqlite3(sql, database: "other.db")
    let merged = try folder.merge()
    #expect(merged.map(\.idThere) == [1, 2, 3] && merged[0].isChange && merged[2].isChange)
    let error = try #require(merged[1].refusal)
    #expect(error.message.contains(words), "\(error.message)")
    let reader = try StoreReader(path: folder.path())
    #expect(try reader.runs().map(\.name) == ["a", "c"])
    #expect(try reader.query("SELECT count(*) FROM datasets").rows == [[.integer(0)]])
    #expect(try reader.check().findings == [])
  }

  @Test("damage is told as damage, on whichever side it is, and not as histories that part")
  func damageOrConflict() throws {
    let folder = try Self.folder()
    try folder.merge()
    try folder.copy("other.db", to: "damaged.db")
    try folder.sqlite3("UPDATE steps SET loss = 1 WHERE run_id = 2 AND step = 7", database: "damaged.db")
    let there = try #require(try folder.merge("damaged.db")[1].refusal)
    #expect(there.kind == .damaged && there.message.contains("its history digest is"), "\(there.message)")
    let here = try #require(try folder.merge("other.db", into: "damaged.db")[1].refusal)
    #expect(here.kind == .damaged && here.message.contains("it is damaged in \(folder.path("damaged.db"))"))
  }

  @Test("a page of garbage in the other store costs the runs on it, and no others are mixed up")
  func damagedPages() throws {
    let sound = try Self.folder()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: sound.path("other.db")))
    let pages = bytes.count / 4096
    var refused = 0
    for page in 1..<pages {
      let folder = try TemporaryFolder()
      var damaged = bytes
      damaged.replaceSubrange(page * 4096 + 2048..<page * 4096 + 4096, with: Data(repeating: 0xA5, count: 2048))
      try damaged.write(to: URL(fileURLWithPath: folder.path("other.db")))
      // The list of runs itself may be gone: then nothing is.
      let merged = (try? folder.merge()) ?? []
      refused += merged.filter { $0.refusal != nil }.count
      let reader = try StoreReader(path: folder.path())
      #expect(try reader.check().findings == [], "page \(page)")
      for run in try reader.runs() {
        #expect(try reader.steps(runID: run.id, in: 1...100).map(\.step) == Array(1...20), "page \(page)")
      }
    }
    #expect(refused > 0)
  }

  @Test("when this store cannot be written, the merge ends and says so")
  func ownFailure() throws {
    let folder = try Self.folder()
    let store = try Store(path: folder.path())
    // A view in the place of a table is not to be written to.
    try folder.sqlite3("DROP TABLE tags; CREATE VIEW tags AS SELECT 1 AS run_id, 'x' AS tag")
    try folder.sqlite3("INSERT INTO tags VALUES (2, 'x')", database: "other.db")
    var told: [Int64] = []
    let error = try storeError {
      _ = try store.merge(
        try StoreReader(path: folder.path("other.db")), datasetDigest: sumDigest, each: { told.append($0.idThere) })
    }
    #expect(error.kind == .database && error.message.contains(folder.path()), "\(error.message)")
    #expect(told == [1])
  }
}
