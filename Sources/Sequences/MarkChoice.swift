/// Which mark stands before decimals: the given one, or the one that the first decimal number of the file has.
struct MarkChoice {
  /// Nil while a file that may have either has shown none.
  private(set) var mark: DecimalMark?
  /// The line that showed it, where it was not given.
  private var line: Int?

  init(given: DecimalMark?, delimiter: FieldDelimiter) {
    // Where fields are separated by commas, a decimal comma is too odd to be taken for one unasked.
    mark = given ?? (delimiter == .comma ? .point : nil)
  }

  /// The mark's byte, or nil while it is open.
  var byte: UInt8? { mark?.byte }

  /// The mark to read `cell` by, which settles it where it was open.
  mutating func decided(by cell: String, line: Int) -> DecimalMark {
    if let mark { return mark }
    guard let first = DecimalMark.allCases.first(where: { cell.utf8.contains($0.byte) }) else { return .point }
    // A text that is no number either way settles nothing.
    guard (try? parseCell(cell, mark: first)) != nil else { return first }
    mark = first
    self.line = line
    return first
  }

  /// What is to be added of a cell that is no number, where it is one by the other mark.
  func contradiction(_ cell: String) -> String {
    guard let mark, let line, (try? parseCell(cell, mark: mark == .point ? .comma : .point)) != nil else { return "" }
    return mark == .point ? ", as row \(line) has a decimal point" : ", as row \(line) has a decimal comma"
  }

  /// What a number looks like.
  var hint: String {
    let other: DecimalMark = mark == .comma ? .point : .comma
    return "every cell of a named column is a number such as \(mark == .comma ? "-12,5" : "-12.5") or 3e-4"
      + (line == nil ? "" : "; --decimal \(other.rawValue) reads decimal \(other.rawValue)s")
  }
}
