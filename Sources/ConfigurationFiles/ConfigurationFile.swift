import Foundation
import Yams

/// A file of options: YAML with a line for each, `hidden-size: 64`.
///
/// What a scalar means is the option's to say, so `name: no` is the text `no`, and `0.10` stays `0.10`. A file may come
/// from a stranger: it has at most `sizeLimit` bytes, no anchors and aliases, nothing inside a value but a list of
/// texts, and no key twice.
public struct ConfigurationFile: Hashable, Sendable {
  /// A key with its value.
  public struct Entry: Hashable, Sendable {
    /// An option's name without its dashes.
    public var key: String
    /// What it is set to.
    public var value: Value
    /// Where the key stands, counted from 1; 0 for an entry that no file had.
    public var line: Int

    /// An entry as it stands in a file, or shall.
    public init(key: String, value: Value, line: Int = 0) {
      self.key = key
      self.value = value
      self.line = line
    }
  }

  /// What an option may be set to.
  public enum Value: Hashable, Sendable {
    /// Whatever stands on a line: a number, a text, a truth.
    case text(String)
    /// `[flow, rain]`, or a line each.
    case list([String])
  }

  /// 64 KiB: some hundred times what all options take.
  public static let sizeLimit = 64 << 10

  /// Bytes of a key: longer than any option, and short enough that it stays within YAML's 1,024 signs of a key on one line
  /// when each of its signs is written as an escape of ten.
  static let keyLimit = 100

  /// The file's name in messages.
  public var source: String
  /// In the file's order; no key is there twice.
  public var entries: [Entry]

  /// A file with these entries.
  public init(source: String, entries: [Entry]) {
    self.source = source
    self.entries = entries
  }

  /// Reads what `data` says.
  ///
  /// - throws: `ConfigurationError` naming the line and what is wrong there.
  public init(_ data: Data, source: String) throws {
    self.init(source: source, entries: [])
    guard data.count <= Self.sizeLimit else { throw Self.tooLarge(source) }
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw ConfigurationError("\(source): this is not UTF-8 text", hint: Self.form)
    }
    // Before any parser: a few nested aliases stand for billions of nodes.
    if let (line, name) = AnchorScan.first(in: text) {
      throw ConfigurationError(
        "\(source), line \(line): \(quoted(name)) looks like an anchor or an alias, which options have no use for",
        hint: "write values out; inside a quoted text \\x26 stands for & and \\x2a for *")
    }
    try read(try Self.parse(text, source: source))
  }

  static let form = "it has lines such as `hidden-size: 64`; `keepstep show RUN --config` prints one"

  static func tooLarge(_ source: String) -> ConfigurationError {
    ConfigurationError("\(source): a configuration file has at most \(sizeLimit) bytes, and this has more", hint: form)
  }

  private static func parse(_ text: String, source: String) throws -> Node? {
    do {
      return try Parser(yaml: text).singleRoot()
    } catch let error as YamlError {
      let (line, problem) = error.place
      throw ConfigurationError(
        "\(source)\(line.map { ", line \($0)" } ?? ""): this is not YAML: \(problem)", hint: form)
    }
  }

  private mutating func read(_ root: Node?) throws {
    guard let root, !root.isNull else { return }  // an empty file sets nothing
    guard case .mapping(let pairs) = root else {
      throw ConfigurationError("\(source): this is \(root.kind), and not a mapping of options", hint: Self.form)
    }
    var known: [String: Int] = [:]
    for (key, value) in pairs {
      let line = key.mark?.line ?? 0
      guard case .scalar(let name) = key else {
        throw ConfigurationError("\(source), line \(line): a key is \(key.kind), not a name", hint: Self.form)
      }
      guard name.string.utf8.count <= Self.keyLimit else {
        throw ConfigurationError(
          "\(source), line \(line): a key has \(name.string.utf8.count) bytes, and an option's name at most "
            + "\(Self.keyLimit)", hint: Self.form)
      }
      try requireVisible(name.string, of: "a key", line: line)
      if let first = known.updateValue(line, forKey: name.string) {
        throw ConfigurationError(
          "\(source), line \(line): \(quoted(name.string)) stands already in line \(first)", hint: "keep one of the two"
        )
      }
      entries.append(Entry(key: name.string, value: try self.value(value, of: name.string, line: line), line: line))
    }
  }

  /// Foundation drops a byte-order mark at a text's beginning, and nobody sees one elsewhere.
  private func requireVisible(_ text: String, of subject: String, line: Int) throws {
    guard text.unicodeScalars.contains("\u{FEFF}") else { return }
    throw ConfigurationError(
      "\(source), line \(line): \(subject) has an invisible U+FEFF in it", hint: "write it anew, without")
  }

  private func value(_ node: Node, of key: String, line: Int) throws -> Value {
    switch node {
    case .scalar(let scalar) where !node.isNull:
      try requireVisible(scalar.string, of: quoted(key), line: line)
      return .text(scalar.string)
    case .sequence(let nodes):
      return .list(
        try nodes.map { node in
          guard case .text(let text) = try value(node, of: key, line: node.mark?.line ?? line) else {
            throw ConfigurationError("\(source), line \(line): \(quoted(key)) is a list of lists", hint: Self.form)
          }
          return text
        })
    case .scalar:
      throw ConfigurationError(
        "\(source), line \(line): \(quoted(key)) has no value", hint: "write one behind the colon, or leave the key out"
      )
    case .mapping, .alias:
      throw ConfigurationError(
        "\(source), line \(line): \(quoted(key)) is \(node.kind), and an option takes a value or a list",
        hint: Self.form)
    }
  }
}

extension Node {
  /// Nothing, or the word for it; a quoted word is a text.
  fileprivate var isNull: Bool {
    guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  fileprivate var kind: String {
    switch self {
    case .scalar(let scalar): "the text \(quoted(scalar.string))"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension YamlError {
  /// The line, where it is known, and the words.
  fileprivate var place: (line: Int?, problem: String) {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .reader(let problem, let offset, _, let yaml):
      (offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "\(keys.map { quoted($0) }.joined(separator: ", ")) stands there twice")
    case .memory: (nil, "it is nested too deeply")
    default: (nil, "it cannot be read")
    }
  }
}
