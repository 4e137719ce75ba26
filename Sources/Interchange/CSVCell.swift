/// A cell of a CSV file (RFC 4180) that holds a text, safe to open in a spreadsheet.
///
/// Names, notes, tags and columns may come from a stranger's file, and a spreadsheet runs a cell that begins with one of
/// `= + - @`, a tab or a return as a formula. Such a text gets an apostrophe in front, as OWASP advises
/// (<https://owasp.org/www-community/attacks/CSV_Injection>), unless it is a plain number such as `-1.5`. As many
/// spreadsheets cut lines at semicolons or tabs, the same holds within a text behind these and behind line ends.
/// Numbers are not texts and stay as they are.
package enum CSVCell {
  /// The cell, in quotation marks where it must be.
  package static func text(_ text: String) -> String {
    let safe = isNumber(text) ? text : defused(text)
    guard safe.unicodeScalars.contains(where: { ",;\"\n\r".unicodeScalars.contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }

  private static let formulas = Set("=+-@＝＋－＠".unicodeScalars)
  private static let separators = Set(";\t\r\n".unicodeScalars)

  private static func defused(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    // A tab or a return in front is dropped by some programs, and what follows it begins the cell.
    if let first = text.unicodeScalars.first, first != ";", separators.contains(first) { safe.append("'") }
    var beginsCell = true
    for scalar in text.unicodeScalars {
      if beginsCell, formulas.contains(scalar) { safe.append("'") }
      // Blanks and quotation marks do not end what a cell begins with.
      beginsCell = separators.contains(scalar) || (beginsCell && (scalar == " " || scalar == "\""))
      safe.append(scalar)
    }
    return String(safe)
  }

  private static func isNumber(_ text: String) -> Bool {
    text.utf8.allSatisfy { "0123456789.+-eE".utf8.contains($0) } && Double(text)?.isFinite == true
  }
}
