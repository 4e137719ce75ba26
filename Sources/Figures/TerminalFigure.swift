import Foundation

/// Curves in characters, as large as a terminal: a frame with round numbers, the curves in dots of braille, a key.
///
/// Without colours the dots of several curves could not be told apart: each is then drawn with a symbol of its own. What is
/// faint in a picture is left out then, as long as there is another curve.
struct TerminalFigure {
  /// The lines, none longer than the terminal.
  private(set) var lines: [String] = []

  private let style: TerminalStyle
  private let frame: AxisFrame
  private let curves: [(series: Series, symbol: Character?)]

  /// - Throws: `FigureError` when no point can be drawn.
  init(_ figure: Figure, size: TerminalSize, style: TerminalStyle) throws {
    self.style = style
    curves = Self.curves(of: figure, style)
    let key = Self.key(of: curves, style, width: size.columns)
    // The title, the horizontal axis and its label, and the key around the rows of the canvas.
    let rows = max(3, size.rows - 4 - key.count)
    guard let frame = AxisFrame(figure, curves: curves.map(\.series), columns: size.columns, rows: rows) else {
      let points = figure.series.reduce(0) { $0 + $1.points.count }
      throw FigureError("nothing to draw: \(points) points in \(figure.series.count) series, none of which has a place")
    }
    self.frame = frame
    let title = PlainText.line(figure.title, limit: size.columns)
    lines = [String(repeating: " ", count: max(0, (size.columns - title.count) / 2)) + title]
    lines += frame.lines(around: canvas(), style)
    lines += key
  }

  /// The curves with points, and a symbol for each that is no line of dots.
  private static func curves(of figure: Figure, _ style: TerminalStyle) -> [(series: Series, symbol: Character?)] {
    let symbols: [Character] = ["*", "+", "x", "o", "#", "%", "@", "="]
    var drawn = figure.series.filter { $0.points.contains(where: \.isDrawable) }
    let isLine = { (series: Series) in ![.points, .diamonds, .rings].contains(series.style) }
    if !style.hasColor, drawn.contains(where: { isLine($0) && $0.style != .faintLine }) {
      drawn.removeAll { $0.style == .faintLine }
    }
    let needsSymbols = !style.isUnicode || !style.hasColor && drawn.count(where: isLine) > 1
    var number = 0
    return drawn.map { series in
      switch series.style {
      case .diamonds: return (series, style.isUnicode ? "◆" : "v")
      case .rings: return (series, style.isUnicode ? "◎" : "O")
      default:
        guard needsSymbols else { return (series, nil) }
        defer { number += 1 }
        return (series, symbols[number % symbols.count])
      }
    }
  }

  /// What each symbol or colour means, in as many lines as it takes.
  private static func key(
    of curves: [(series: Series, symbol: Character?)], _ style: TerminalStyle, width: Int
  ) -> [String] {
    var lines: [String] = []
    var (line, used) = ("", 0)
    for (series, symbol) in curves where !series.label.isEmpty {
      let label = PlainText.line(series.label, limit: min(40, width - 6))
      let length = label.count + 4
      if used > 0, used + length > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      let sample = style.colored(symbol.map(String.init) ?? "⠤", series.color, isFaint: series.style == .faintLine)
      line += "  \(sample) \(label)"
      used += length
    }
    return used > 0 ? lines + [line] : lines
  }

  private func canvas() -> BrailleCanvas {
    var canvas = BrailleCanvas(columns: frame.columns, rows: frame.rows)
    for (series, symbol) in curves {
      // As many points as there are dots across.
      let points = series.thinned(buckets: 2 * frame.columns).points
      let marksOnly = [.points, .diamonds, .rings].contains(series.style)
      var last: (x: Int, y: Int)?
      for point in points {
        guard let dot = frame.dot(point) else {
          last = nil
          continue
        }
        if marksOnly {
          if let symbol {
            canvas.put(symbol, dot.x, dot.y, color: series.color)
          } else {
            canvas.set(dot.x, dot.y, color: series.color, isFaint: false)
          }
        } else {
          canvas.line(
            from: last ?? dot, to: dot, color: series.color, isFaint: series.style == .faintLine, symbol: symbol)
        }
        last = dot
      }
    }
    return canvas
  }
}
