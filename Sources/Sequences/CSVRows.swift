import SwiftCSV

/// The rows of a CSV file (RFC 4180), one after the other, read by SwiftCSV.
///
/// SwiftCSV by itself would keep every cell as a String, pad short rows, say nothing of lines, and take a file that
/// ends within quotes for complete; so the rows stream through here, with their line numbers and those checks.
/// Nearly all the time of reading a file is its own: about a second for a million cells.
struct CSVRows {
  /// Named in messages.
  let path: String
  /// The header's names, without the blanks around them.
  let header: [String]

  private let csv: CSV<NoView>
  private let headerLines: Int
  private let quotes: Int

  /// - Throws: `SequenceError` when `text` is empty, its header is blank, or its quotes do not match.
  init(path: String, text: String) throws {
    guard text.utf8.contains(where: { $0 != 10 && $0 != 13 }) else {
      throw SequenceError("\(path) is empty", hint: "its first line names the columns, each further line is a row")
    }
    self.path = path
    quotes = text.utf8.count { $0 == 0x22 }
    do {
      // SwiftCSV drops an empty cell at the very end of a text without a last newline.
      csv = try CSV(string: text.utf8.last == 10 ? text : text + "\n", delimiter: .comma, loadColumns: false)
    } catch {
      throw badQuote(path: path, line: 1)
    }
    guard csv.header != [""] else {
      throw SequenceError("\(path), row 1 is blank", hint: "the first line of the file names the columns")
    }
    header = csv.header.map { String(trimmed($0)) }
    headerLines = linesOf(csv.header, quotes: quotes)
    try checkQuotesMatch()
  }

  /// Calls `body` with each row's fields and line; the header is line 1, and blank lines at the end are left out.
  /// - Throws: what `body` throws at first, or `SequenceError` for a row with too few or too many fields, a blank
  ///   line between rows, or a quote where none may be.
  func enumerate(_ body: (_ fields: [String], _ line: Int) throws -> Void) throws {
    var blank: Int?
    var failure: (any Error)?
    do {
      // SwiftCSV's callback cannot stop the reading, so after a failure it only waits for the end.
      try stream { fields, line in
        guard failure == nil else { return }
        if fields == [""] {
          blank = blank ?? line
          return
        }
        do {
          try check(fields, line: line, blankLine: blank)
          try body(fields, line)
        } catch {
          failure = error
        }
      }
    } catch {
      throw failure ?? error
    }
    if let failure { throw failure }
  }

  private func stream(_ body: (_ fields: [String], _ line: Int) -> Void) throws {
    var line = 1 + headerLines
    do {
      try withoutActuallyEscaping(body) { body in
        try csv.enumerateAsArray(startAt: 1, rowLimit: nil) { fields in
          body(fields, line)
          line += linesOf(fields, quotes: quotes)
        }
      }
    } catch {
      throw badQuote(path: path, line: line)
    }
  }

  /// In a text whose quotes match, their number is even; where not, its last row has swallowed all that follows.
  private func checkQuotesMatch() throws {
    guard quotes % 2 == 1 else { return }
    var last = 1
    try stream { _, line in last = line }
    throw SequenceError("\(path), row \(last): a quote is opened and never closed", hint: rowsAreLines)
  }

  private func check(_ fields: [String], line: Int, blankLine: Int?) throws {
    if let blankLine {
      throw SequenceError("\(path), row \(blankLine) is blank", hint: "\(rowsAreLines); delete it or fill it in")
    }
    guard fields.count == header.count else {
      throw SequenceError(
        "\(path), row \(line) has \(fields.count) \(fields.count == 1 ? "field" : "fields"), the header has"
          + " \(header.count)",
        hint: "\(rowsAreLines); fields are separated by commas, and one with a comma in it stands in quotes")
    }
  }
}

/// What a row's number counts, for the hints.
let rowsAreLines = "rows are numbered by the lines of the file, the header being line 1"

private func badQuote(path: String, line: Int) -> SequenceError {
  SequenceError(
    "\(path), row \(line): a quote stands where none may be",
    hint: "\(rowsAreLines); a field with quotes in it stands in quotes itself, and they are doubled")
}

/// The lines that a row takes up: one, and one more for each newline within quotes.
private func linesOf(_ fields: [String], quotes: Int) -> Int {
  guard quotes > 0 else { return 1 }
  return fields.reduce(1) { $0 + $1.count { $0 == "\n" || $0 == "\r\n" || $0 == "\r" } }
}

/// A view that keeps nothing, so that SwiftCSV reads no more than the header until the rows are asked for.
private struct NoView: CSVView {
  let rows: [[String]] = []
  let columns: [String]? = nil

  init(header: [String], text: String, delimiter: CSVDelimiter, loadColumns: Bool, rowLimit: Int?) throws {}

  func serialize(header: [String], delimiter: CSVDelimiter) -> String { "" }
}
