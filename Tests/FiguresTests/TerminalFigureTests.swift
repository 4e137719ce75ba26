import Figures
import Testing

@Suite struct TerminalFigureTests {
  private static func figure(_ values: [Double], logarithmic: Bool = false, label: String = "loss") -> Figure {
    let points = values.enumerated().map { Series.Point(x: Double($0), y: $1) }
    return Figure(
      title: "run 7", xLabel: "step", yLabel: "loss", series: [Series(label, points: points, color: .blue)],
      logarithmicY: logarithmic)
  }

  @Test func aLineFromCornerToCorner() throws {
    let lines = try Picture.curves(Self.figure([0, 1])).lines(TerminalSize(columns: 30, rows: 10))
    #expect(
      lines == [
        "            run 7",
        " 1┤                     ⣀⡠⠔⠒⠉",
        "  │               ⢀⣀⠤⠔⠊⠉",
        "  │          ⢀⡠⠤⠒⠊⠁",
        "  │     ⣀⡠⠔⠒⠉⠁",
        " 0┤⣀⠤⠔⠊⠉",
        "  └┬────────────────────────┬",
        "   0                        1",
        "         loss over step",
        "  ⠤ loss",
      ])
  }

  @Test(arguments: [(20, 5), (40, 12), (80, 24), (200, 50), (1, 1)])
  func noLineIsLongerThanTheTerminal(columns: Int, rows: Int) throws {
    let size = TerminalSize(columns: columns, rows: rows)
    for values in [[1.0], [0, 0, 0], [1e300, -1e300], [1e-12, 3, 1e9]] {
      for logarithmic in [false, true] where !logarithmic || values.allSatisfy({ $0 > 0 }) {
        for style in [TerminalStyle(), TerminalStyle(isUnicode: false)] {
          let figure = Self.figure(values, logarithmic: logarithmic, label: String(repeating: "long ", count: 50))
          let lines = try Picture.curves(figure).lines(size, style: style)
          #expect(lines.allSatisfy { $0.count <= size.columns }, "\(lines)")
          #expect(lines.allSatisfy { !$0.contains("\u{1B}") })
          if !style.isUnicode { #expect(lines.joined().unicodeScalars.allSatisfy { $0.isASCII || $0 == "…" }) }
        }
      }
    }
  }

  @Test func withoutColoursSeveralCurvesHaveSymbols() throws {
    var figure = Self.figure([0, 1], label: "a")
    figure.series += Self.figure([1, 0], label: "b").series
    let plain = try Picture.curves(figure).lines(TerminalSize(columns: 40, rows: 12))
    #expect(plain.last == "  * a  + b")
    #expect(!plain.joined().contains("\u{1B}"))
    let colored = try Picture.curves(figure).lines(
      TerminalSize(columns: 40, rows: 12), style: TerminalStyle(hasColor: true))
    #expect(colored.joined().contains("\u{1B}[38;5;"))
  }

  @Test func powersOfTenStandAtALogarithmicAxis() throws {
    let lines = try Picture.curves(Self.figure([1, 0.1, 0.001], logarithmic: true))
      .lines(TerminalSize(columns: 40, rows: 20))
    for text in ["1┤", "0.1┤", "0.01┤", "0.001┤"] {
      #expect(lines.contains { $0.contains(text) }, "\(text) in \(lines)")
    }
  }

  @Test func namedPlacesStandBelowTheAxis() throws {
    var figure = Self.figure([0, 1, 2, 3])
    figure.xTicks = ["1949-11", "1949-12", "1950-01", "1950-02"].enumerated().map { Figure.Tick(Double($0), $1) }
    let lines = try Picture.curves(figure).lines(TerminalSize(columns: 60, rows: 12))
    #expect(lines.contains { $0.contains("1949-11") && $0.contains("1950-02") }, "\(lines)")
    let narrow = try Picture.curves(figure).lines(TerminalSize(columns: 26, rows: 12))
    #expect(
      narrow.contains { $0.contains("1949-11") && !$0.contains("1949-12") && $0.contains("1950-01") }, "\(narrow)")
  }

  @Test func aNameCannotSteerTheTerminal() throws {
    var figure = Self.figure([0, 1], label: "a\u{1B}[31mb\u{9B}c\nd")
    figure.title = "\u{1B}]0;title\u{7}"
    let text = try Picture.curves(figure).lines(TerminalSize(columns: 80, rows: 24)).joined(separator: "\n")
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test func nothingToDrawIsAnError() {
    for (values, logarithmic) in [([], false), ([Double.nan], false), ([0, -1], true)] {
      #expect(throws: FigureError.self) {
        try Picture.curves(Self.figure(values, logarithmic: logarithmic)).lines(TerminalSize(columns: 80, rows: 24))
      }
    }
  }

  @Test func theEnvironmentSaysWhatATerminalCanShow() {
    // Descriptor -1 is no terminal.
    #expect(TerminalSize.of(-1, environment: [:]) == TerminalSize(columns: 80, rows: 24))
    #expect(
      TerminalSize.of(-1, environment: ["COLUMNS": "132", "LINES": "50"]) == TerminalSize(columns: 132, rows: 50))
    #expect(TerminalSize.of(-1, environment: ["COLUMNS": "-3", "LINES": "x"]) == TerminalSize(columns: 80, rows: 24))
    #expect(
      TerminalStyle.of(-1, environment: ["LANG": "de_DE.UTF-8"]) == TerminalStyle(hasColor: false, isUnicode: true))
    #expect(!TerminalStyle.of(-1, environment: ["LC_ALL": "C", "LANG": "C.UTF-8"]).isUnicode)
  }
}
