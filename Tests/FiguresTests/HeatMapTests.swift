import Figures
import Foundation
import Testing

@Suite struct HeatMapTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static func maps(_ values: [Float], columns: Int = 2) -> HeatMaps {
    let map = HeatMap("W_hh", columns: columns, values: values, xLabel: "units", yLabel: "units before")
    return HeatMaps(title: "weights_of {run}", maps: [map, map], across: 2)
  }

  @Test(arguments: ["svg", "png", "pdf"])
  func eachFormatIsWritten(format: String) throws {
    let path = folder("weights.\(format)")
    try Picture.heatMaps(Self.maps([-1, 0, 0.5, 1])).write(to: path)
    let data = try folder.data("weights.\(format)")
    let starts: [String: [UInt8]] = [
      "svg": Array("<?xml".utf8), "png": [0x89, 0x50, 0x4E, 0x47], "pdf": Array("%PDF".utf8),
    ]
    #expect(data.starts(with: starts[format] ?? []))
    #expect(try folder.names() == ["weights.\(format)"])
  }

  @Test func svgKeepsCellsSharpAndTextsLiteral() throws {
    try Picture.heatMaps(Self.maps([-1, 0, 0.5, 1])).write(to: folder("weights.svg"))
    let svg = try folder.text("weights.svg")
    #expect(svg.components(separatedBy: "<image style='image-rendering:pixelated' ").count == 3)
    #expect(svg.contains("<text>weights_of {run}</text>"))
    #expect(svg.components(separatedBy: "<text>units before</text>").count == 3)
  }

  /// A number that is not finite stays blank, zeros alone have a scale, and one cell is a map.
  @Test(arguments: [[Float.nan, 1], [0, 0], [3], [-1e38, 1e38], [.infinity, 2]])
  func oddNumbersCanBeDrawn(values: [Float]) throws {
    let maps = Self.maps(values, columns: 1)
    try Picture.heatMaps(maps).write(to: folder("odd.svg"))
    #expect(try folder.text("odd.svg").contains("<image "))
    #expect(try !Picture.heatMaps(maps).lines(TerminalSize(columns: 80, rows: 24)).isEmpty)
  }

  @Test func nothingToDrawIsAnError() throws {
    for maps in [Self.maps([.nan, .nan]), Self.maps([]), HeatMaps(title: "", maps: [], across: 3)] {
      let error = try #require(throws: FigureError.self) {
        try Picture.heatMaps(maps).write(to: folder("nothing.svg"))
      }
      #expect(error.message == "nothing to draw: \(maps.maps.count) heat maps, none of them with a finite number")
      #expect(throws: FigureError.self) { try Picture.heatMaps(maps).lines(TerminalSize(columns: 80, rows: 24)) }
    }
    #expect(try folder.names() == [])
  }

  @Test func aSpikeInAMillionCellsIsDrawn() throws {
    var values = [Float](repeating: 0, count: 1_000_000)
    values[777_777] = -1
    let map = HeatMap("", columns: 1_000, values: values, xLabel: "", yLabel: "")
    let maps = HeatMaps(title: "", maps: [map], across: 1)
    let lines = try Picture.heatMaps(maps).lines(TerminalSize(columns: 80, rows: 24))
    // All else is zero, which is the middle of the five shades.
    #expect(lines.dropFirst(3).prefix(19).joined().count(where: { $0 == " " }) > 0)
    try Picture.heatMaps(maps).write(to: folder("spike.svg"))
    #expect(try folder.data("spike.svg").count < 200_000)
  }

  @Test func aRowThatIsNotWholeIsLeftOut() {
    let map = HeatMap("", columns: 3, values: [1, 2, 3, 4], xLabel: "", yLabel: "")
    #expect(map.rows == 1 && map.values == [1, 2, 3])
    #expect(HeatMap("", columns: 0, values: [1], xLabel: "", yLabel: "").rows == 0)
  }
}
