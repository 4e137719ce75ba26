import Foundation
import GRDB

/// What a backup has made.
public struct BackupReport: Hashable, Sendable {
  /// The copy, as it was named.
  public var path: String
  /// Its size.
  public var bytes: Int
  /// What is in it.
  public var facts: StoreFacts
}

extension StoreReader {
  /// Copies the store, as of one instant, while trainers go on writing into it. The copy is a store itself.
  ///
  /// SQLite's online backup in a single step inside one read transaction: in WAL mode that is a consistent snapshot, it
  /// makes no trainer wait, and it need not begin anew when one commits, as a backup in several steps must. (The `-wal`
  /// grows meanwhile.) `VACUUM INTO` would write every row anew, leave WAL mode, and stop at the first damaged page. The
  /// copy is checked before it gets its name.
  ///
  /// - parameter destination: the file to make.
  /// - parameter replacing: whether a file that is there may be replaced.
  /// - throws: `StoreError` for a destination that cannot be written or must not be replaced, and when the copy does not
  ///   pass `check()`; no file is left then, and a file that was there stays.
  public func backUp(to destination: String, replacing: Bool = false) throws -> BackupReport {
    let draft = try StoreDraft(of: destination, replacing: replacing, from: file)
    return try draft.finish {
      do {
        try copy(to: draft.path)
      } catch {
        throw StoreError.wrapping(error, "copy \(path) to", path: destination)
      }
      return BackupReport(
        path: destination, bytes: StoreFile(path: draft.path, allowsNetworkFileSystem: true).size ?? 0,
        facts: try soundFacts(of: draft.path, destination))
    }
  }

  private func copy(to path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      // A copy that fails is removed, so there is nothing that a journal could bring back.
      try db.execute(sql: "PRAGMA journal_mode = OFF")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    try database.read { source in
      try queue.writeWithoutTransaction { try source.backup(to: $0) }
    }
  }

  private func soundFacts(of copy: String, _ destination: String) throws -> StoreFacts {
    let report = try StoreReader(path: copy).check()
    guard let first = report.findings.first else { return report.facts }
    let others = report.findings.count > 1 ? ", and \(report.findings.count - 1) more" : ""
    throw StoreError(
      .damaged, "\(path) is damaged, so \(destination) is not made: \(first.subject): \(first.message)\(others)",
      hint: "`keepstep check` lists all of it; `keepstep recover` takes what is intact into a new store")
  }
}

extension StoreFile {
  /// Bytes of the file itself; `nil` when it is not there.
  var size: Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: absolutePath)
    return (attributes?[.size] as? NSNumber)?.intValue
  }
}
