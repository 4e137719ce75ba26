extension ConfigurationFile {
  /// The file's text, which reads back as the same entries: a line each, behind `comments`.
  ///
  /// - Parameter comments: lines without their `#`.
  public func text(comments: [String] = []) -> String {
    let lines =
      comments.map { "# \(Self.harmless($0))" }
      + entries.map { entry in
        switch entry.value {
        case .text(let text): "\(Self.scalar(entry.key)): \(Self.scalar(text))"
        case .list(let texts): "\(Self.scalar(entry.key)): [\(texts.map(Self.scalar).joined(separator: ", "))]"
        }
      }
    return lines.map { $0 + "\n" }.joined()
  }

  /// Plain where that can't be read otherwise, in double quotes else.
  private static func scalar(_ text: String) -> String {
    let signs = text.utf8
    let isPlain =
      signs.first.map { isLetterOrDigit($0) } == true
      && signs.allSatisfy { isLetterOrDigit($0) || "_./+-".utf8.contains($0) }
      && !["null", "Null", "NULL"].contains(text)
    return isPlain ? text : "\"\(text.unicodeScalars.map(escaped).joined())\""
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// `&` and `*` are escaped for `AnchorScan`, which does not know quotes.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case " "..."~" where scalar != "&" && scalar != "*": String(scalar)
    case "\u{A1}"..."\u{2027}", "\u{2030}"..."\u{D7FF}": String(scalar)
    default: "\\U" + hexadecimal(scalar.value)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// A comment stays on its line, and shows no aliases.
  private static func harmless(_ comment: String) -> String {
    String(
      comment.unicodeScalars.map { scalar in
        (" "..."~").contains(scalar) && scalar != "&" && scalar != "*" ? Character(scalar) : "?"
      })
  }
}
