import Foundation

/// A picture of any kind: what it shows, and where it is drawn.
///
///     try Picture.heatMaps(weights).write(to: "weights.pdf")
///     for line in Picture.curves(losses).lines(TerminalSize(columns: 80, rows: 24)) { … }
public enum Picture: Hashable, Sendable {
  /// Curves over one pair of axes.
  case curves(Figure)
  /// Tables of numbers as colours.
  case heatMaps(HeatMaps)

  /// Stands above it.
  public var title: String {
    switch self {
    case .curves(let figure): figure.title
    case .heatMaps(let maps): maps.title
    }
  }

  /// The same picture in another size, in pixels.
  public func resized(width: Int, height: Int) -> Picture {
    switch self {
    case .curves(var figure):
      (figure.width, figure.height) = (width, height)
      return .curves(figure)
    case .heatMaps(var maps):
      (maps.width, maps.height) = (width, height)
      return .heatMaps(maps)
    }
  }

  /// Draws it into a file, which is replaced whole or left as it was.
  ///
  /// - Parameters:
  ///   - path: The picture's path; its extension chooses the format (`.svg`, `.png`, `.pdf`).
  ///   - gnuplot: The program that draws.
  /// - Throws: `FigureError` when the extension names no format, the size is out of bounds, there is nothing to draw, gnuplot
  ///   is missing or fails, or the file cannot be written.
  public func write(to path: String, using gnuplot: Gnuplot = Gnuplot()) throws {
    let format = try FigureFormat(path: path)
    let script = try script(format)
    let program = try gnuplot.locate()
    try WholeFile.write(to: path) { output in
      guard format == .svg else {
        try gnuplot.run(program, script: script, output: output)
        return
      }
      let svg = SVGText(try gnuplot.text(program, script: script))
      try output.write(contentsOf: Data(svg.crisp.utf8))
    }
  }

  /// The picture as an `<svg>` element to stand in a page of HTML, its colours as variables of CSS; see `SVGText.inline`.
  ///
  /// - Parameter name: Letters that no other picture of the page has.
  /// - Throws: `FigureError`, as `write`.
  func inlineSVG(name: String, using gnuplot: Gnuplot = Gnuplot()) throws -> String {
    let script = try script(.svg, hasBackground: false)
    return SVGText(try gnuplot.text(try gnuplot.locate(), script: script)).inline(name: name, label: title)
  }

  /// The picture in characters; see `TerminalFigure` and `TerminalHeatMap`.
  ///
  /// - Throws: `FigureError` when there is nothing to draw.
  public func lines(_ size: TerminalSize, style: TerminalStyle = TerminalStyle()) throws -> [String] {
    switch self {
    case .curves(let figure): try TerminalFigure(figure, size: size, style: style).lines
    case .heatMaps(let maps): try TerminalHeatMap.lines(maps, size: size, style: style)
    }
  }

  private func script(_ format: FigureFormat, hasBackground: Bool = true) throws -> String {
    try checkSize()
    switch self {
    case .curves(let figure): return try GnuplotScript(figure, format: format, hasBackground: hasBackground).text
    case .heatMaps(let maps): return try GnuplotScript(maps, format: format, hasBackground: hasBackground).text
    }
  }

  private func checkSize() throws {
    let (width, height) =
      switch self {
      case .curves(let figure): (figure.width, figure.height)
      case .heatMaps(let maps): (maps.width, maps.height)
      }
    guard Figure.sizes.contains(width), Figure.sizes.contains(height) else {
      let bounds = "\(Figure.sizes.lowerBound) to \(Figure.sizes.upperBound)"
      throw FigureError("a picture of \(width) x \(height) pixels: width and height go from \(bounds)")
    }
  }
}
