import GRDB
import GRDBSQLite

extension Statement {
  /// How many values SQLite expects for `?`, `:name` and the like.
  var parameterCount: Int { Int(sqlite3_bind_parameter_count(sqliteStatement)) }

  /// Refuses parameters in a person's condition, beyond the `count` that the statement around it has of its own.
  ///
  /// - throws: `StoreError` of kind `invalid`.
  func requireParameters(_ count: Int, inCondition condition: String?) throws {
    guard parameterCount != count, let condition else { return }
    throw StoreError.noCondition(condition, StoreError.parameterWords)
  }
}

extension StoreError {
  /// Why a person's SQL with a parameter is refused.
  static let parameterWords =
    "it has a parameter (?, :name, @name or $name), and there is no way to give it a value; write the value itself"
}
