import Foundation

/// The Python literal in an array file's header: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// Its three keys stand once each, in any order. Nothing else of Python is read: no nesting, no escapes, no arithmetic.
struct NPYFields {
  private(set) var descr = ""
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []
  private var rest: Substring.UTF8View.SubSequence

  /// `nil` when `text` is not such a literal.
  init?(_ text: Data) {
    rest = Substring(String(decoding: text, as: UTF8.self)).utf8[...]
    guard take("{") else { return nil }
    var seen: Set<String> = []
    while !take("}") {
      guard let key = takeString(), seen.insert(key).inserted, take(":"), takeValue(of: key) else { return nil }
      guard take(",") || rest.first == UInt8(ascii: "}") else { return nil }
    }
    skipSpace()
    guard seen.count == 3, rest.isEmpty else { return nil }
  }

  private mutating func takeValue(of key: String) -> Bool {
    switch key {
    case "descr":
      guard let string = takeString() else { return false }
      descr = string
    case "fortran_order":
      if take("True") {
        isFortranOrder = true
      } else if !take("False") {
        return false
      }
    case "shape":
      guard let tuple = takeTuple() else { return false }
      shape = tuple
    default: return false
    }
    return true
  }

  /// `()`, `(3,)` or `(3, 4)` with an optional last comma.
  private mutating func takeTuple() -> [Int]? {
    guard take("(") else { return nil }
    var tuple: [Int] = []
    while !take(")") {
      guard let number = takeInteger() else { return nil }
      tuple.append(number)
      let hasComma = take(",")
      // `(3)` is an integer in Python, not a tuple.
      guard hasComma || (tuple.count > 1 && rest.first == UInt8(ascii: ")")) else { return nil }
    }
    return tuple
  }

  private mutating func takeInteger() -> Int? {
    skipSpace()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let number = Int(String(Substring(digits))) else { return nil }
    rest = rest.dropFirst(digits.count)
    return number
  }

  private mutating func takeString() -> String? {
    skipSpace()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    let body = rest.dropFirst().prefix { $0 != quote && $0 != UInt8(ascii: "\\") }
    let end = rest.dropFirst(1 + body.count)
    guard end.first == quote else { return nil }
    rest = end.dropFirst()
    return String(Substring(body))
  }

  /// Whether `token` comes next, spaces aside; it is then taken.
  private mutating func take(_ token: String) -> Bool {
    skipSpace()
    guard rest.starts(with: token.utf8) else { return false }
    rest = rest.dropFirst(token.utf8.count)
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  }
}
