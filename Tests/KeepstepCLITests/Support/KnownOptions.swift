import Foundation
import Testing

/// The options that a command has, as ArgumentParser knows them.
enum KnownOptions {
  private struct Dump: Decodable {
    struct Command: Decodable {
      var arguments: [Argument]?
    }
    struct Argument: Decodable {
      var names: [Name]?
    }
    struct Name: Decodable {
      var kind: String
      var name: String
    }
    var command: Command
  }

  /// Their long names without dashes.
  static func of(_ command: String) throws -> Set<String> {
    let output = try Workplace().succeed("\(command) --experimental-dump-help").output
    let arguments = try JSONDecoder().decode(Dump.self, from: Data(output.utf8)).command.arguments ?? []
    return Set(arguments.flatMap { ($0.names ?? []).filter { $0.kind == "long" }.map(\.name) })
  }
}
