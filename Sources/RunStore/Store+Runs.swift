import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Store {
  /// Adds a run with its data, hyperparameters, first checkpoint and first segment in one transaction, and takes its lock.
  ///
  /// - returns: the run's row, the lock that its trainer holds from now on, and its first segment.
  /// - throws: `StoreError` for a name that is taken or could not be told from a selector, for numbers that are not
  ///   finite, for tensors that do not fit their shapes, or what SQLite says; nothing is written then.
  public func createRun(_ new: NewRun, segment: NewSegment) throws -> (RunRecord, RunLock, segmentID: Int64) {
    try RunName.validate(new.name)
    try new.validateNumbers()
    let checkpoint = try PreparedCheckpoint(new.firstCheckpoint, partBytes: partBytes)
    return try write("create a run in") { db in
      if let name = new.name { try requireUnused(name, db) }
      let now = Timestamp.now()
      let datasetID = try new.dataset.map { try db.findOrInsert($0, path: path) }
      let runID = try db.insert(new, datasetID: datasetID, now: now)
      for (name, value) in new.hyperparameters {
        try db.run(
          "INSERT INTO hyperparameters (run_id, name, value) VALUES (?, ?, ?)", [runID, name, value.databaseValue])
      }
      try db.seal(runID: runID)
      try db.insert(checkpoint, runID: runID, now: now)
      let segmentID = try db.insert(segment, runID: runID, now: now)
      let lock = try takeLock(of: runID, db)
      keep(try RunClaim.take(runID: runID, storePath: file.absolutePath))
      guard let run = try RunRecord.fetch(db, id: runID) else {
        throw StoreError(.database, "run \(runID) of \(path) is not there after it was written")
      }
      return (run, lock, segmentID)
    }
  }

  /// Takes the lock of a run, for the trainer that goes on with it.
  ///
  /// - throws: `StoreError` naming the trainer that holds it, or an unknown run.
  public func lockRun(_ runID: Int64) throws -> RunLock {
    try reader.read("lock a run of") { db in
      guard try RunRecord.fetch(db, id: runID) != nil else { throw RunSelector.unknown("\(runID)", path: path) }
      return try takeLock(of: runID, db)
    }
  }

  /// Begins a further segment of a run that this process goes on with; the run is `running` again.
  ///
  /// - parameter runID: the run.
  /// - parameter segment: what is known of it at its beginning.
  /// - parameter lock: this process's hold on the run.
  /// - parameter stepsPlanned: the run's new end, when it changes.
  /// - returns: the segment.
  public func beginSegment(
    runID: Int64, _ segment: NewSegment, _ lock: RunLock, stepsPlanned: Int? = nil
  ) throws -> Int64 {
    guard lock.runID == runID else {
      throw StoreError(.invalid, "the lock of run \(lock.runID) does not allow to train run \(runID)")
    }
    return try write("begin a segment in") { db in
      let now = Timestamp.now()
      try db.endDeadSegments(of: runID)
      try db.run(
        """
        UPDATE runs SET status = 'running', finished_at = NULL, failure = NULL, updated_at = ?,
          steps_planned = coalesce(?, steps_planned) WHERE id = ?
        """, [now, stepsPlanned, runID])
      guard db.changesCount == 1 else { throw RunSelector.unknown("\(runID)", path: path) }
      return try db.insert(segment, runID: runID, now: now)
    }
  }

  /// Sets the step at which a run ends.
  public func setStepsPlanned(runID: Int64, _ stepsPlanned: Int) throws {
    try write("change a run of") { db in
      try db.run("UPDATE runs SET steps_planned = ? WHERE id = ?", [stepsPlanned, runID])
      guard db.changesCount == 1 else { throw RunSelector.unknown("\(runID)", path: path) }
    }
  }

  /// Marks each run `interrupted` that says `running` but whose lock nobody holds, and ends its segment as `killed` at the
  /// run's last heartbeat.
  ///
  /// - returns: how many there were.
  @discardableResult
  public func markDeadRuns() throws -> Int {
    guard try reader.read("look for dead runs in", { try !Int64.running($0).isEmpty }) else { return 0 }
    return try write("mark dead runs in") { try $0.markDeadRuns { reader.hold(on: $0) == .free } }
  }

  /// Removes a run with all its rows, and its data when no other run uses it. Its forks stay and lose their parent's number.
  ///
  /// - throws: `StoreError` while a trainer holds the run, or when there is no such run.
  public func removeRun(_ runID: Int64) throws {
    let lock = try lockRun(runID)
    defer { lock.unlock() }
    try write("remove a run from") { db in
      try db.run("DELETE FROM runs WHERE id = ?", [runID])
      guard db.changesCount == 1 else { throw RunSelector.unknown("\(runID)", path: path) }
      try db.run("DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM runs WHERE dataset_id IS NOT NULL)")
    }
  }

  private func requireUnused(_ name: String, _ db: Database) throws {
    guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name]) else { return }
    throw StoreError(
      .conflict, "\(path) has a run named \"\(name)\" already, run \(id)",
      hint: "choose another name; names select runs")
  }

  private func takeLock(of runID: Int64, _ db: Database) throws -> RunLock {
    if let lock = try RunLock.take(runID: runID, storePath: file.absolutePath) { return lock }
    throw try db.heldError(runID: runID, path: path)
  }
}

extension Database {
  /// Marks those of the running runs `interrupted` whose trainer is dead, and ends their segments.
  ///
  /// - precondition: the store lock is held. Under it a running run's lock is taken before its row says so: a free one means
  ///   a dead trainer.
  /// - returns: how many there were.
  func markDeadRuns(where isDead: (Int64) -> Bool) throws -> Int {
    let dead = try Int64.running(self).filter(isDead)
    for runID in dead {
      try endDeadSegments(of: runID)
      try run("UPDATE runs SET status = 'interrupted' WHERE id = ?", [runID])
    }
    return dead.count
  }

  /// Says who holds a run.
  func heldError(runID: Int64, path: String) throws -> StoreError {
    StoreError(
      .held, "run \(runID) of \(path) is held by \(try holder(of: runID))",
      hint: "wait for it, or stop it: SIGINT lets it write a checkpoint first")
  }

  /// Refuses to migrate a store under a living trainer, whose next commit would fail.
  ///
  /// - precondition: the store lock is held, so no run is being added.
  func requireNoOlderTrainer(_ file: StoreFile) throws {
    let version = try storeVersion()
    guard (1..<Migrations.currentVersion).contains(version),
      let runID = RunLock.heldRun(storePath: file.absolutePath)
    else { return }
    throw StoreError(
      .held,
      "\(file.path) is a store of version \(version), and its run \(runID) is held by \(try holder(of: runID)), "
        + "which knows no version \(Migrations.currentVersion)",
      hint: "wait for it, or stop it: SIGINT lets it write a checkpoint first; or train into another store")
  }

  private func holder(of runID: Int64) throws -> String {
    let row = try Row.fetchOne(
      self, sql: "SELECT pid, host, started_at FROM segments WHERE run_id = ? AND ended_at IS NULL ORDER BY id DESC",
      arguments: [runID])
    guard let row else { return "another process" }
    return "process \(row[0] as DatabaseValue) on \(row[1] as DatabaseValue) since \(row[2] as DatabaseValue)"
  }

  fileprivate func insert(_ new: NewRun, datasetID: Int64?, now: String) throws -> Int64 {
    let step = new.firstCheckpoint.step
    let provisionalName = UUID().uuidString
    try run(
      """
      INSERT INTO runs (uuid, name, status, parent_checkpoint_id, dataset_id, seed, steps_planned, steps_done,
        created_at, updated_at, note)
      VALUES (?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        UUID().uuidString.lowercased(), new.name ?? provisionalName, new.parentCheckpointID, datasetID, new.seed,
        new.stepsPlanned, step, now, now, new.note,
      ])
    let runID = lastInsertedRowID
    if new.name == nil { try run("UPDATE runs SET name = ? WHERE id = ?", [unusedName(runID), runID]) }
    return runID
  }

  /// "run-7", or "run-7-2" when somebody gave that name to another run.
  private func unusedName(_ runID: Int64) throws -> String {
    var name = "run-\(runID)"
    var count = 1
    while try Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE name = ?)", arguments: [name]) == true {
      count += 1
      name = "run-\(runID)-\(count)"
    }
    return name
  }

  fileprivate func insert(_ segment: NewSegment, runID: Int64, now: String) throws -> Int64 {
    try run(
      """
      INSERT INTO segments (run_id, first_step, last_step, started_at, host, pid, keepstep_version, numerics_version,
        instruction_set, threads)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        runID, segment.firstStep, segment.firstStep - 1, now, hostName(), Int(getpid()), segment.keepstepVersion,
        segment.numericsVersion, segment.instructionSet, segment.threads,
      ])
    return lastInsertedRowID
  }

  /// A dead trainer's segment ended, as far as anyone knows, with its last commit.
  func endDeadSegments(of runID: Int64) throws {
    try run(
      """
      UPDATE segments SET end_reason = 'killed', ended_at = (SELECT updated_at FROM runs WHERE id = run_id)
      WHERE run_id = ? AND ended_at IS NULL
      """, [runID])
  }

  private func hostName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "unknown" }
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension Int64 {
  /// The runs whose row says `running`.
  fileprivate static func running(_ db: Database) throws -> [Int64] {
    try fetchAll(db, sql: "SELECT id FROM runs WHERE status = 'running' ORDER BY id")
  }
}
