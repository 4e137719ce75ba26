import Foundation

/// gnuplot's SVG, put right for browsers. Only tags are changed: texts between them are anyone's.
struct SVGText {
  private let text: String

  init(_ text: String) {
    self.text = text
  }

  /// The whole file with the cells of heat maps as they are, where browsers would blur them.
  var crisp: String {
    text.replacing("<image ", with: "<image style='image-rendering:pixelated' ")
  }

  /// The `<svg>` element alone, as a part of a page of HTML.
  ///
  /// It has the width of what is around it, and `label` as its description. Its ids begin with `name`, so that several can
  /// stand in one page. Each colour `#rrggbb` is `var(--crrggbb, #rrggbb)`, so that a page in the dark can have others.
  func inline(name: String, label: String) -> String {
    guard let start = crisp.range(of: "<svg") else { return "" }
    var result = ""
    var isTitle = false
    for piece in crisp[start.lowerBound...].split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      let end = piece.firstIndex(of: ">") ?? piece.endIndex
      let (tag, rest) = (String(piece[..<end]), piece[end...])
      // A title of gnuplot's is shown under the pointer: "gnuplot_plot_1".
      if ["title", "desc"].contains(tag) { isTitle = true }
      if !isTitle { result += "<" + Self.inline(tag, name: name, label: label) + rest }
      if ["/title", "/desc"].contains(tag) {
        isTitle = false
        result += rest.dropFirst()
      }
    }
    return result.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func inline(_ tag: String, name: String, label: String) -> String {
    var tag = tag
    if tag.hasPrefix("svg") {
      tag = tag.replacing(/\s(width|height)="\d+"/, with: "")
      return tag.replacing("svg", with: "svg role=\"img\" aria-label=\"\(HTML.escaped(label))\"", maxReplacements: 1)
    }
    tag = tag.replacing(/(?<start>\s|href=)(?<id>id=)?(?<quote>["'])(?<hash>#?)(?<rest>(gp|gnuplot|textbox|greybox))/) {
      "\($0.start)\($0.id ?? "")\($0.quote)\($0.hash)\(name)-\($0.rest)"
    }
    tag = tag.replacing(/url\(#/, with: "url(#\(name)-")
    tag = tag.replacing(/rgb\(\s*(?<red>\d+),\s*(?<green>\d+),\s*(?<blue>\d+)\)/) { match in
      let parts = [match.red, match.green, match.blue].map { UInt32($0) ?? 0 }
      return variable(Color(hex: parts[0] << 16 | parts[1] << 8 | parts[2]))
    }
    // What has no colour of its own is black.
    return tag.replacing(/(?<quote>["'])black["']/) { "\($0.quote)\(variable(Color(hex: 0)))\($0.quote)" }
  }

  private static func variable(_ color: Color) -> String {
    "var(--c\(color.text.dropFirst()),\(color.text))"
  }
}
