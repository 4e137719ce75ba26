/// A series as gnuplot draws it in one figure: thinned, its data as text, its style as a clause.
struct Curve {
  /// How many points can be drawn.
  let count: Int
  /// A line `x y` a point; an empty line interrupts the curve.
  let data: String
  /// The clauses after the data of gnuplot's `plot`.
  let drawing: String

  private static let labelLimit = 60

  init(_ series: Series, in figure: Figure) {
    var drawable = series
    if figure.logarithmicY {
      // On a logarithmic axis zero and below have no place: a gap, as for a NaN.
      let least = 1 / Series.Point.limit
      drawable.points = series.points.map { $0.y >= least ? $0 : Series.Point(x: $0.x, y: .nan) }
    }
    let points = drawable.thinned(buckets: figure.width).points
    count = points.count(where: \.isDrawable)
    data = Self.lines(points)
    // Where every pixel column has its own stroke, a thick line would be a blot.
    drawing = Self.drawing(series, count: count, lineWidth: points.count < series.points.count ? 1 : 2)
  }

  private static func lines(_ points: [Series.Point]) -> String {
    var lines = ""
    var isInterrupted = true
    for point in points {
      if point.isDrawable {
        lines += "\(point.x) \(point.y)\n"
        isInterrupted = false
      } else if !isInterrupted {
        lines += "\n"
        isInterrupted = true
      }
    }
    return lines
  }

  private static func drawing(_ series: Series, count: Int, lineWidth: Int) -> String {
    let label = series.label.isEmpty ? "notitle" : "title " + GnuplotScript.quoted(series.label, limit: labelLimit)
    let color = "linecolor rgb '\(series.color.text)'"
    let dots = "pointtype 7 pointsize 0.6"
    // A line of one point would be invisible.
    let isLine = [.line, .faintLine, .dashedLine].contains(series.style)
    switch isLine && count == 1 ? .points : series.style {
    case .line: return "with lines linewidth \(lineWidth) \(color) \(label)"
    case .points: return "with points \(dots) \(color) \(label)"
    case .linesPoints: return "with linespoints linewidth \(lineWidth) \(dots) \(color) \(label)"
    case .faintLine: return "with lines linewidth 1 linecolor rgb '\(series.color.lighter().text)' \(label)"
    case .dashedLine: return "with lines linewidth 2 dashtype (8, 5) \(color) \(label)"
    case .diamonds: return "with points pointtype 13 pointsize 0.9 \(color) \(label)"
    case .rings: return "with points pointtype 6 pointsize 1.6 linewidth 2 \(color) \(label)"
    }
  }
}
