import ConfigurationFiles
import Foundation
import Testing

@Suite("A configuration file")
struct ConfigurationFileTests {
  private static func read(_ text: String) throws -> [ConfigurationFile.Entry] {
    try ConfigurationFile(Data(text.utf8), source: "run.yaml").entries
  }

  /// What the error of a file must say.
  private static func refusal(_ data: Data) -> ConfigurationError? {
    #expect(throws: ConfigurationError.self) { try ConfigurationFile(data, source: "run.yaml") }
  }

  @Test("has keys in order, with their lines, and values as they were written")
  func values() throws {
    let entries = try Self.read(
      """
      # a comment
      hidden-size: 64
      learning-rate: 1e-3   # another

      name: no
      data: "a: b.csv"
      note: 'it''s'
      steps: 0.10
      """)
    #expect(
      entries == [
        .init(key: "hidden-size", value: .text("64"), line: 2),
        .init(key: "learning-rate", value: .text("1e-3"), line: 3),
        .init(key: "name", value: .text("no"), line: 5), .init(key: "data", value: .text("a: b.csv"), line: 6),
        .init(key: "note", value: .text("it's"), line: 7), .init(key: "steps", value: .text("0.10"), line: 8),
      ])
  }

  @Test("has lists, in brackets or a line each, also as JSON")
  func lists() throws {
    let flat = try Self.read("inputs: [flow, \"a, b\"]\ntargets:\n  - flow\n  - 2\n")
    #expect(flat.map(\.value) == [.list(["flow", "a, b"]), .list(["flow", "2"])])
    #expect(try Self.read(#"{"inputs": ["flow"], "steps": 3}"#).map(\.value) == [.list(["flow"]), .text("3")])
  }

  @Test("may set nothing", arguments: ["", "\n\n", "# only a comment\n", "---\n", "{}", "null"])
  func empty(text: String) throws { #expect(try Self.read(text).isEmpty) }

  @Test(
    "is refused with its line, what stands there and a way out",
    arguments: [
      ("- a\n- b\n", "run.yaml: this is a list"), ("only text\n", "the text \"only text\""),
      ("steps: 1\nsteps: 2\n", "line"), ("steps: 1\n\"steps\": 2\n", "steps"),
      ("steps:\n", "line 1: \"steps\" has no value"), ("a: 1\nsteps: ~\n", "line 2: \"steps\" has no value"),
      ("a: {b: 1}\n", "line 1: \"a\" is a mapping"), ("a: [[1]]\n", "line 1: \"a\" is a list of lists"),
      ("a: [1, {b: 2}]\n", "line 1: \"a\" is a mapping"), ("a: [1, ]\nb: [~]\n", "line 2: \"b\" has no value"),
      ("[a, b]: 1\n", "line 1: a key is a list"), ("? {a: 1}\n: 2\n", "a key is a mapping"),
      ("a: 1\nb: \"open\n", "run.yaml, line"), ("a: 1\n b: 2\n", "run.yaml, line 2: this is not YAML"),
      ("a: b: c\n", "run.yaml, line 1: this is not YAML"), ("\ta: 1\n", "run.yaml, line 1: this is not YAML"),
      ("a: @b\n", "this is not YAML"), ("a: 1\n---\nb: 2\n", "run.yaml, line 2: this is not YAML"),
      ("a: \"b\\uFEFF\"\n", "line 1: \"a\" has an invisible U+FEFF"),
      ("\"b\\uFEFF\": 1\n", "line 1: a key has an invisible"),
      ("a: 1\n\(String(repeating: "é", count: 51)): 1\n", "line 2: a key has 102 bytes"),
      ("a: \u{1}\n", "this is not YAML"), ("a: 1\nb: \u{0}\n", "this is not YAML"),
    ])
  func refused(text: String, words: String) throws {
    let error = try #require(Self.refusal(Data(text.utf8)))
    #expect(error.message.contains(words) && error.message.hasPrefix("run.yaml"), "\(error.message)")
    #expect(error.hint?.isEmpty == false && error.errorDescription == error.message)
  }

  @Test("may hold neither anchors nor aliases, of which a few stand for billions of values")
  func laughs() throws {
    var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for (name, before) in zip("bcdefghi", "abcdefgh") {
      text += "\(name): &\(name) [\(Array(repeating: "*\(before)", count: 9).joined(separator: ", "))]\n"
    }
    let error = try #require(Self.refusal(Data((text + "? *i\n: 1\n").utf8)))
    #expect(error.message.hasPrefix("run.yaml, line 1: \"&a\" looks like an anchor or an alias"))
    for text in [
      "a: *b\n", "*b : 1\n", "{*b : 1}", "a: [1,*b]\n", "? *b\n", "- *b\n", "\"x\n# y\" : *b\n", "a: 1\r*b : 2\n",
      "a: 1\u{2028}*b : 2\n", "#\u{85}*b : 2\n", "a: !!str &b c\n", "<<: *b\n",
    ] {
      let error = try #require(Self.refusal(Data(text.utf8)), "\(text)")
      #expect(error.message.contains("*b") || error.message.contains("&b"), "\(error.message)")
    }
  }

  @Test("may have their signs where nothing is meant by them")
  func signs() throws {
    let text = "# *note* the &c\nname: R&D a*b 2 * 3 & 4\ndata: \"\\x2anew \\x26 old.csv\"\n"
    #expect(try Self.read(text).map(\.value) == [.text("R&D a*b 2 * 3 & 4"), .text("*new & old.csv")])
  }

  @Test("has a size that is looked at before it is read")
  func size() throws {
    let line = "name: \(String(repeating: "x", count: 100))\n"
    let much = String(repeating: "# \(line)", count: 600)
    #expect(try Self.read(String((line + much).prefix(ConfigurationFile.sizeLimit))).count == 1)
    let error = try #require(Self.refusal(Data((line + much + much).utf8)))
    #expect(error.message.contains("at most 65536 bytes"))
    let endless = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: "/dev/zero") }
    #expect(endless?.message.contains("at most 65536 bytes") == true)
  }

  @Test("may be nested deeper than anybody does, and is refused, not a crash", arguments: ["[", "{a: ", "- ", "? "])
  func depth(opening: String) throws {
    for count in [100, 900, 1_100, 30_000] {
      let text = "a:\n " + String(repeating: opening, count: min(count, 60_000 / opening.utf8.count))
      let error = try #require(Self.refusal(Data(text.utf8)))
      #expect(!error.message.isEmpty)
    }
  }

  @Test("that is no text is refused")
  func bytes() throws {
    #expect(Self.refusal(Data([0x61, 0x3A, 0x20, 0xFF, 0xFE]))?.message == "run.yaml: this is not UTF-8 text")
  }

  @Test(
    "that is missing, a folder or not to be read is refused by its name", arguments: ["none.yaml", "/", "/root/x/y"])
  func unreadable(path: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: path) }
    #expect(error?.message.hasPrefix("\(path): cannot be read: ") == true)
  }
}
