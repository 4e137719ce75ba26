import Foundation
import RunStore
import Testing

@Suite("Reading")
struct ReaderTests {
  @Test("a run is named last, by its id, its name or its uuid's first letters")
  func runSelectors() throws {
    let store = try Store(path: try TemporaryFolder().path())
    #expect(try storeError { _ = try store.reader.run("last") }.message.contains("no runs yet"))
    let runs = try (1...3).map { try SampleTrainer(store, sampleRun(name: "run \($0)")).run }
    let reader = store.reader
    #expect(try reader.run("last") == reader.run("3"))
    #expect(try reader.run("run 2").id == 2)
    #expect(try reader.run(runs[1].uuid).id == 2)
    #expect(try reader.run(String(runs[1].uuid.prefix(8)).uppercased()).id == 2)
    let error = try storeError { _ = try reader.run("rum 2") }
    #expect(error.kind == .missing)
    #expect(error.message.contains("rum 2") && error.message.contains("3 run 3, 2 run 2, 1 run 1"))
    for selector in ["", "0", "-1", "4", "%", "____", "run", "99999999999999999999"] {
      #expect(try storeError { _ = try reader.run(selector) }.kind == .missing, "\(selector)")
    }
  }

  @Test("a uuid's beginning that fits several runs is ambiguous, and they are listed")
  func ambiguousSelector() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    for name in ["one", "two"] { _ = try SampleTrainer(store, sampleRun(name: name)) }
    try folder.sqlite3("UPDATE runs SET uuid = 'abcd-' || id")
    #expect(try store.reader.run("abcd-2").name == "two")
    let error = try storeError { _ = try store.reader.run("abcd") }
    #expect(error.kind == .ambiguous && error.message.contains("one") && error.message.contains("two"))
    #expect(try storeError { _ = try store.reader.run("abc") }.kind == .missing)
  }

  @Test("hidden states at so many steps are evenly chosen, with the first and the last; losses are those of the steps")
  func chosenHiddenStates() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    for _ in 0..<4 { try trainer.train(10, monitor: 0.5) }
    let reader = store.reader
    let all = try reader.hiddenStates(runID: 1, in: 1...40)
    try #require(Set(all.map(\.step)).count > 3)
    #expect(try reader.hiddenStates(runID: 1, atMost: 1_000) == all)
    let chosen = try reader.hiddenStates(runID: 1, atMost: 3)
    #expect(Set(chosen.map(\.step)).count == 3 && chosen.allSatisfy(all.contains))
    #expect(chosen.first == all.first && chosen.last == all.last)
    #expect(try reader.hiddenStates(runID: 1, atMost: 0).isEmpty)
    #expect(try reader.hiddenStates(runID: 9, atMost: 5).isEmpty)
    let steps = try reader.steps(runID: 1, in: 5...12)
    #expect(try reader.losses(runID: 1, in: 5...12).map(\.loss) == steps.map(\.loss))
  }

  @Test("a curve of many steps has the first and the last of each stretch, the lowest and the highest")
  func curves() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    _ = try SampleTrainer(store)
    // Losses without a pattern, no two alike; every third step is evaluated.
    try folder.sqlite3(
      """
      WITH RECURSIVE s(step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM s WHERE step < 5000)
      INSERT INTO steps SELECT 1, step, (step * 48271 % 65537) / 7.0, 0.1, 1, step, NULL FROM s;
      INSERT INTO evaluations SELECT 1, step, 'training', loss, NULL FROM steps WHERE step % 3 = 0;
      INSERT INTO evaluations SELECT 1, step, 'validation', -loss, NULL FROM steps WHERE step % 3 = 0;
      """)
    let reader = store.reader
    let all = try reader.losses(runID: 1, in: 1...5000).map { LossPoint(step: $0.step, loss: $0.loss) }
    #expect(all.count == 5000)
    func landmarks(_ points: [LossPoint]) -> [LossPoint] {
      let (low, high) = (points.min { $0.loss < $1.loss }, points.max { $0.loss < $1.loss })
      return Set([points.first, points.last, low, high].compactMap { $0 }).sorted { $0.step < $1.step }
    }
    let stretches = (0..<50).map { index in all[100 * index..<100 * (index + 1)] }
    #expect(try reader.lossCurve(runID: 1, in: 1...5000, stretches: 50) == stretches.flatMap { landmarks(Array($0)) })
    let validation = stretches.flatMap { stretch in
      landmarks(stretch.filter { $0.step % 3 == 0 }.map { LossPoint(step: $0.step, loss: -$0.loss) })
    }
    #expect(
      try reader.evaluationCurve(runID: 1, split: "validation", in: 1...5000, stretches: 50) == validation)
    // The last stretches are empty, and one range is too short to be cut.
    #expect(try reader.lossCurve(runID: 1, in: 4901...9900, stretches: 50) == landmarks(Array(all[4900...])))
    #expect(try reader.lossCurve(runID: 1, in: 101...500, stretches: 50) == Array(all[100..<500]))
    #expect(try reader.lossCurve(runID: 1, in: 6000...1 << 53, stretches: 50) == [])
    #expect(try reader.lossCurve(runID: 2, in: 1...5000, stretches: 0) == [])
  }

  @Test("a checkpoint is named best, last or by its step")
  func checkpointSelectors() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var trainer = try SampleTrainer(store)
    let reader = store.reader
    #expect(try storeError { _ = try reader.checkpoint(runID: 1, .best) }.kind == .missing)
    for (number, monitor) in [0.5, 0.25, 0.75].enumerated() {
      try trainer.train(10, monitor: monitor)
      #expect(try reader.checkpoint(runID: 1, .last).step == (number + 1) * 10)
    }
    #expect(try reader.checkpoint(runID: 1, .best).step == 20)
    let row = try reader.checkpoint(runID: 1, .step(10))
    #expect(row.step == 10)
    #expect(try reader.checkpoint(id: row.id) == row)
    #expect(try reader.checkpoint(id: 99) == nil)
    let error = try storeError { _ = try reader.checkpoint(runID: 1, .step(11)) }
    #expect(error.message.contains("step 11") && error.hint?.contains("0, 10, 20, 30") == true)
    #expect(try storeError { _ = try reader.checkpoint(runID: 9, .last) }.message.contains("no run \"9\""))
    #expect(try CheckpointSelector(parsing: "best") == .best)
    #expect(try CheckpointSelector(parsing: "last") == .last)
    #expect(try CheckpointSelector(parsing: "30") == .step(30))
    for text in ["", "first", "-1", "1.5", "Best"] {
      #expect(try storeError { _ = try CheckpointSelector(parsing: text) }.kind == .invalid)
    }
  }

  @Test("run_summary as records, and filtered with SQL")
  func summaries() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var one = try SampleTrainer(store, sampleRun(name: "one"))
    _ = try SampleTrainer(store, sampleRun(name: "two"))
    try one.train(10, monitor: 0.5)
    try one.train(10, monitor: 0.75)
    let summary = RunSummary(
      id: 1, name: "one", status: .running, cell: "rnn", hiddenSize: 3, numLayers: 1, stepsDone: 20, stepsPlanned: 300,
      lastLoss: 1 / 20, bestLoss: 0.5, bestStep: 10, trainSeconds: sampleStep(20).trainSeconds,
      createdAt: one.run.createdAt)
    let runs = try store.reader.runs()
    #expect(runs.first == summary)
    #expect(runs.last?.lastLoss == nil && runs.last?.bestStep == nil && runs.last?.trainSeconds == nil)
    #expect(try store.reader.runs(where: "best_loss < 0.6 AND cell = 'rnn' -- a remark") == [summary])
    #expect(try store.reader.runs(where: "run_summary.name LIKE 'o%' OR false") == [summary])
    #expect(try store.reader.runs(where: "last_loss IS NULL").map(\.name) == ["two"])
    for filter in ["best_los < 1", "1) ; DELETE FROM runs; SELECT (1", "", ")", "id = (DELETE FROM runs)"] {
      let error = try storeError { _ = try store.reader.runs(where: filter) }
      #expect(error.kind == .invalid && error.hint != nil, "\(filter): \(error)")
    }
    #expect(try store.reader.runs().count == 2)
  }

  @Test("a hyperparameter of an odd type is no summary, not a crash")
  func oddHyperparameters() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    _ = try SampleTrainer(store)
    try folder.sqlite3("UPDATE hyperparameters SET value = 'many' WHERE name = 'hidden_size'")
    #expect(try storeError { _ = try store.reader.runs() }.kind == .damaged)
  }

  @Test("a query's rows keep their types")
  func query() throws {
    let store = try Store(path: try TemporaryFolder().path())
    _ = try SampleTrainer(store)
    let result = try store.reader.query("SELECT 1 AS a, 0.5 AS b, 'x' AS c, x'00ff' AS d, NULL AS e, 7 AS a")
    #expect(result.columns == ["a", "b", "c", "d", "e", "a"])
    #expect(result.rows == [[.integer(1), .real(0.5), .text("x"), .blob(Data([0, 255])), .null, .integer(7)]])
    #expect(!result.isTruncated)
    let many = try store.reader.query("SELECT value FROM json_each('[1,2,3]')", maximumRows: 2)
    #expect(many.rows == [[.integer(1)], [.integer(2)]] && many.isTruncated)
    #expect(try !store.reader.query("SELECT 1 UNION SELECT 2", maximumRows: 2).isTruncated)
    let none = try store.reader.query("SELECT id FROM runs WHERE false")
    #expect(none.columns == ["id"] && none.rows.isEmpty)
    #expect(try store.reader.query("EXPLAIN QUERY PLAN SELECT * FROM runs").rows.count == 1)
    #expect(try store.reader.query("PRAGMA user_version").rows == [[.integer(2)]])
  }

  @Test(
    "a query that does more than read changes nothing",
    arguments: [
      "DELETE FROM runs", "INSERT INTO tags VALUES (1, 'x') RETURNING tag", "CREATE TABLE t (x)", "DROP TABLE tags",
      "PRAGMA user_version = 9", "PRAGMA journal_mode = DELETE", "PRAGMA query_only = 0",
      "PRAGMA wal_checkpoint(TRUNCATE)",
      "ATTACH 'other.db' AS other", "VACUUM", "VACUUM INTO 'other.db'", "BEGIN", "COMMIT", "BEGIN IMMEDIATE",
      "SELECT 1; DELETE FROM runs", "SELECT 1; SELECT 2", "CREATE TEMP TABLE t (x)",
      "WITH a AS (SELECT 1) DELETE FROM runs",
      "", "-- nothing", "SELEC 1", "REINDEX", "ANALYZE",
    ])
  func queryOnlyReads(sql: String) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    _ = try SampleTrainer(store)
    let files = try folder.files
    let before = try folder.sqlite3(".dump")
    for reader in [store.reader, try StoreReader(path: folder.path())] {
      let error = try storeError { _ = try reader.query(sql) }
      #expect(error.hint != nil || error.kind == .database)
      // The reader is as good as before.
      #expect(try reader.query("SELECT count(*) FROM runs").rows == [[.integer(1)]])
    }
    #expect(try folder.sqlite3(".dump") == before)
    #expect(try folder.files == files)
  }

  @Test("rows are handed out one by one, and a query can be ended")
  func streaming() throws {
    let store = try Store(path: try TemporaryFolder().path())
    var seen: [[StoreValue]] = []
    var names: [String] = []
    try store.reader.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n") {
      names = $0
    } row: {
      seen.append($0)
      return seen.count < 3
    }
    #expect(names == ["i"])
    #expect(seen == [[.integer(1)], [.integer(2)], [.integer(3)]])
  }

  @Test("a reader sees one state while a trainer commits")
  func consistency() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.path())
    var trainer = try SampleTrainer(store)
    try trainer.train(10)
    let reader = try StoreReader(path: folder.path())
    var counts: [StoreValue] = []
    try reader.query("SELECT step FROM steps UNION ALL SELECT count(*) FROM steps") { _ in
    } row: { row in
      if counts.isEmpty { try trainer.train(10) }
      counts += row
      return true
    }
    #expect(counts.count == 11 && counts.last == .integer(10))
    #expect(try reader.run("1").stepsDone == 20)
  }
}
