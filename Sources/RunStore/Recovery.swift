import Foundation
import GRDB

/// Takes all that is intact out of a damaged store into a new one.
///
/// The damaged store is only read: from a private copy, whose `-wal` is folded in and whose schema is made anew, so
/// that neither need be sound. Each row that SQLite can still read comes into a new store; there the digests say
/// what is as it was written. A checkpoint is taken when its digest holds; a run's steps as far as the chain of
/// history digests proves them, and on to the last one when whoever can train finds the same bits; a run whose row
/// is lost is left.
public enum Recovery {
  /// Trains a run of the new store again, from one of its last checkpoints, and says whether it has the record's bits.
  public typealias Judge = (_ runID: Int64, _ reader: StoreReader) throws -> RecoveryVerdict

  /// Makes a new store of a damaged one.
  ///
  /// - parameter path: the damaged store.
  /// - parameter destination: the store to make. It is whole under this name, and passes `check()`, or not there.
  /// - parameter replacing: whether a file that is there may be replaced.
  /// - parameter judge: proves what no digest covers.
  /// - throws: `StoreError` when a trainer holds a run of the store, when nothing can be taken, or when the new store
  ///   cannot be written; what `judge` throws.
  public static func recover(
    _ path: String, to destination: String, replacing: Bool = false, judge: @escaping Judge
  ) throws -> RecoveryReport {
    let file = StoreFile(path: path, allowsNetworkFileSystem: true)
    try file.requireReadable()
    if let run = RunLock.heldRun(storePath: file.absolutePath) {
      throw StoreError(
        .held, "\(path) is in use: a training holds its run \(run)",
        hint: "stop it first: SIGINT lets it write a checkpoint")
    }
    let draft = try StoreDraft(of: destination, replacing: replacing, from: file)
    return try draft.finish {
      do {
        var report = try recover(file, to: draft, judge)
        report.path = destination
        return report
      } catch let error as DatabaseError {
        throw StoreError.wrapping(error, "recover \(path) to", path: destination)
      }
    }
  }

  private static func recover(_ file: StoreFile, to draft: StoreDraft, _ judge: @escaping Judge) throws
    -> RecoveryReport
  {
    let copy = try RecoveryCopy(of: file, at: draft.scratchPath)
    let target = try newStore(at: draft.path)
    defer { try? target.close() }
    let source = try copy.queue()
    defer { try? source.close() }
    var salvage = RecoverySalvage(copy.schema, bytes: copy.bytes)
    try salvage.run(from: source, into: target)
    var tables = salvage.tables
    try count(&tables, target) { $0.left += $1 }
    try requireSomething(tables, file)
    try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = ON") }
    let runs = try settle(target, draft, judge)
    try count(&tables, target) { table, count in
      table.taken = count
      table.left -= count
    }
    guard runs.contains(where: \.isTaken) || runs.isEmpty else { throw nothing(file, runs.flatMap(\.losses)) }
    try target.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    return RecoveryReport(
      path: draft.path, notes: copy.notes, hasLostCommits: copy.hasLostCommits, tables: tables, runs: runs)
  }

  private static func settle(
    _ target: DatabaseQueue, _ draft: StoreDraft, _ judge: @escaping Judge
  ) throws -> [RecoveryReport.Run] {
    let reader = try StoreReader(path: draft.path)
    var settlement = RecoverySettlement(target, reader, judge)
    try settlement.run()
    if let finding = try reader.check().findings.first {
      throw StoreError(
        .damaged, "what was taken makes no sound store: \(finding.subject): \(finding.message)",
        hint: "restore the store from a copy; this is a fault of Keepstep")
    }
    return settlement.runs
  }

  /// An empty store, with none of the rules between tables enforced as yet.
  private static func newStore(at path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      // Nobody else knows the file yet, and it is synced before it gets its name.
      try db.execute(sql: "PRAGMA synchronous = OFF")
      try db.execute(sql: "PRAGMA secure_delete = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try Migrations.run(on: db)
    }
    return queue
  }

  private static func count(
    _ tables: inout [RecoveryReport.Table], _ target: DatabaseQueue,
    _ set: (inout RecoveryReport.Table, Int) -> Void
  ) throws {
    for index in tables.indices {
      let name = tables[index].name
      set(&tables[index], try target.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(name)") ?? 0 })
    }
  }

  private static func requireSomething(_ tables: [RecoveryReport.Table], _ file: StoreFile) throws {
    let hasRows = tables.contains { $0.left > 0 }
    if !hasRows, tables.contains(where: { !$0.remarks.isEmpty }) {
      throw nothing(file, tables.flatMap { table in table.remarks.map { "\(table.name): \($0)" } })
    }
  }

  private static func nothing(_ file: StoreFile, _ reasons: [String]) -> StoreError {
    StoreError(
      .damaged, "nothing of \(file.path) can be taken: \(reasons.prefix(3).joined(separator: "; "))",
      hint: "restore it from a backup; `sqlite3 \(file.path) .recover` shows what SQLite's own last means find")
  }
}
