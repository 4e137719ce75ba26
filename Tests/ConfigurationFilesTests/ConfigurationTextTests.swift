import ConfigurationFiles
import Foundation
import Testing

@Suite("The text of a configuration file")
struct ConfigurationTextTests {
  /// Texts that YAML would take for something else.
  static let texts = [
    "", " ", "a", "64", "1e-05", "-1", "no", "true", "null", "~", "Null", "a b", "a: b", "a #b", "#a", "- a", "-", "?",
    "*a",
    "&a", "a*b", "[a]", "{a}", "!a", "|", ">", "%a", "@a", "`a`", "\"", "'", "\\", "a\nb", "\t", "\r", "\u{0}",
    "\u{7F}",
    "\u{85}", "\u{2028}", "ü", "雨", "🌧", "...", "---", "<<", "=", "/tmp/a b.csv", "data.csv", ",", ":",
  ]

  @Test("reads back as the same entries", arguments: texts)
  func reads(text: String) throws {
    let entries = [
      ConfigurationFile.Entry(key: "a\(text)", value: .text(text), line: 2),
      ConfigurationFile.Entry(key: "b", value: .list([text, "x", text]), line: 3),
      ConfigurationFile.Entry(key: "c", value: .list([]), line: 4),
    ]
    let written = ConfigurationFile(source: "x", entries: entries).text(comments: ["about \(text)"])
    #expect(written.split(separator: "\n").count == 4)
    let again = try ConfigurationFile(Data(written.utf8), source: "x")
    #expect(again.entries == entries, "\(written)")
  }

  /// YAML takes no key of more than 1,024 signs on one line, and an escape has ten.
  @Test("reads back with the longest key, all of escapes")
  func longestKey() throws {
    let entries = [ConfigurationFile.Entry(key: String(repeating: "&", count: 100), value: .text("1"), line: 1)]
    let written = ConfigurationFile(source: "x", entries: entries).text()
    #expect(try ConfigurationFile(Data(written.utf8), source: "x").entries == entries)
  }

  @Test("is plain where it can be")
  func plain() {
    let file = ConfigurationFile(
      source: "x",
      entries: [
        .init(key: "learning-rate", value: .text("1e-05")), .init(key: "inputs", value: .list(["flow", "a, b"])),
        .init(key: "name", value: .text("*é")),
      ])
    #expect(
      file.text(comments: ["run 1"])
        == "# run 1\nlearning-rate: 1e-05\ninputs: [flow, \"a, b\"]\nname: \"\\U0000002aé\"\n")
  }
}
