import Foundation
import Testing

@Suite("The manual page")
struct ManualTests {
  private static func page() throws -> (place: Workplace, text: String) {
    let place = try Workplace()
    let outcome = try place.keepstep(["--generate-manual"], environment: ["SOURCE_DATE_EPOCH": "1767225600"])
    #expect(outcome.status == 0 && outcome.errors == "")
    try place.write(outcome.output, to: "keepstep.1")
    return (place, outcome.output)
  }

  @Test("has a title with the date and version, and the sections of a manual page")
  func sections() throws {
    let (place, text) = try Self.page()
    let version = try place.succeed("--version").lines[0]
    #expect(
      text.hasPrefix(
        ".TH KEEPSTEP 1 \"2026-01-01\" \"Keepstep \(version)\" \"User Commands\"\n.SH NAME\nkeepstep \\- Trains "))
    let sections = text.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map { $0.dropFirst(4) }
    #expect(
      sections == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
      ])
  }

  @Test("names every command, with every option, and every environment variable that the program reads")
  func complete() throws {
    let (_, text) = try Self.page()
    for command in HelpTests.commands {
      #expect(text.contains("\n.SS \"keepstep \(command)\"\n"), "\(command)")
      for option in try KnownOptions.of(command) {
        let name = "--\(option)".replacing("-", with: "\\-")
        #expect(text.contains("\\fB\(name)\\fR"), "\(command): \(option)")
      }
    }
    let sources = Repository.root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let url as URL in files where url.pathExtension == "swift" {
      let code = try String(contentsOf: url, encoding: .utf8)
      for match in code.matches(of: /environment\["([A-Z_]+)"\]/) where match.1.hasPrefix("KEEPSTEP") {
        #expect(text.contains("\\fB\(match.1)\\fR"), "\(match.1)")
      }
    }
  }

  @Test("is shown by man without a warning")
  func shown() throws {
    try Binary.cancelUnlessThere("man", package: "man-db")
    let (place, _) = try Self.page()
    let shown = try place.run("man", package: "man-db", ["-l", "--warnings", "keepstep.1"])
    #expect(shown.status == 0 && shown.errors == "", "\(shown.errors)")
    for words in ["KEEPSTEP(1)", "keepstep train", "--hidden-size units", "EXIT STATUS"] {
      #expect(shown.output.contains(words), "\(words)")
    }
  }

  @Test("mandoc finds nothing wrong with it")
  func lint() throws {
    try Binary.cancelUnlessThere("mandoc", package: "mandoc")
    let (place, _) = try Self.page()
    let lint = try place.run("mandoc", package: "mandoc", ["-T", "lint", "-W", "warning", "keepstep.1"])
    #expect(lint.status == 0 && lint.output == "", "\(lint.output)")
  }

  @Test("has today's date where none is set")
  func today() throws {
    let year = Calendar(identifier: .gregorian).component(.year, from: Date())
    #expect(try Workplace().succeed("--generate-manual").output.hasPrefix(".TH KEEPSTEP 1 \"\(year)-"))
  }
}
