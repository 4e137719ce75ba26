import GRDB
import GRDBSQLite

/// Decides, while SQLite compiles a person's statement, whether all that it does is reading.
///
/// SQLite asks about every table that is read, function that is called and pragma that is run, views and pragmas in the
/// guise of tables included, so how a statement is written makes no difference. See
/// <https://www.sqlite.org/c3ref/set_authorizer.html>.
final class QueryAuthorizer {
  /// What it refused last, as the end of "this statement would …".
  private(set) var refused: String?
  private var isAsked = false

  /// Takes the place of GRDB's own authorizer, which only watches; the connection is to be used for this query alone.
  func install(on db: Database) {
    sqlite3_set_authorizer(
      db.sqliteConnection,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        let authorizer = Unmanaged<QueryAuthorizer>.fromOpaque(context).takeUnretainedValue()
        return authorizer.answer(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
      },
      Unmanaged.passUnretained(self).toOpaque())
  }

  /// Ends what `install` began, before this object goes.
  func remove(from db: Database) {
    sqlite3_set_authorizer(db.sqliteConnection, nil, nil)
  }

  /// Lets only reading through in `body`, where a person's statement is compiled and run.
  func whileAsked<Result>(_ body: () throws -> Result) rethrows -> Result {
    isAsked = true
    defer { isAsked = false }
    return try body()
  }

  private func answer(_ action: CInt, _ first: String?, _ second: String?) -> CInt {
    guard isAsked else { return SQLITE_OK }
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
    // A table that is a function, such as json_each, is declared in just the steps in which a stored one is made. Of a
    // statement that makes one SQLite says that it does not only read, and so it is refused all the same.
    case SQLITE_CREATE_TABLE: return SQLITE_OK
    case SQLITE_INSERT where first == "sqlite_master", SQLITE_UPDATE where first == "sqlite_master": return SQLITE_OK
    case SQLITE_FUNCTION: return refuse("call \(second ?? "")", unless: !Self.outside.contains(second ?? ""))
    case SQLITE_PRAGMA: return refuse("run the pragma \(first ?? "")", unless: Self.reads(first ?? "", second))
    default: return refuse(Self.words[action] ?? "do more than read", unless: false)
    }
  }

  private func refuse(_ what: String, unless reads: Bool) -> CInt {
    if reads { return SQLITE_OK }
    refused = what
    return SQLITE_DENY
  }

  private static func reads(_ pragma: String, _ argument: String?) -> Bool {
    let name = pragma.lowercased()
    return lookUps.contains(name) || (argument == nil && settings.contains(name))
  }

  /// Functions that reach outside the database; most of them exist only in the program sqlite3.
  private static let outside: Set<String> = ["load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"]

  /// Pragmas that only look, whatever their argument, which is a table's name or a number of lines.
  private static let lookUps: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "foreign_key_check", "integrity_check", "quick_check", "database_list", "collation_list", "function_list",
    "module_list", "pragma_list", "compile_options",
  ]

  /// Pragmas that tell a setting when they have no argument, and change it when they have one.
  private static let settings: Set<String> = [
    "application_id", "user_version", "schema_version", "data_version", "encoding", "page_size", "page_count",
    "freelist_count", "max_page_count", "auto_vacuum", "synchronous", "foreign_keys", "query_only", "trusted_schema",
    "cell_size_check", "mmap_size", "cache_size", "busy_timeout", "recursive_triggers", "secure_delete",
  ]

  private static let words: [CInt: String] = [
    SQLITE_INSERT: "insert rows", SQLITE_UPDATE: "change rows", SQLITE_DELETE: "delete rows",
    SQLITE_ATTACH: "attach a database", SQLITE_DETACH: "detach a database",
    SQLITE_TRANSACTION: "begin or end a transaction", SQLITE_SAVEPOINT: "set or release a savepoint",
    SQLITE_ANALYZE: "analyze tables", SQLITE_REINDEX: "rebuild indexes", SQLITE_ALTER_TABLE: "alter a table",
    SQLITE_CREATE_TEMP_TABLE: "create a table", SQLITE_CREATE_VTABLE: "create a table",
    SQLITE_CREATE_VIEW: "create a view",
    SQLITE_CREATE_TEMP_VIEW: "create a view", SQLITE_CREATE_INDEX: "create an index",
    SQLITE_CREATE_TEMP_INDEX: "create an index", SQLITE_CREATE_TRIGGER: "create a trigger",
    SQLITE_CREATE_TEMP_TRIGGER: "create a trigger",
  ]
}
