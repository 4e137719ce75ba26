/// One curve of a figure.
public struct Series: Hashable, Sendable {
  /// How a series is drawn.
  public enum Style: String, Sendable, CaseIterable {
    /// A line from point to point.
    case line
    /// The points alone.
    case points
    /// A line with a dot on each point.
    case linesPoints
    /// A thin pale line, for what stands behind another curve.
    case faintLine
    /// An interrupted line.
    case dashedLine
    /// A diamond on each point.
    case diamonds
    /// A ring around each point.
    case rings
  }

  /// A point in the data's own units.
  public struct Point: Hashable, Sendable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double

    /// A point at (x, y).
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    /// Beyond this gnuplot's own sums would overflow; there is no float32 so large.
    static let limit = 1e300

    /// Whether both coordinates have a place on a linear axis: not NaN, not infinite, within the limit.
    var isDrawable: Bool { abs(x) <= Self.limit && abs(y) <= Self.limit }
  }

  /// The series' name in the key, taken literally; empty keeps it out of the key.
  public var label: String
  /// The points in drawing order. One that is not finite (or beyond 1e300) is left out and interrupts the line.
  public var points: [Point]
  /// Its colour.
  public var color: Color
  /// How it is drawn.
  public var style: Style

  /// A series from points.
  public init(_ label: String, points: [Point], color: Color, style: Style = .line) {
    self.label = label
    self.points = points
    self.color = color
    self.style = style
  }
}
