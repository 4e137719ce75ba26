import Foundation
import GRDB

extension StoreFile {
  /// What a connection is for.
  enum Purpose {
    case reading, writing
  }

  /// How every connection of ours is made: defended against what a stranger may have put into the file, and patient with
  /// programs that know nothing of the store lock, and for a moment while the last writer closes.
  ///
  /// - parameter patience: the seconds to wait for others' locks of SQLite's.
  static func configuration(_ purpose: Purpose, patience: TimeInterval = 10) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = purpose == .reading
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
      try StoreDefences.apply(to: db)
      // Debian's SQLite overwrites what it deletes with zeros, which would send every removed checkpoint through the -wal.
      if purpose == .writing { try db.execute(sql: "PRAGMA secure_delete = OFF") }
    }
    return configuration
  }

  /// A connection that reads, and whether it reads the main file as if nobody could change it.
  typealias ReadingConnection = (queue: DatabaseQueue, isImmutable: Bool)

  /// Opens an existing store for reading only.
  ///
  /// - throws: `StoreError` for what is no store, and when a stopped process keeps everybody out.
  func openForReading() throws -> ReadingConnection {
    // Empty is only what looks so while no -wal goes: one that is folded in during the look takes with it what made the
    // main file look empty.
    var (content, hadWAL, isWALThere) = (Content.empty, false, false)
    repeat {
      hadWAL = walSize != nil
      content = try firstLook()
      isWALThere = walSize != nil
    } while content == .empty && hadWAL && !isWALThere
    if content == .empty, !isWALThere { throw emptyError }
    return try inspecting { [isWALThere] in
      // A store that was closed cleanly has no -wal, and where nobody may create one nobody can write the store either.
      let isImmutable = try !isWALThere && !isFolderWritable || isClosedByStoppedProcess()
      return (try reading(isImmutable ? immutableURI : absolutePath), isImmutable)
    }
  }

  private func reading(_ location: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: location, configuration: Self.configuration(.reading))
    guard case .store = try queue.read(content) else { throw emptyError }
    return queue
  }

  /// Was a process stopped just where SQLite lets nobody else in, with nothing in the -wal? Nobody writes then, and all
  /// there is stands in the main file.
  ///
  /// - throws: `StoreError` when something stands in the -wal: nobody can read that then.
  private func isClosedByStoppedProcess() throws -> Bool {
    guard let pid = StoppedProcess.blocking(self) else { return false }
    guard (walSize ?? 0) == 0, !hasRollbackJournal else { throw stoppedError(pid) }
    return true
  }

  /// The seconds that tidying up waits for others: what they or the next command may do is not worth more.
  static let tidyingPatience: TimeInterval = 0.2

  /// Refuses at once what a stopped process would make fail after ten seconds.
  func requireNoStoppedProcess() throws {
    if let pid = StoppedProcess.blocking(self) { throw stoppedError(pid) }
  }

  private func stoppedError(_ pid: Int32) -> StoreError {
    StoreError(
      .held, "cannot use \(path): process \(pid) was stopped in a moment in which SQLite lets nobody else in",
      hint: "let it go on: kill -CONT \(pid)")
  }

  private var emptyError: StoreError {
    StoreError(.notAStore, "\(path) is empty, not a store", hint: "keepstep train makes it one; --store names another")
  }
}
