import ArgumentParser
import Foundation

/// What ArgumentParser knows of a command: its form of `--experimental-dump-help`, of which this is what we use.
///
/// Whatever speaks of options in other words than Swift's (configuration files, the manual page) takes them from here, so
/// that no option is named twice.
struct CommandDescription: Decodable {
  var commandName: String
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandDescription]?
  var arguments: [Argument]?

  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional, option, flag
    }

    struct Name: Decodable {
      enum Kind: String, Decodable {
        case long, short, longWithSingleDash
      }

      var kind: Kind
      var name: String

      /// With its dashes.
      var written: String { (kind == .long ? "--" : "-") + name }
    }

    var kind: Kind
    var isOptional: Bool
    var isRepeating: Bool
    var sectionTitle: String?
    var names: [Name]?
    var valueName: String?
    var defaultValue: String?
    var allValues: [String]?
    var abstract: String?
    var discussion: String?

    /// Its name in a configuration file: the long one.
    var key: String? { names?.first { $0.kind == .long }?.name }

    /// Does it take several names with commas between them? Its help says so: `<a,b>`.
    var takesList: Bool { kind == .option && valueName?.contains(",") == true }
  }

  /// Of a command, or of a group of options.
  static func of(_ type: any ParsableArguments.Type) throws -> CommandDescription {
    struct Dump: Decodable {
      var command: CommandDescription
    }
    return try JSONDecoder().decode(Dump.self, from: Data(type._dumpHelp().utf8)).command
  }
}
