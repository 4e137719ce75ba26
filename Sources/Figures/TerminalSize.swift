import Foundation

/// How many characters a terminal shows.
public struct TerminalSize: Hashable, Sendable {
  /// Characters of a line; at least 20.
  public var columns: Int
  /// Lines; at least 5.
  public var rows: Int

  /// A size; what would be too small to draw in is made larger.
  public init(columns: Int, rows: Int) {
    self.columns = max(20, min(columns, 1_000))
    self.rows = max(5, min(rows, 1_000))
  }

  /// The size of the terminal that an open file is; without one `COLUMNS` and `LINES`, and otherwise 80 by 24.
  public static func of(
    _ descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> TerminalSize {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 {
      return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
    return TerminalSize(columns: number("COLUMNS") ?? 80, rows: number("LINES") ?? 24)
  }
}

/// What a terminal can show.
public struct TerminalStyle: Hashable, Sendable {
  /// May escape sequences colour the text?
  public var hasColor: Bool
  /// Are there characters beyond ASCII, as braille's?
  public var isUnicode: Bool

  /// A style; without colours and with all characters by default.
  public init(hasColor: Bool = false, isUnicode: Bool = true) {
    self.hasColor = hasColor
    self.isUnicode = isUnicode
  }

  /// What the terminal that an open file is can show: colours only on a terminal, and not with `NO_COLOR` or `TERM=dumb`;
  /// Unicode where the locale says UTF-8.
  public static func of(
    _ descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> TerminalStyle {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
    return TerminalStyle(
      hasColor: isatty(descriptor) == 1 && value("NO_COLOR") == nil && value("TERM") != "dumb",
      isUnicode: locale.contains("utf-8") || locale.contains("utf8"))
  }

  /// A text in a colour, where there are colours; for what stands behind it is dim.
  func colored(_ text: String, _ color: Color?, isFaint: Bool = false) -> String {
    guard hasColor, let color else { return text }
    return "\u{1B}[\(isFaint ? "2;" : "")38;5;\(color.terminalNumber)m\(text)\u{1B}[0m"
  }
}

extension Color {
  /// The nearest colour of the 6 × 6 × 6 that terminals of 256 colours have.
  var terminalNumber: Int {
    let levels: [Int] = [0, 95, 135, 175, 215, 255]
    func nearest(_ shift: UInt32) -> Int {
      let part = Int(hex >> shift & 0xFF)
      return levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
    }
    return 16 + 36 * nearest(16) + 6 * nearest(8) + nearest(0)
  }
}
