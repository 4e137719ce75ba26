import CSQLiteDefences
import GRDB
import GRDBSQLite

/// What every connection to a store is set to before it reads a byte of it, as the store may be a stranger's.
///
/// Nothing that stands in a store is run as code: no trigger (Keepstep has none, so all are someone else's), no function
/// with side effects out of a view, a constraint or an index, no extension. See <https://www.sqlite.org/security.html>.
enum StoreDefences {
  /// Sets the defences; called where a connection is made, by `Configuration.prepareDatabase`.
  ///
  /// Reads and writes nothing of the database itself, and lasts as long as the connection.
  ///
  /// - throws: `DatabaseError` when SQLite refuses one of them, as a version that does not know it would.
  static func apply(to db: Database) throws {
    guard let connection = db.sqliteConnection else { return }
    var code = csd_add_json_type(connection)
    if code == SQLITE_OK { code = csd_defend(connection) }
    guard code == SQLITE_OK, csd_is_defended(connection) == 1 else {
      throw DatabaseError(
        resultCode: ResultCode(rawValue: code), message: "this SQLite does not offer the defences that a store needs")
    }
    // Finds a forged page before anything is read by its lengths.
    try db.execute(sql: "PRAGMA cell_size_check = ON")
    // A file that is cut off while it is mapped would end the process by SIGBUS.
    try db.execute(sql: "PRAGMA mmap_size = 0")
    for (limit, value) in limits { sqlite3_limit(connection, limit, value) }
  }

  /// What a view of a stranger's may ask for at most; Keepstep's own statements stay far below.
  private static let limits: [(CInt, CInt)] = [
    // A pattern of 50,000 characters, SQLite's own limit, can take hours.
    (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    // Our foreign keys cascade over three tables.
    (SQLITE_LIMIT_TRIGGER_DEPTH, 16),
    (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]
}
