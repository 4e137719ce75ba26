import ArgumentParser

/// `--config`, for a command whose options may stand in a file: see `ConfiguredArguments`.
struct ConfigurationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read options from this YAML file, `hidden-size: 64` for --hidden-size 64; those given here win.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var config: String?
}

/// The options of a command as keys of a configuration file.
struct ConfigurableOptions {
  private let arguments: [String: CommandDescription.Argument]
  /// Every key, in the order of the help.
  let keys: [String]

  /// What says nothing of the work itself.
  private static let others = ["help", "version", "config"]

  /// The options of `command`.
  init(_ command: any ParsableArguments.Type) throws {
    let all = try CommandDescription.of(command).arguments ?? []
    let named: [(key: String, argument: CommandDescription.Argument)] = all.compactMap { argument in
      guard argument.kind != .positional, let key = argument.key, !Self.others.contains(key) else { return nil }
      return (key, argument)
    }
    keys = named.map(\.key)
    arguments = Dictionary(named.map { ($0.key, $0.argument) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(key: String) -> CommandDescription.Argument? { arguments[key] }

  /// The flag that undoes a flag, `no-bias` for `bias` and the other way round; nil for others.
  func opposite(of key: String) -> String? {
    let other = key.hasPrefix("no-") ? String(key.dropFirst(3)) : "no-\(key)"
    return arguments[key]?.kind == .flag && arguments[other]?.kind == .flag ? other : nil
  }

  /// What two flags have in common that undo each other; the key itself of others.
  func identity(of key: String) -> String {
    key.hasPrefix("no-") ? opposite(of: key) ?? key : key
  }
}
