/// Anyone's text on one line: what could end a string of gnuplot's, is not allowed in XML, or would move a terminal's cursor
/// becomes a space.
enum PlainText {
  /// At most `limit` scalars of a text; an ellipsis says that there were more.
  static func line(_ text: String, limit: Int) -> String {
    var scalars = text.unicodeScalars.prefix(max(0, limit)).map { isPrintable($0) ? $0 : " " }
    if text.unicodeScalars.dropFirst(max(0, limit)).first != nil, let last = scalars.indices.last {
      scalars[last] = "…"
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
    default: true
    }
  }
}
