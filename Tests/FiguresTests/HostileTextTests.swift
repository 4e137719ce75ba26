import Figures
import Foundation
import Testing

/// Run names and column names are anyone's text: gnuplot must show them and never run them.
@Suite struct HostileTextTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func draw(_ text: String) throws -> String {
    let points = [Series.Point(x: 0, y: 0), Series.Point(x: 1, y: 1)]
    let figure = Figure(
      title: text, xLabel: text, yLabel: text, series: [Series(text, points: points, color: .red)])
    try figure.write(to: folder("text.svg"))
    return try folder.text("text.svg")
  }

  @Test(arguments: [
    "it's \"quoted\"", "''", "\"\"", "back\\slash\\", "\\", "a_b^{c} {/Symbol a} ~a@x", "%d %s %n", "100 % 007",
    "é ü 漢字 😀 ∂", "EOD", "#1; exit", "\\047\\042\\140", "$series0", "\\n",
  ])
  func textsAreShownAsTheyAre(text: String) throws {
    let shown = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    // Title, both axes, and the key.
    #expect(try draw(text).components(separatedBy: "<text>\(shown)</text>").count == 5)
  }

  @Test(arguments: [
    "'; system \"touch @\"; #", "\"; system \"touch @\"; \"", "' . system(\"touch @\") . '", "`touch @`",
    "\"`touch @`\"",
    "$(touch @)", "\nsystem 'touch @'\n", "\r\nEOD\r\nset output '@'\r\n", "\\\"; system 'touch @'; #", "| touch @",
    "'.`touch @`.'",
  ])
  func nothingInATextIsRun(text: String) throws {
    let svg = try draw(text.replacing("@", with: folder("run")))
    #expect(svg.contains(folder("run")), "the text itself is shown")
    #expect(try folder.names() == ["text.svg"])
  }

  @Test func lineBreaksAndControlCharactersBecomeSpaces() throws {
    #expect(try draw("a\nb\u{0}c\u{1B}d\u{2028}e\u{FFFE}f").contains("<text>a b c d e f</text>"))
  }

  @Test func markupIsEscaped() throws {
    let svg = try draw("</text><script> & &lt; &#65; ]]>")
    #expect(svg.contains("<text>&lt;/text>&lt;script> &amp; &amp;lt; &amp;#65; ]] ></text>"))
    #expect(!svg.contains("<script>"))
  }

  @Test func longTextsAreCut() throws {
    let svg = try draw(String(repeating: "long_", count: 100_000))
    #expect(svg.contains("<text>" + String(repeating: "long_", count: 23) + "long…</text>"))
    #expect(svg.utf8.count < 20_000)
    // One character of a million combining marks is long too.
    #expect(try draw("e" + String(repeating: "\u{301}", count: 1_000_000)).utf8.count < 20_000)
  }
}
