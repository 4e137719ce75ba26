import ArgumentParser
import Foundation

/// Wrong usage, told in the form of all other errors: `error:`, then `hint:`. Exit status 64.
enum Usage {
  /// Ends the program with what ArgumentParser says: a help text that was asked for, or what is wrong.
  ///
  /// - Parameter located: adds to a message where the options stand that it speaks of.
  static func exit(for error: any Error, located: (String) -> String = { $0 }) -> Never {
    guard Keepstep.exitCode(for: error) == .validationFailure else { Keepstep.exit(withError: error) }
    if let mistake = error as? ValidationError { exit(for: mistake, located: located) }
    // "Error: …", then "Help:  …" of the option, "Usage: …", and "  See '… --help' for more information."
    for line in Keepstep.fullMessage(for: error).split(separator: "\n") {
      if let text = rest(of: line, after: "Error: ") {
        Console.note("error: \(located(String(text)))")
      } else if let text = rest(of: line, after: "Help:  ") {
        Console.note("hint: \(text)")
      } else if let text = rest(of: line, after: "Usage: ") {
        Console.note("usage: \(text)")
      } else if let text = rest(of: line, after: "  See '"), let end = text.firstIndex(of: "'") {
        Console.note("hint: `\(text[..<end])` explains it")
      } else {
        Console.note(String(line))
      }
    }
    Foundation.exit(ExitCode.validationFailure.rawValue)
  }

  /// Ends the program with a mistake that a command found at its work: ArgumentParser no longer knows which one it was.
  private static func exit(for mistake: ValidationError, located: (String) -> String) -> Never {
    let command = CommandLine.arguments.dropFirst().first.flatMap { commands.contains($0) ? " \($0)" : nil }
    Console.note("error: \(located(mistake.message))")
    Console.note("hint: `keepstep\(command ?? "") --help` explains it")
    Foundation.exit(ExitCode.validationFailure.rawValue)
  }

  private static func rest(of line: Substring, after prefix: String) -> Substring? {
    line.hasPrefix(prefix) ? line.dropFirst(prefix.count) : nil
  }

  private static var commands: [String] {
    Keepstep.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  /// Names a command that is not there, which ArgumentParser would call an unexpected argument.
  ///
  /// - Throws: `ValidationError`.
  static func requireKnownCommand(_ arguments: [String]) throws {
    guard let name = arguments.dropFirst().first, !name.hasPrefix("-"), name != "help", !commands.contains(name)
    else { return }
    throw ValidationError("there is no command \"\(name)\"; the commands are \(commands.joined(separator: ", "))")
  }
}
