import Figures
import Foundation
import Testing

@Suite struct FigureTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static func curve(_ label: String, _ color: Color, _ values: [Double], _ style: Series.Style = .line)
    -> Series
  {
    let points = values.enumerated().map { Series.Point(x: Double($0), y: $1) }
    return Series(label, points: points, color: color, style: style)
  }

  /// The seed's picture: targets red, predictions blue.
  private static func seed(width: Int = 960, height: Int = 540) -> Figure {
    let targets = curve("target", .red, [1, 0.5, -0.5, -1], .linesPoints)
    let predictions = curve("prediction", .blue, [0.9, 0.6, -0.6, -0.9], .linesPoints)
    return Figure(
      title: "run_1 at step 300", xLabel: "row", yLabel: "value", series: [targets, predictions], width: width,
      height: height)
  }

  /// The path data that a colour's strokes have in an SVG file.
  private func strokes(_ svg: String, color: String) -> [Substring] {
    svg.split(separator: "<path").filter { $0.contains("stroke='rgb(\(color))'") && $0.contains("d='M") }
  }

  @Test func svgHoldsTextsAndCurves() throws {
    try Self.seed().write(to: folder("seed.svg"))
    let svg = try folder.text("seed.svg")
    #expect(svg.contains("width=\"960\" height=\"540\""))
    for text in ["run_1 at step 300", "row", "value", "target", "prediction"] {
      #expect(svg.contains("<text>\(text)</text>"))
    }
    #expect(svg.contains("rgb(214,  39,  40)"))
    #expect(svg.contains("rgb( 31, 111, 180)"))
    #expect(strokes(svg, color: "214,  39,  40").count == 1)
    #expect(svg.hasSuffix("</svg>\n\n"))
    #expect(try folder.names() == ["seed.svg"])
  }

  @Test func pngHasTheSizeAskedFor() throws {
    try Self.seed(width: 640, height: 360).write(to: folder("seed.PNG"))
    let png = try folder.data("seed.PNG")
    #expect(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(Array(png[12..<16]) == Array("IHDR".utf8))
    // Width and height, big-endian.
    #expect(Array(png[16..<24]) == [0, 0, 2, 128, 0, 0, 1, 104])
    #expect(png.suffix(12).prefix(8).suffix(4) == Data("IEND".utf8))
  }

  @Test func equalFiguresGiveEqualBytes() throws {
    try Self.seed().write(to: folder("one.svg"))
    try Self.seed().write(to: folder("two.svg"))
    #expect(try folder.data("one.svg") == folder.data("two.svg"))
  }

  @Test func aFileIsReplaced() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder("seed.svg")))
    try Self.seed().write(to: folder("seed.svg"))
    #expect(try folder.text("seed.svg").hasPrefix("<?xml"))
    #expect(try folder.names() == ["seed.svg"])
  }

  @Test func logarithmicAxisHasPowersOfTen() throws {
    let losses = Self.curve("loss", .blue, [1, 0.1, 0, -1, 0.001])
    let figure = Figure(title: "loss", xLabel: "step", yLabel: "loss", series: [losses], logarithmicY: true)
    try figure.write(to: folder("loss.svg"))
    let svg = try folder.text("loss.svg")
    #expect(svg.contains(">-1</tspan>") && svg.contains(">-3</tspan>"))
    // Zero and below have no place on it.
    #expect(!svg.contains("NaN") && !svg.contains("nan"))
  }

  @Test func aNaNInterruptsTheLine() throws {
    let figure = { (values: [Double]) in
      Figure(title: "", xLabel: "", yLabel: "", series: [Self.curve("", .blue, values)])
    }
    try figure([1, 2, 3, 4, 5]).write(to: folder("whole.svg"))
    try figure([1, 2, .nan, 4, 5]).write(to: folder("gap.svg"))
    let moves = { (name: String) in
      strokes(try folder.text(name), color: " 31, 111, 180").joined().count(where: { $0 == "M" })
    }
    #expect(try moves("whole.svg") == 1)
    #expect(try moves("gap.svg") == 2)
  }

  @Test func aSpikeInAMillionPointsIsDrawn() throws {
    var values = [Double](repeating: 0.5, count: 1_000_000)
    values[777_777] = 1_000
    let figure = Figure(title: "", xLabel: "step", yLabel: "loss", series: [Self.curve("loss", .blue, values)])
    try figure.write(to: folder("spike.svg"))
    let svg = try folder.text("spike.svg")
    #expect(svg.utf8.count < 200_000)
    #expect(svg.contains("1000</tspan>"))
  }

  @Test func oneValueOrOnePointCanBeDrawn() throws {
    for (number, values) in [[3.0], [0], [2, 2, 2], [1e300, -1e300], [1, 1.000_000_000_000_000_2]].enumerated() {
      for logarithmic in [false, true] where !logarithmic || values[0] > 0 {
        let series = [Self.curve("run", .blue, values), Self.curve("empty", .red, [.nan])]
        let figure = Figure(title: "", xLabel: "", yLabel: "", series: series, logarithmicY: logarithmic)
        let name = "\(number)\(logarithmic).svg"
        try figure.write(to: folder(name))
        #expect(try folder.text(name).contains("rgb( 31, 111, 180)"))
        #expect(try folder.text(name).contains("<text>empty</text>"), "a series without points stays in the key")
      }
    }
  }

  @Test func nothingToDrawIsAnError() throws {
    for (values, logarithmic) in [([], false), ([.nan, .infinity], false), ([1e301], false), ([0, -1], true)] {
      let series = [Self.curve("run", .blue, values)]
      let figure = Figure(title: "", xLabel: "", yLabel: "", series: series, logarithmicY: logarithmic)
      let error = try #require(throws: FigureError.self) { try figure.write(to: folder("nothing.svg")) }
      #expect(error.message.hasPrefix("nothing to draw: \(values.count) points in 1 series"))
    }
    #expect(try folder.names() == [])
  }

  @Test func unknownExtensionsListTheKnownOnes() throws {
    let error = try #require(throws: FigureError.self) { try Self.seed().write(to: folder("seed.bmp")) }
    let known = "it has the extension .bmp, and pictures are written as .svg, .png, .pdf"
    #expect(error.message == "cannot draw \(folder("seed.bmp")): \(known)")
    #expect(error.hint == "name the picture like seed.svg")
    let bare = try #require(throws: FigureError.self) { try Self.seed().write(to: folder("seed")) }
    #expect(bare.message.contains("no extension"))
    #expect(throws: FigureError.self) { try Self.seed().write(to: "") }
  }

  @Test(arguments: [(0, 540), (960, -1), (10_001, 540), (960, Int.max)])
  func sizesOutOfBoundsAreErrors(width: Int, height: Int) throws {
    let figure = Self.seed(width: width, height: height)
    let error = try #require(throws: FigureError.self) { try figure.write(to: folder("seed.svg")) }
    #expect(error.message.contains("\(width) x \(height) pixels"))
    #expect(try folder.names() == [])
  }
}
