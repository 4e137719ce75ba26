import ArgumentParser
import Foundation

/// `--yes`, and the question that it answers.
struct Confirmation: ParsableArguments {
  @Flag(name: [.short, .long], help: "Do it without asking. On a terminal the command asks first.")
  var yes = false

  /// Asks on a terminal whether to go on. Without a terminal nobody can be asked: then only `--yes` goes on.
  ///
  /// - Throws: `CommandError` when the answer is not yes.
  func require(_ question: String) throws {
    if yes { return }
    guard isatty(STDIN_FILENO) == 1, Console.isTerminal else {
      throw CommandError("\(question) Nobody can be asked, as this is no terminal", hint: "--yes answers it")
    }
    Console.ask("\(question) [y/N]")
    let answer = readLine(strippingNewline: true)
    if answer == nil { Console.endLine() }  // Ctrl-D leaves the cursor behind the question
    guard ["y", "yes"].contains(answer?.trimmingCharacters(in: .whitespaces).lowercased()) else {
      throw CommandError("nothing was removed", hint: "y or yes goes on")
    }
  }
}
