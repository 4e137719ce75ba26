import Foundation

/// Heat maps in characters: two cells a character in colours, where there are colours; shades of grey without.
enum TerminalHeatMap {
  /// The lines of all maps, one below the other.
  ///
  /// - Throws: `FigureError` when there is no number to draw.
  static func lines(_ maps: HeatMaps, size: TerminalSize, style: TerminalStyle) throws -> [String] {
    let drawable = try maps.drawable.maps
    // A picture of several maps may be longer than the terminal, which scrolls; one fits.
    let room = max(4, size.rows - 5)
    let rows = drawable.count == 1 ? room : min(room, 16)
    let title = PlainText.line(maps.title, limit: size.columns)
    return [title] + drawable.flatMap { map in [""] + lines(of: map, columns: size.columns, rows: rows, style) }
  }

  private static func lines(of map: HeatMap, columns: Int, rows: Int, _ style: TerminalStyle) -> [String] {
    let labels = [map.yRange.lowerBound, map.yRange.upperBound].map(AxisTicks.text)
    let margin = (labels.map(\.count).max() ?? 0) + 1
    let perLine = style.hasColor && style.isUnicode ? 2 : 1
    let thin = map.thinned(columns: columns - margin, rows: rows * perLine)
    // Whole multiples make small maps legible.
    let wide = max(1, min(4, (columns - margin) / max(1, thin.columns)))
    let magnitude = map.magnitude > 0 ? map.magnitude : 1
    let axes = map.yLabel.isEmpty ? map.xLabel : "\(map.yLabel) down, \(map.xLabel) across"
    var lines = [PlainText.line("\(map.title): \(axes)", limit: columns)]
    for row in stride(from: 0, to: thin.rows, by: perLine) {
      let isLast = row + perLine >= thin.rows
      let label = row == 0 ? labels[0] : isLast ? labels[1] : ""
      let cells = (0..<thin.columns).map { column -> String in
        let upper = thin.values[row * thin.columns + column] / magnitude
        let lower = row + 1 < thin.rows ? thin.values[(row + 1) * thin.columns + column] / magnitude : nil
        return cell(upper, perLine == 2 ? lower : nil, wide: wide, isPair: perLine == 2, style)
      }
      let line = String(repeating: " ", count: margin - 1 - label.count) + label + " " + cells.joined()
      lines.append(style.hasColor ? line + "\u{1B}[0m" : line)
    }
    lines.append(String(repeating: " ", count: margin) + ends(map.xRange, width: wide * thin.columns))
    lines.append(String(repeating: " ", count: margin) + legend(magnitude, style))
    return lines
  }

  /// The first and the last number below a map.
  private static func ends(_ range: ClosedRange<Double>, width: Int) -> String {
    let (first, last) = (AxisTicks.text(range.lowerBound), AxisTicks.text(range.upperBound))
    let gap = width - first.count - last.count
    return gap > 0 ? first + String(repeating: " ", count: gap) + last : "\(first) to \(last)"
  }

  /// Ten parts from minus `magnitude` to `magnitude`.
  private static func legend(_ magnitude: Float, _ style: TerminalStyle) -> String {
    let text = String(format: "%.3g", Double(magnitude))
    let bar = stride(from: Float(-1), through: 1, by: 0.25).map { cell($0, nil, wide: 1, isPair: false, style) }
    return "-\(text) " + bar.joined() + (style.hasColor ? "\u{1B}[0m" : "") + " \(text)"
  }

  /// One cell or two of numbers from -1 to 1.
  private static func cell(_ upper: Float, _ lower: Float?, wide: Int, isPair: Bool, _ style: TerminalStyle) -> String {
    guard style.hasColor else {
      let shades = style.isUnicode ? Array(" ░▒▓█") : Array(" .:-=+*#@")
      guard upper.isFinite else { return String(repeating: " ", count: wide) }
      let index = Int(((upper + 1) / 2 * Float(shades.count - 1)).rounded())
      return String(repeating: shades[max(0, min(shades.count - 1, index))], count: wide)
    }
    let top = upper.isFinite ? "\(color(upper).terminalNumber)" : nil
    guard isPair else {
      return (top.map { "\u{1B}[48;5;\($0)m" } ?? "\u{1B}[49m") + String(repeating: " ", count: wide)
    }
    let bottom = lower.flatMap { $0.isFinite ? "\u{1B}[48;5;\(color($0).terminalNumber)m" : nil } ?? "\u{1B}[49m"
    return bottom
      + (top.map { "\u{1B}[38;5;\($0)m" + String(repeating: "▀", count: wide) }
        ?? String(repeating: " ", count: wide))
  }

  /// Blue below zero, light at zero, red above, as in the pictures.
  static func color(_ value: Float) -> Color {
    let stops: [(Double, Double, Double)] = [
      (0x21, 0x66, 0xAC), (0x92, 0xC5, 0xDE), (0xF7, 0xF7, 0xF7), (0xF4, 0xA5, 0x82), (0xB2, 0x18, 0x2B),
    ]
    let place = Double(max(-1, min(1, value)) + 1) * 2
    let lower = min(3, Int(place))
    let part = place - Double(lower)
    func mixed(_ a: Double, _ b: Double) -> UInt32 { UInt32((a + (b - a) * part).rounded()) }
    let (a, b) = (stops[lower], stops[lower + 1])
    return Color(hex: mixed(a.0, b.0) << 16 | mixed(a.1, b.1) << 8 | mixed(a.2, b.2))
  }
}
