import ArgumentParser
import ConfigurationFiles

/// The command line, before whose options stand those of the file that `--config` names.
///
/// A key is an option's name, and its value what would stand behind it; `true` and `false` set flags. So each option is
/// read and checked in one way, wherever it stands. One that is given on the command line is not taken from the file.
struct ConfiguredArguments {
  /// For ArgumentParser, without the program's name.
  private(set) var arguments: [String]
  private var file: ConfigurationFile?
  /// The options that came from the file: the words of a message by which it is known, and its line.
  private var lines: [(name: String, line: Int)] = []

  /// The commands that take `--config`.
  static let commands: [any ParsableCommand.Type] = [TrainCommand.self, ForkCommand.self]

  /// The command line as it is.
  init(unchanged arguments: [String]) {
    self.arguments = arguments
  }

  /// The command line `arguments`, with what its file says.
  ///
  /// - Throws: `ConfigurationError` for a file that can't be read, `ValidationError` for a key that is no option or a
  ///   value that its option can't have.
  init(_ arguments: [String]) throws {
    self.init(unchanged: arguments)
    guard let command = Self.command(of: arguments) else { return }
    let given = CommandLineWords(arguments.dropFirst(), of: try CommandDescription.of(command))
    guard let path = given.values["config"], !given.names.contains("help") else { return }
    try self.init(arguments, file: try ConfigurationFile(path: path))
  }

  /// The command line `arguments`, with what `file` says.
  ///
  /// - Throws: `ValidationError` for a key that is no option or a value that its option can't have.
  init(_ arguments: [String], file: ConfigurationFile) throws {
    self.init(unchanged: arguments)
    guard let name = arguments.first, let command = Self.command(of: arguments) else { return }
    self.file = file
    let options = try ConfigurableOptions(command)
    let given = CommandLineWords(arguments.dropFirst(), of: try CommandDescription.of(command))
    let overridden = Set(given.names.map { options.identity(of: $0) })
    var words: [String] = []
    var seen: [String: ConfigurationFile.Entry] = [:]
    for entry in file.entries {
      guard let option = options[entry.key] else { throw unknown(entry, of: name, among: options.keys) }
      if let first = seen.updateValue(entry, forKey: options.identity(of: entry.key)) {
        throw ValidationError(
          "\(place(entry)): \(entry.key) and \(first.key) of line \(first.line) are one option; keep one of them")
      }
      let word = try word(for: entry, option, options)
      guard !overridden.contains(options.identity(of: entry.key)), let word else { continue }
      words.append(word)
      lines.append((name: word.prefix { $0 != "=" }.description, line: entry.line))
    }
    self.arguments.insert(contentsOf: words, at: 1)
  }

  private static func command(of arguments: [String]) -> (any ParsableCommand.Type)? {
    commands.first { $0.configuration.commandName == arguments.first }
  }

  /// A message with the lines of the file that it speaks of, where it names options that came from there.
  func located(_ message: String) -> String {
    guard let file else { return message }
    let found = lines.filter { Self.names($0.name, in: message) }.map(\.line).sorted()
    guard !found.isEmpty else { return message }
    let numbers = found.map(String.init).joined(separator: " and ")
    return "\(file.source), line\(found.count == 1 ? "" : "s") \(numbers): \(message)"
  }

  /// The option, and not one whose name goes on.
  private static func names(_ option: String, in message: String) -> Bool {
    message.ranges(of: option).contains { range in
      message[range.upperBound...].first.map { !($0.isLetter || $0.isNumber || $0 == "-") } ?? true
    }
  }

  private func unknown(_ entry: ConfigurationFile.Entry, of command: String, among keys: [String]) -> ValidationError {
    let nearest = NearestName.of(entry.key, among: keys).map { "; did you mean \($0)?" } ?? ""
    return ValidationError("\(place(entry)): \(quoted(entry.key)) is no option of \(command)\(nearest)")
  }

  /// What stands on a command line for it; nil for a flag that is off and that no other flag switches off.
  private func word(
    for entry: ConfigurationFile.Entry, _ option: CommandDescription.Argument, _ options: ConfigurableOptions
  ) throws -> String? {
    switch (option.kind, entry.value) {
    case (.flag, .text(let text)):
      guard let isOn = Self.truth[text.lowercased()] else {
        throw ValidationError("\(place(entry)): \(entry.key) is \(quoted(text)); it must be true or false")
      }
      return isOn ? "--\(entry.key)" : options.opposite(of: entry.key).map { "--\($0)" }
    case (.flag, .list):
      throw ValidationError("\(place(entry)): \(entry.key) is a list; it must be true or false")
    case (_, .text(let text)):
      return "--\(entry.key)=\(text)"
    case (_, .list(let texts)):
      guard option.takesList else {
        throw ValidationError(
          "\(place(entry)): \(entry.key) is a list, \(quoted(texts.joined(separator: ", "))); it takes one value")
      }
      if let name = texts.first(where: { $0.contains(",") }) {
        throw ValidationError(
          "\(place(entry)): \(entry.key) names \(quoted(name)), and a comma separates two names")
      }
      return "--\(entry.key)=\(texts.joined(separator: ","))"
    }
  }

  /// YAML's words for it.
  private static let truth = [
    "true": true, "yes": true, "on": true, "false": false, "no": false, "off": false,
  ]

  private func place(_ entry: ConfigurationFile.Entry) -> String {
    "\(file?.source ?? ""), line \(entry.line)"
  }
}

/// Which options a command line gives: enough of ArgumentParser's reading to know a value from an option.
private struct CommandLineWords {
  /// Long names without dashes.
  private(set) var names: Set<String> = []
  /// What stands behind them.
  private(set) var values: [String: String] = [:]

  init(_ words: some Collection<String>, of command: CommandDescription) {
    var rest = Array(words)[...]
    while let word = rest.popFirst(), word != "--" {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let option = command.arguments?.first { $0.names?.contains { $0.written == parts[0] } == true }
      guard let option, let key = option.key else { continue }
      names.insert(key)
      guard option.kind == .option else { continue }
      values[key] = parts.count > 1 ? parts[1] : rest.popFirst()
    }
  }
}
