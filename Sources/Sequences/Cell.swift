/// Why a cell of a CSV file is not a value; `description` completes the sentence that begins with the cell's place.
enum CellError: Error, CustomStringConvertible {
  case missing(String)
  case notANumber(String)
  case notFinite(String)
  case notDecimal(String)
  case tooLarge(String)

  var description: String {
    switch self {
    case .missing(let cell): trimmed(cell).isEmpty ? "the cell is empty" : "\(quoted(cell)) is not a number"
    case .notANumber(let cell): "\(quoted(cell)) is not a number"
    case .notFinite(let cell): "\(quoted(cell)) is not a finite number"
    case .notDecimal(let cell): "\(quoted(cell)) is not a decimal number"
    case .tooLarge(let cell): "\(quoted(cell)) is too large for float32, which ends at 3.4028235e38"
    }
  }
}

/// The float32 nearest to a decimal number such as `-12`, `.5` or `1.5e-3`, whatever the locale.
func parseCell(_ cell: String, mark: DecimalMark) throws(CellError) -> Float {
  var text = trimmed(cell)
  if isMissing(text) { throw .missing(cell) }
  if mark == .comma {
    if text.utf8.contains(UInt8(ascii: ".")) { throw .notANumber(cell) }
    text = Substring(text.replacing(",", with: "."))
  }
  guard text.utf8.allSatisfy(mayStandInDecimal), let value = Float(text) else { throw notDecimal(cell, text) }
  guard value.isFinite else { throw .tooLarge(cell) }
  return value
}

/// Whether a cell says that there is no value.
private func isMissing(_ text: Substring) -> Bool {
  guard !text.isEmpty else { return true }
  return text.utf8.count <= 4 && ["-", "na", "n/a", "nan", "null"].contains(text.lowercased())
}

private func mayStandInDecimal(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
    UInt8(ascii: "e"), UInt8(ascii: "E"):
    true
  default: false
  }
}

/// Why a cell is no decimal number. `Float` reads C's other notations, which are told apart from words here.
private func notDecimal(_ cell: String, _ text: Substring) -> CellError {
  guard let value = Float(text) else { return .notANumber(cell) }
  return value.isFinite ? .notDecimal(cell) : .notFinite(cell)
}

/// `text` without the blanks around it.
func trimmed(_ text: String) -> Substring {
  // Most cells have none, which their bytes tell sooner than their characters.
  let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
  if let first = text.utf8.first, let last = text.utf8.last, visible ~= first, visible ~= last { return text[...] }
  guard let first = text.firstIndex(where: { !$0.isWhitespace }),
    let last = text.lastIndex(where: { !$0.isWhitespace })
  else { return "" }
  return text[first...last]
}
