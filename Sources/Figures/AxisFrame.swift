import Foundation

/// The frame of a drawing in characters: which number stands where, and the axes around it.
struct AxisFrame {
  /// Characters of the canvas across and down.
  let columns: Int
  let rows: Int

  private let xRange: ClosedRange<Double>
  /// Of the logarithms, on a logarithmic axis.
  private let yRange: ClosedRange<Double>
  private let isLogarithmic: Bool
  private let xLabel: String
  private let xTicks: [Figure.Tick]
  private let yTicks: [(row: Int, text: String)]
  private let margin: Int

  /// The frame that all points of the curves fit into; nil where there is none.
  init?(_ figure: Figure, curves: [Series], columns width: Int, rows: Int) {
    isLogarithmic = figure.logarithmicY
    let least = 1 / Series.Point.limit
    let points = curves.flatMap(\.points).filter { $0.isDrawable && (!figure.logarithmicY || $0.y >= least) }
    guard let first = points.first else { return nil }
    let xs = points.reduce((first.x, first.x)) { (min($0.0, $1.x), max($0.1, $1.x)) }
    let ys = points.reduce((first.y, first.y)) { (min($0.0, $1.y), max($0.1, $1.y)) }
    xRange = Self.widened(xs.0...xs.1)
    let numbers = isLogarithmic && ys.0 == ys.1 ? ys.0 / 2...ys.1 * 2 : Self.widened(ys.0...ys.1)
    yRange = isLogarithmic ? log10(numbers.lowerBound)...log10(numbers.upperBound) : numbers
    self.rows = rows
    let most = max(2, rows / 3)
    let places =
      isLogarithmic ? AxisTicks.logarithmic(numbers, most: most) : AxisTicks.linear(numbers, most: most)
    let (range, isLog) = (yRange, isLogarithmic)
    yTicks = places.map { place in
      let part = ((isLog ? log10(place) : place) - range.lowerBound) / (range.upperBound - range.lowerBound)
      return (max(0, min(rows - 1, Int((Double(4 * rows - 1) * (1 - part)).rounded()) / 4)), AxisTicks.text(place))
    }
    margin = (yTicks.map(\.text.count).max() ?? 0) + 2
    columns = max(4, width - margin - 1)
    let named = figure.ticks(characters: columns)
    xTicks =
      named.isEmpty
      ? AxisTicks.linear(xRange, most: max(2, columns / 12)).map { Figure.Tick($0, AxisTicks.text($0)) } : named
    xLabel = figure.yLabel.isEmpty ? figure.xLabel : "\(figure.yLabel) over \(figure.xLabel)"
  }

  /// Room where all numbers are one.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    guard range.lowerBound == range.upperBound else { return range }
    let room = range.lowerBound == 0 ? 1 : abs(range.lowerBound) * 0.5
    return range.lowerBound - room...range.upperBound + room
  }

  /// The dot of a point, from the upper left corner; nil where it has no place.
  func dot(_ point: Series.Point) -> (x: Int, y: Int)? {
    guard point.isDrawable, !isLogarithmic || point.y > 0 else { return nil }
    let y = isLogarithmic ? log10(point.y) : point.y
    // Halves before differences: the ends may be 1e300 and -1e300.
    let across = (point.x / 2 - xRange.lowerBound / 2) / (xRange.upperBound / 2 - xRange.lowerBound / 2)
    let up = (y / 2 - yRange.lowerBound / 2) / (yRange.upperBound / 2 - yRange.lowerBound / 2)
    guard across.isFinite, up.isFinite, (0...1).contains(across), (0...1).contains(up) else { return nil }
    return (
      Int((across * Double(2 * columns - 1)).rounded()), Int(((1 - up) * Double(4 * rows - 1)).rounded())
    )
  }

  /// The canvas within its axes, and the label below.
  func lines(around canvas: BrailleCanvas, _ style: TerminalStyle) -> [String] {
    let (side, tick, corner, floor, mark) =
      style.isUnicode ? ("│", "┤", "└", "─", "┬") : ("|", "+", "+", "-", "+")
    var lines = (0..<rows).map { row -> String in
      let text = yTicks.last { $0.row == row }?.text
      let label = String(repeating: " ", count: margin - 1 - (text?.count ?? 0)) + (text ?? "")
      let line = label + (text == nil ? side : tick) + canvas.line(row, style)
      return style.hasColor ? line : line.trimmedAtEnd
    }
    var axis = Array(repeating: floor, count: columns)
    var numbers = Array(repeating: Character(" "), count: columns + margin)
    var free = 0
    let floorY = isLogarithmic ? pow(10, yRange.lowerBound) : yRange.lowerBound
    for place in xTicks {
      guard let dot = dot(Series.Point(x: place.place, y: floorY)) else { continue }
      let text = Array(PlainText.line(place.text, limit: 30))
      let start = max(0, min(numbers.count - text.count, margin + dot.x / 2 - text.count / 2))
      guard start >= free else { continue }
      axis[dot.x / 2] = mark
      numbers.replaceSubrange(start..<start + text.count, with: text)
      free = start + text.count + 1
    }
    lines.append(String(repeating: " ", count: margin - 1) + corner + axis.joined())
    lines.append(String(numbers).trimmedAtEnd)
    let label = PlainText.line(xLabel, limit: columns)
    lines.append(String(repeating: " ", count: margin + max(0, columns - label.count) / 2) + label)
    return lines
  }
}

extension String {
  /// Without spaces at its end.
  var trimmedAtEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
