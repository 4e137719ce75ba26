/// A picture of curves over one pair of axes.
///
///     let targets = Series("target", points: …, color: .red)
///     let predictions = Series("prediction", points: …, color: .blue)
///     let figure = Figure(title: "run-7", xLabel: "row", yLabel: "value", series: [targets, predictions])
///     try figure.write(to: "predictions.svg")
///
/// The program gnuplot draws it (see `Gnuplot`): it has drawn scientific figures since 1986, every system packages it,
/// and one description gives SVG, PNG and PDF alike. The same figure gives the same SVG bytes with the same gnuplot.
public struct Figure: Hashable, Sendable {
  /// The widths and heights that can be drawn, in pixels.
  public static let sizes = 200...10_000

  /// A place on the horizontal axis that has a name, as a date.
  public struct Tick: Hashable, Sendable {
    /// Where it stands.
    public var place: Double
    /// What stands there, taken literally.
    public var text: String

    /// A place and its name.
    public init(_ place: Double, _ text: String) {
      self.place = place
      self.text = text
    }
  }

  /// Stands above the axes. All texts are taken literally and cut short where they would not fit.
  public var title: String
  /// What the horizontal axis measures.
  public var xLabel: String
  /// What the vertical axis measures.
  public var yLabel: String
  /// The curves, the last one on top.
  public var series: [Series]
  /// Whether the vertical axis is logarithmic; points at zero or below are then left out.
  public var logarithmicY: Bool
  /// Names along the horizontal axis, where numbers would say less: as many of them are drawn as there is room for.
  public var xTicks: [Tick] = []
  /// The picture's width in pixels.
  public var width: Int
  /// The picture's height in pixels.
  public var height: Int

  /// A figure of curves.
  public init(
    title: String, xLabel: String, yLabel: String, series: [Series], logarithmicY: Bool = false,
    width: Int = 960, height: Int = 540
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.logarithmicY = logarithmicY
    self.width = width
    self.height = height
  }

  /// The named places that fit, evenly chosen, when each takes so much of the width.
  func ticks(characters: Int) -> [Tick] {
    let widest = xTicks.map(\.text.count).max() ?? 0
    let most = max(2, characters / (min(widest, 30) + 3))
    let every = (xTicks.count + most - 1) / max(1, most)
    return xTicks.enumerated().filter { $0.offset % max(1, every) == 0 }.map(\.element)
  }

  /// Draws the figure into a file, which is replaced whole or left as it was.
  ///
  /// - Parameters:
  ///   - path: The picture's path; its extension chooses the format (`.svg`, `.png`, `.pdf`).
  ///   - gnuplot: The program that draws.
  /// - Throws: `FigureError` when the extension names no format, the size is out of bounds, no point can be drawn, gnuplot is
  ///   missing or fails, or the file cannot be written.
  public func write(to path: String, using gnuplot: Gnuplot = Gnuplot()) throws {
    try Picture.curves(self).write(to: path, using: gnuplot)
  }
}
