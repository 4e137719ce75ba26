/// An SQL condition that a person wrote, to stand in parentheses within a statement.
enum SQLCondition {
  /// Whether it closes a parenthesis that it did not open, so that what follows would stand outside the condition.
  static func escapesParentheses(_ sql: String) -> Bool {
    var depth = 0
    var rest = Array(sql.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth < 0 { return true }
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): skip(&rest, past: [byte])
      case UInt8(ascii: "["): skip(&rest, past: [UInt8(ascii: "]")])
      case UInt8(ascii: "-") where rest.first == UInt8(ascii: "-"): skip(&rest, past: [UInt8(ascii: "\n")])
      case UInt8(ascii: "/") where rest.first == UInt8(ascii: "*"):
        rest.removeFirst()
        skip(&rest, past: Array("*/".utf8))
      default: break
      }
    }
    return false
  }

  /// Drops all up to `end` and `end` itself; all there is when it does not come. (A doubled quotation mark ends one
  /// text and begins another, which comes to the same.)
  private static func skip(_ rest: inout ArraySlice<UInt8>, past end: [UInt8]) {
    while !rest.isEmpty, !rest.starts(with: end) { rest.removeFirst() }
    rest = rest.dropFirst(end.count)
  }
}
