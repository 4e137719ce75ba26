import GRDB

/// Which files are stores, and how an older one becomes a newer one.
enum Migrations {
  /// SQLite's `application_id` of every store: "KSTP".
  static let applicationID = 0x4B53_5450

  /// The numbered files of `migrations/`, in order; the n-th makes version n. (SwiftPM puts `_` for a name's first digit.)
  static let scripts: [[UInt8]] = [
    PackageResources._001_initial_sql, PackageResources._002_accuracy_sql,
  ]

  /// The version that this program writes, and the highest it reads.
  static var currentVersion: Int { scripts.count }

  /// The first version whose `steps` and `evaluations` have the column `accuracy`.
  static let versionWithAccuracy = 2

  /// Brings the database to `currentVersion` in one transaction: a new store, or an older one, is whole at every instant.
  ///
  /// - precondition: the store lock is held and the database is an empty one or a store.
  static func run(on db: Database) throws {
    let version = try db.storeVersion()
    guard version < currentVersion else { return }
    try db.inTransaction(.immediate) {
      for script in scripts[version...] { try db.execute(sql: String(decoding: script, as: UTF8.self)) }
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(currentVersion)")
      return .commit
    }
  }
}
