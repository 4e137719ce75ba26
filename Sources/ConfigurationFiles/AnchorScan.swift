/// Finds what might be an anchor (`&name`) or an alias (`*name`) of YAML, without knowing where texts begin and end.
///
/// Whoever tells quoted text from the rest has a parser's faults to fear. This does not: it may take a quoted text for
/// an alias, and never an alias for text. An alias stands where a value begins, so behind a space or a sign, and never
/// behind a letter or a digit; its name is of letters, digits, `_` and `-`.
enum AnchorScan {
  /// The first one: its line, counted from 1, and its sign with its name.
  static func first(in text: String) -> (line: Int, name: String)? {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !isComment(line), let name = first(inLine: Array(line.utf8)) else { continue }
      return (number + 1, name)
    }
    return nil
  }

  /// A quoted text may end in a line that looks like a comment; then a quote is in it.
  private static func isComment(_ line: Substring) -> Bool {
    // A carriage return alone ends a line of YAML, and so do three signs beyond ASCII.
    line.drop { $0 == " " || $0 == "\t" }.first == "#"
      && line.utf8.allSatisfy {
        $0 < 0x80 && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'")
      }
  }

  private static func first(inLine bytes: [UInt8]) -> String? {
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") {
      let name = bytes[(index + 1)...].prefix { isOfName($0) || $0 == UInt8(ascii: "-") }
      let isInsideWord = index > 0 && isOfName(bytes[index - 1])
      if !name.isEmpty, !isInsideWord { return String(decoding: [byte] + name, as: UTF8.self) }
    }
    return nil
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
