/// Texts of strangers on a person's terminal: names, columns and messages come from stores and files that anyone may have
/// written, and a terminal obeys the control characters in them.
enum TerminalText {
  /// On one line, so that no name makes lines of its own, and with its control and format characters spelled out.
  static func visible(_ text: String) -> String {
    shown(text) { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : nil }
  }

  /// The same with its lines and tabs as they are: what is meant for programs and goes to a terminal all the same.
  static func harmless(_ text: String) -> String {
    shown(text) { $0 == "\n" || $0 == "\t" ? $0 : nil }
  }

  /// Is it of ASCII's printable characters alone, as nearly every text is?
  static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// `text` with each control character as what `allowed` makes of it, or else spelled out.
  private static func shown(_ text: String, _ allowed: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
    if isPlain(text) { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .lineSeparator, .paragraphSeparator: shown.append(" ")
      case .control, .format:
        if let scalar = allowed(scalar) {
          shown.append(scalar)
        } else {
          shown.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
        }
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }
}
