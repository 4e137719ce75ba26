import ArgumentParser
import RunStore

struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Run a SELECT on the store.",
    discussion: """
      The tables and views are described in migrations/README.md, and `keepstep query 'SELECT sql FROM sqlite_master'` \
      prints them with a comment on every column. The connection can only read.

      Example: keepstep query 'SELECT step, loss FROM steps WHERE run_id = 1 ORDER BY loss LIMIT 5'
      """)

  @Argument(help: ArgumentHelp("One statement that only reads.", valueName: "sql"))
  var sql: String

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var formatOptions: FormatOptions

  func run() throws {
    let result = try storeOptions.openForReading().query(sql)
    try formatOptions.print(columns: result.columns, rows: result.rows)
  }
}
