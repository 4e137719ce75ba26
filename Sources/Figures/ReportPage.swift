import Foundation

/// A page of HTML that needs nothing but itself: pictures as SVG within it, tables, commands, and its style.
///
/// No script, no font, no picture comes from elsewhere, and the page says so to the browser (Content-Security-Policy). All
/// texts are taken literally. It is light or dark as its reader prefers, and as wide as there is room: each picture is in
/// it twice, drawn for a wide and for a narrow page, so that its letters are legible on both.
public struct ReportPage: Sendable {
  /// A part of the page under a heading.
  public struct Section: Sendable {
    /// What a section holds.
    public enum Content: Sendable {
      /// A picture and a sentence about it.
      case picture(Picture, caption: String)
      /// Rows of texts below the columns' names.
      case table(columns: [String], rows: [[String]])
      /// Names and values.
      case facts([(name: String, value: String)])
      /// Lines to type, or a file to copy.
      case code(String)
      /// A sentence.
      case text(String)
    }

    /// Its heading.
    public var heading: String
    /// What stands below it, in order.
    public var contents: [Content]

    /// A section.
    public init(_ heading: String, _ contents: [Content]) {
      self.heading = heading
      self.contents = contents
    }
  }

  /// Stands on top, and in the browser's tab.
  public var title: String
  /// A line below the title.
  public var subtitle: String
  /// The figures that matter most, large: each with its name.
  public var highlights: [(name: String, value: String)]
  /// The page's parts.
  public var sections: [Section]
  /// The last line.
  public var footer: String

  /// A page.
  public init(
    title: String, subtitle: String, highlights: [(name: String, value: String)], sections: [Section], footer: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.highlights = highlights
    self.sections = sections
    self.footer = footer
  }

  /// Writes the page into a file, which is replaced whole or left as it was.
  ///
  /// - Throws: `FigureError` when a picture cannot be drawn or the file cannot be written.
  public func write(to path: String, using gnuplot: Gnuplot = Gnuplot()) throws {
    let page = try html(using: gnuplot)
    try WholeFile.write(to: path) { try $0.write(contentsOf: Data(page.utf8)) }
  }

  /// The page's text.
  func html(using gnuplot: Gnuplot) throws -> String {
    let tiles = highlights.map {
      "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>"
    }
    var pictures = 0
    let body = try sections.map { section in
      let contents = try section.contents.map { content in
        if case .picture = content { pictures += 1 }
        return try Self.html(content, number: pictures, gnuplot)
      }
      return "<section>\n<h2>\(HTML.escaped(section.heading))</h2>\n\(contents.joined(separator: "\n"))\n</section>\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(ReportStyle.css)
      </style>
      </head>
      <body>
      <header>
      <h1>\(HTML.escaped(title))</h1>
      <p>\(HTML.escaped(subtitle))</p>
      <dl class="highlights">\(tiles.joined())</dl>
      </header>
      <main>
      \(body.joined())</main>
      <footer>\(HTML.escaped(footer))</footer>
      </body>
      </html>

      """
  }

  private static func html(_ content: Section.Content, number: Int, _ gnuplot: Gnuplot) throws -> String {
    switch content {
    case .picture(let picture, let caption): return try html(picture, caption: caption, number: number, gnuplot)
    case .text(let text): return "<p>\(HTML.escaped(text))</p>"
    case .code(let text): return "<pre tabindex=\"0\"><code>\(HTML.escaped(text))</code></pre>"
    case .facts(let facts):
      let rows = facts.map { "<div><dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd></div>" }
      return "<dl class=\"facts\">\(rows.joined(separator: "\n"))</dl>"
    case .table(let columns, let rows):
      let head = columns.map { "<th scope=\"col\">\(HTML.escaped($0))</th>" }.joined()
      let body = rows.map { row in
        "<tr>" + row.map { "<td>\(HTML.escaped($0))</td>" }.joined() + "</tr>"
      }
      return """
        <div class="table" tabindex="0"><table><thead><tr>\(head)</tr></thead><tbody>
        \(body.joined(separator: "\n"))
        </tbody></table></div>
        """
    }
  }

  private static func html(
    _ picture: Picture, caption: String, number: Int, _ gnuplot: Gnuplot
  ) throws -> String {
    let wide = try picture.inlineSVG(name: "w\(number)", using: gnuplot)
    let narrow = try narrowed(picture).inlineSVG(name: "n\(number)", using: gnuplot)
    return """
      <figure>
      <div class="wide">\(wide)</div>
      <div class="narrow">\(narrow)</div>
      <figcaption>\(HTML.escaped(caption))</figcaption>
      </figure>
      """
  }

  /// The picture for a page of a telephone's width: heat maps stand below each other.
  private static func narrowed(_ picture: Picture) -> Picture {
    switch picture {
    case .curves: return picture.resized(width: 440, height: 400)
    case .heatMaps(var maps):
      maps.across = 1
      return Picture.heatMaps(maps).resized(width: 440, height: maps.heightOfRows(300))
    }
  }
}
