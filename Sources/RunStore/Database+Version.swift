import GRDB

extension Database {
  /// The version of the store that the present transaction sees.
  func storeVersion() throws -> Int {
    try Int.fetchOne(self, sql: "PRAGMA user_version") ?? 0
  }

  /// A column of accuracies for a SELECT, which is NULL in a store of version 1: that is read as it is. A program that
  /// trains may migrate it between two transactions of a reader, so each of them has to ask.
  func accuracyColumn(_ name: String = "accuracy") throws -> String {
    try storeVersion() < Migrations.versionWithAccuracy ? "NULL AS \(name)" : name
  }
}
