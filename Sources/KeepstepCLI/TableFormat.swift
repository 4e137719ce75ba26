import ArgumentParser
import Foundation
import RunStore

/// How results are printed.
enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json
}

/// `--format`.
struct FormatOptions: ParsableArguments {
  @Option(help: "table for people, csv or json for programs.")
  var format = ResultFormat.table

  /// Prints rows of results.
  func print(columns: [String], rows: [[StoreValue]]) throws {
    switch format {
    case .table: try ResultTable.printTable(columns, rows)
    case .csv: try ResultTable.printCSV(columns, rows)
    case .json: try ResultTable.printJSON(columns, rows)
    }
  }
}

/// Rows of results as text. Tables shorten numbers; csv and json have all digits.
enum ResultTable {
  static func printTable(_ columns: [String], _ rows: [[StoreValue]]) throws {
    let cells = rows.map { $0.map(\.forPeople) }
    let widths = columns.indices.map { c in max(columns[c].count, cells.map { $0[c].count }.max() ?? 0) }
    let isNumber = columns.indices.map { c in rows.allSatisfy { $0[c].isNumberOrNull } }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { c -> String in
        let padding = String(repeating: " ", count: widths[c] - cells[c].count)
        return isNumber[c] ? padding + cells[c] : cells[c] + padding
      }
      let text = padded.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    try Output.line(line(columns))
    for row in cells { try Output.line(line(row)) }
  }

  static func printCSV(_ columns: [String], _ rows: [[StoreValue]]) throws {
    try Output.line(columns.map { CSVCell.text($0) }.joined(separator: ","))
    for row in rows { try Output.line(row.map(\.asCSV).joined(separator: ",")) }
  }

  static func printJSON(_ columns: [String], _ rows: [[StoreValue]]) throws {
    try Output.line("[")
    for (index, row) in rows.enumerated() {
      let members = zip(columns, row).map { "\(JSONText.string($0)): \($1.asJSON)" }
      try Output.line("  {\(members.joined(separator: ", "))}\(index == rows.count - 1 ? "" : ",")")
    }
    try Output.line("]")
  }
}

/// A cell of a CSV file (RFC 4180).
enum CSVCell {
  /// Quoted where it must be; a text that a spreadsheet would run as a formula gets an apostrophe in front.
  static func text(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { text = "'" + text }
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    return "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
  }
}

/// Pieces of JSON.
enum JSONText {
  static func string(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A text always has a JSON form.
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}

extension StoreValue {
  var isNumberOrNull: Bool {
    switch self {
    case .integer, .real, .null: true
    case .text, .blob: false
    }
  }

  /// Five digits, and a blob by its size.
  var forPeople: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): Numbers.short(value)
    case .text(let text): String(text.map { $0.isNewline ? " " : $0 })
    case .blob(let bytes): "<\(bytes.count) bytes>"
    }
  }

  /// All digits; a blob in hexadecimal.
  var asCSV: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let text): CSVCell.text(text)
    case .blob(let bytes): bytes.map { String(format: "%02x", $0) }.joined()
    }
  }

  /// All digits; a blob as hexadecimal text.
  var asJSON: String {
    switch self {
    case .null: "null"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let text): JSONText.string(text)
    case .blob: "\"\(asCSV)\""
    }
  }
}
