import Figures
import Foundation
import Testing

@Suite struct ReportPageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func page(_ text: String) throws -> String {
    let points = [Series.Point(x: 0, y: 0), Series.Point(x: 1, y: 1)]
    let figure = Figure(title: text, xLabel: text, yLabel: text, series: [Series(text, points: points, color: .blue)])
    let map = HeatMap(text, columns: 1, values: [1, 2], xLabel: text, yLabel: text)
    let page = ReportPage(
      title: text, subtitle: text, highlights: [(text, text)],
      sections: [
        ReportPage.Section(
          text,
          [
            .picture(.curves(figure), caption: text),
            .picture(.heatMaps(HeatMaps(title: text, maps: [map], across: 1)), caption: text),
            .table(columns: [text], rows: [[text]]), .facts([(text, text)]), .code(text), .text(text),
          ])
      ], footer: text)
    try page.write(to: folder("report.html"))
    return try folder.text("report.html")
  }

  @Test func itNeedsNothingButItself() throws {
    let html = try page("run")
    #expect(html.hasPrefix("<!DOCTYPE html>\n"))
    #expect(html.components(separatedBy: "<svg ").count == 5, "two pictures, each wide and narrow")
    #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("@import"))
    // Addresses are names of XML's, ids within the page, and pictures that are data.
    let addresses = html.matches(of: /(?:href|src)=["']([^"']*)/).map { String($0.1) }
    #expect(addresses.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png;base64,") }, "\(addresses)")
    #expect(html.contains("default-src 'none'"))
    #expect(html.contains("prefers-color-scheme: dark"))
    #expect(try folder.names() == ["report.html"])
  }

  @Test func idsAreUniqueAndFound() throws {
    let html = try page("run")
    let ids = html.matches(of: /\sid=["']([^"']+)["']/).map { String($0.1) }
    #expect(!ids.isEmpty && Set(ids).count == ids.count)
    for reference in html.matches(of: /href=["']#([^"']+)["']/).map({ String($0.1) }) {
      #expect(ids.contains(reference), "\(reference)")
    }
  }

  @Test(arguments: [
    "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "<!--", "]]>",
    "&lt;b&gt;",
    "</style><b>", "</svg><b>", "id='gp", "rgb(1,2,3)",
  ])
  func textsAreNoMarkup(text: String) throws {
    let html = try page(text)
    #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>") && !html.contains("<!--"))
    // An apostrophe may stand in a picture's text, but ends no attribute.
    #expect(try html.firstMatch(of: Regex("<[^<>]*[\"'] on(error|load)=[\"']")) == nil)
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    #expect(html.contains("<title>\(escaped)</title>") && html.contains("<h1>\(escaped)</h1>"))
    #expect(html.contains("<td>\(escaped)</td>") && html.contains("<code>\(escaped)</code>"))
  }

  @Test func aPictureThatCannotBeDrawnLeavesTheFileAsItWas() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder("report.html")))
    let empty = Figure(title: "", xLabel: "", yLabel: "", series: [])
    let page = ReportPage(
      title: "", subtitle: "", highlights: [],
      sections: [ReportPage.Section("", [.picture(.curves(empty), caption: "")])], footer: "")
    #expect(throws: FigureError.self) { try page.write(to: folder("report.html")) }
    #expect(try folder.text("report.html") == "old")
  }
}
