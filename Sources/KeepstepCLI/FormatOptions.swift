import ArgumentParser
import Foundation
import RunStore

/// How results are printed.
enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, jsonl
}

/// `--format`.
struct FormatOptions: ParsableArguments {
  @Option(help: "table for people; csv, json or jsonl (a JSON object a line) for programs.")
  var format = ResultFormat.table

  /// Prints rows of results.
  func print(columns: [String], rows: [[StoreValue]]) throws {
    try ResultTable(columns: columns, rows: rows).lines(format) { try Output.record($0) }
  }
}
