import Foundation
import Testing

@Suite("Shell completions")
struct CompletionTests {
  private static func script(_ shell: String) throws -> Workplace {
    let place = try Workplace()
    let outcome = try place.succeed("--generate-completion-script \(shell)")
    #expect(outcome.errors == "")
    try place.write(outcome.output, to: "completion")
    return place
  }

  @Test("each shell reads its own without a complaint", arguments: ["bash", "zsh", "fish"])
  func syntax(shell: String) throws {
    try Binary.cancelUnlessThere(shell, package: shell)
    let place = try Self.script(shell)
    let outcome = try place.run(shell, package: shell, ["-n", "completion"])
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
  }

  @Test(
    "bash offers commands, options and their values",
    arguments: [
      ("keepstep tr", "train"), ("keepstep train --hid", "--hidden-size"), ("keepstep train --cell ", "lstm"),
      ("keepstep show --con", "--config"), ("keepstep fork --optimizer ad", "adamw"),
    ])
  func bash(line: String, offered: String) throws {
    let place = try Self.script("bash")
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let script = """
      source completion
      COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
      COMP_CWORD=\(words.count - 1)
      COMP_LINE='\(line)'
      COMP_POINT=\(line.count)
      COMP_TYPE=9
      $(complete -p keepstep | sed 's/.*-F \\([^ ]*\\).*/\\1/') keepstep '\(words[words.count - 1])' '\(words[words.count - 2])'
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let outcome = try place.run("bash", package: "bash", ["-c", script])
    #expect(outcome.lines.map { $0.trimmingCharacters(in: .whitespaces) }.contains(offered), "\(outcome)")
  }

  @Test("fish offers options of a command")
  func fish() throws {
    try Binary.cancelUnlessThere("fish", package: "fish")
    let place = try Self.script("fish")
    let script = "source completion; complete -C 'keepstep train --hid'"
    let outcome = try place.run("fish", package: "fish", ["--no-config", "-c", script])
    #expect(outcome.output.hasPrefix("--hidden-size"), "\(outcome)")
  }

  @Test("an unknown shell is refused")
  func unknown() throws {
    try Workplace().expect(Refusal("--generate-completion-script tcsh", "tcsh", status: 64))
  }
}
