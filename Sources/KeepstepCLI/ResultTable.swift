import Interchange
import RunStore

/// Rows of results as lines of text. Tables shorten numbers; the others have all digits.
struct ResultTable {
  let columns: [String]
  let rows: [[StoreValue]]

  /// Hands out the lines in order, without their ends.
  func lines(_ format: ResultFormat, _ emit: (String) throws -> Void) throws {
    switch format {
    case .table: try tableLines(emit)
    case .csv: try csvLines(emit)
    case .json: try jsonLines(emit)
    case .jsonl: for row in rows { try emit(jsonObject(row)) }
    }
  }

  private func tableLines(_ emit: (String) throws -> Void) throws {
    let columns = columns.map(TerminalText.visible)
    let cells = rows.map { $0.map { TerminalText.visible($0.forPeople) } }
    let counts = cells.map { $0.map(Self.width) }
    let widths = columns.indices.map { c in max(columns[c].count, counts.map { $0[c] }.max() ?? 0) }
    let isNumber = columns.indices.map { c in rows.allSatisfy { $0[c].isNumberOrNull } }
    func line(_ cells: [String], _ counts: [Int]) -> String {
      var line = ""
      var spaces = 0  // not written before something follows: a line has none at its end
      for c in cells.indices {
        let padding = widths[c] - counts[c]
        spaces += (c > 0 ? 2 : 0) + (isNumber[c] ? padding : 0)
        if counts[c] > 0 {
          line += String(repeating: " ", count: spaces) + cells[c]
          spaces = 0
        }
        if !isNumber[c] { spaces += padding }
      }
      return line
    }
    try emit(line(columns, columns.map(Self.width)))
    for (row, counts) in zip(cells, counts) { try emit(line(row, counts)) }
  }

  /// A text's characters; of the usual ASCII each byte is one.
  private static func width(_ text: String) -> Int {
    TerminalText.isPlain(text) ? text.utf8.count : text.count
  }

  private func csvLines(_ emit: (String) throws -> Void) throws {
    try emit(columns.map { CSVCell.text($0) }.joined(separator: ","))
    for row in rows { try emit(row.map(\.asCSV).joined(separator: ",")) }
  }

  private func jsonLines(_ emit: (String) throws -> Void) throws {
    try emit("[")
    for (index, row) in rows.enumerated() {
      try emit("  \(jsonObject(row))\(index == rows.count - 1 ? "" : ",")")
    }
    try emit("]")
  }

  private func jsonObject(_ row: [StoreValue]) -> String {
    let members = zip(columns, row).map { "\(JSONText.string($0)): \($1.asJSON)" }
    return "{\(members.joined(separator: ", "))}"
  }
}
