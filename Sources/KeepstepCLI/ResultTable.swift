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
    try emit(line(columns))
    for row in cells { try emit(line(row)) }
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
