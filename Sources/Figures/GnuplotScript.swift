/// What gnuplot is told: the figure as one script with its data inside, so that it names no files.
///
/// In texts every character that could mean something to gnuplot is escaped, and they are `noenhanced`, so that `_` and
/// `{}` stay themselves. The picture goes to gnuplot's standard output.
struct GnuplotScript {
  let text: String

  static let ink = "#333333"
  private static let faint = "#e4e4e4"
  /// The usual width of a character in pixels; texts are cut by it.
  static let characterWidth = 8

  /// The script that draws `figure`.
  ///
  /// - Throws: `FigureError` when there is no point to draw.
  init(_ figure: Figure, format: FigureFormat, hasBackground: Bool = true) throws {
    let curves = figure.series.map { Curve($0, in: figure) }
    guard curves.contains(where: { $0.count > 0 }) else {
      throw Self.nothingToDraw(figure)
    }
    // A series without points is drawn as nothing, so that the key still names it.
    let blocks = curves.enumerated().map { $1.count > 0 ? "$series\($0) << EOD\n\($1.data)EOD\n" : "" }
    let plots = curves.enumerated().map { ($1.count > 0 ? "$series\($0) using 1:2 " : "NaN ") + $1.drawing }
    let settings = Self.settings(figure, format: format, hasBackground: hasBackground).joined(separator: "\n")
    text = settings + "\n" + blocks.joined() + "plot " + plots.joined(separator: ", \\\n  ") + "\n"
  }

  private static func nothingToDraw(_ figure: Figure) -> FigureError {
    let points = figure.series.reduce(0) { $0 + $1.points.count }
    let needs = figure.logarithmicY ? "finite numbers, and y above zero for the logarithmic axis" : "finite numbers"
    return FigureError(
      "nothing to draw: \(points) points in \(figure.series.count) series, none of them with \(needs)",
      hint: figure.logarithmicY && points > 0 ? "a linear axis shows zero and negative values" : nil)
  }

  /// The picture's format and size, its title, and the looks that all pictures share.
  static func opening(
    title: String, width: Int, height: Int, format: FigureFormat, hasBackground: Bool
  ) -> [String] {
    let size = format.size(width: width, height: height)
    let background = hasBackground ? " background rgb '#ffffff'" : ""
    let limit = width / characterWidth
    return [
      // Whatever the system's gnuplotrc has set.
      "reset",
      "set encoding utf8",
      "set terminal \(format.driver) \(size) enhanced font 'sans-serif,\(format.fontSize)'\(background)",
      "set title \(quoted(title, limit: limit)) noenhanced font ',\(format.titleSize)' textcolor rgb '\(ink)'",
    ]
  }

  private static func settings(_ figure: Figure, format: FigureFormat, hasBackground: Bool) -> [String] {
    let across = figure.width / characterWidth
    let along = figure.height / characterWidth
    var lines = opening(
      title: figure.title, width: figure.width, height: figure.height, format: format, hasBackground: hasBackground)
    lines += [
      "set xlabel \(quoted(figure.xLabel, limit: across)) noenhanced textcolor rgb '\(ink)'",
      "set ylabel \(quoted(figure.yLabel, limit: along)) noenhanced textcolor rgb '\(ink)'",
      "set key below center horizontal reverse Left height 1 noenhanced samplen 2 textcolor rgb '\(ink)'",
      "set border 3 linecolor rgb '#999999' linewidth 1",
      "set tics nomirror out scale 0.5 textcolor rgb '\(ink)'",
      "set grid xtics ytics linetype 1 linecolor rgb '\(faint)' linewidth 1",
      "set autoscale xfix",
      // Steps are counts: 1000000, not 1×10⁶. The margin leaves room for the half of it right of the last tic.
      "set format x '%.12g'",
      "set rmargin 5",
    ]
    lines += xTics(figure)
    if figure.logarithmicY {
      lines += ["set logscale y 10", "set format y '10^{%T}'", "set mytics 10"]
    } else {
      lines.append("set format y '%h'")
    }
    return lines
  }

  /// The horizontal axis' names; of a small picture few tics: gnuplot would put them closer than their numbers are wide.
  private static func xTics(_ figure: Figure) -> [String] {
    let named = figure.ticks(characters: figure.width / (characterWidth + 1))
    if !named.isEmpty {
      let list = named.map { "\(quoted($0.text, limit: 30)) \($0.place)" }.joined(separator: ", ")
      return ["set xtics noenhanced (\(list))"]
    }
    guard figure.width < 600 else { return [] }
    let xs = figure.series.flatMap(\.points).filter(\.isDrawable).map(\.x)
    guard let first = xs.min(), let last = xs.max(), first < last else { return [] }
    let places = AxisTicks.linear(first...last, most: figure.width / 100)
    return ["set xtics (\(places.map { "\($0)" }.joined(separator: ", ")))"]
  }

  /// The text as a string of gnuplot's: on one line, at most `limit` scalars, nothing in it expanded.
  static func quoted(_ text: String, limit: Int) -> String {
    let line = PlainText.line(text, limit: limit)
    // gnuplot leaves ">" as it is, and XML takes it in text but for "]]>".
    return "\"" + line.replacing("]]>", with: "]] >").utf8.map(escaped).joined() + "\""
  }

  /// A byte between double quotes, where backquotes run commands: letters and spaces as they are, all else in octal.
  /// Digits too, because gnuplot would take one after an octal number for more of it.
  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: " "):
      return String(UnicodeScalar(byte))
    default:
      let digits = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
}
