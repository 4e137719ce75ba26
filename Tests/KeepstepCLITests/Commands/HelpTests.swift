import Foundation
import Testing

/// What ArgumentParser knows of the commands (`--experimental-dump-help`).
private struct Dump: Decodable {
  struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }
  struct Argument: Decodable {
    var abstract: String?
    var preferredName: Name?
    var valueName: String?
  }
  struct Name: Decodable {
    var name: String
  }
  var command: Command
}

@Suite("Help")
struct HelpTests {
  /// The commands of the command line.
  static let commands = [
    "train", "resume", "fork", "verify", "runs", "show", "steps", "checkpoints", "query", "predict", "forecast",
    "backtest", "compare",
    "export", "export-runs", "plot", "report", "watch", "check", "backup", "recover", "merge", "tag", "note", "pin",
    "gc", "rm",
  ]

  @Test("every command and every option has a help text")
  func everyOption() throws {
    let output = try Workplace().succeed("--experimental-dump-help").output
    let root = try JSONDecoder().decode(Dump.self, from: Data(output.utf8)).command
    let commands = try #require(root.subcommands).filter { $0.commandName != "help" }
    #expect(commands.map(\.commandName) == Self.commands)
    for command in [root] + commands {
      #expect(command.abstract?.isEmpty == false, "\(command.commandName)")
      for argument in command.arguments ?? [] {
        let name = argument.preferredName?.name ?? argument.valueName ?? "?"
        #expect((argument.abstract ?? "").count > 5, "\(command.commandName): \(name)")
      }
    }
  }

  @Test("each explains itself on standard output, and ends with 0", arguments: commands)
  func explains(command: String) throws {
    let place = try Workplace()
    let outcome = try place.succeed("\(command) --help")
    #expect(outcome.errors == "" && outcome.output.hasPrefix("OVERVIEW: "))
    #expect(outcome.output.contains("USAGE: keepstep \(command) ") && outcome.output.contains("--store <store>"))
    #expect(try place.succeed("help \(command)").output.hasPrefix("OVERVIEW: "))
    #expect(try place.files.isEmpty)
  }

  @Test("the root lists them, and is what is shown without a command")
  func root() throws {
    let place = try Workplace()
    let output = try place.succeed("--help").output
    for command in Self.commands { #expect(output.contains("\n  \(command) "), "\(command)") }
    for word in ["RUN@CHECKPOINT", "KEEPSTEP_STORE", "KEEPSTEP_ISA", "Exit status", "64", "130"] {
      #expect(output.contains(word), "\(word)")
    }
    #expect(try place.keepstep([]).output == output)
  }

  @Test("the version")
  func version() throws {
    let output = try Workplace().succeed("--version").output
    #expect(output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
