import Foundation
import Testing

/// Every command as a person meets it: what is typed, what comes out, what goes wrong and how.
///
/// A transcript is `Fixtures/Transcripts/COMMAND.txt`. A line that begins with `$ ` is run by bash in a folder with the
/// flow example; below it stand standard output, then standard error with `! ` before each line, then the exit status in
/// brackets unless it is 0. With KEEPSTEP_WRITE_TRANSCRIPTS=1 the tests write all but the `$ ` lines anew, for `git diff`
/// to show what has changed.
@Suite("Transcripts")
struct TranscriptTests {
  private static let folder = Repository.fixture("Transcripts")
  private static let writes = ProcessInfo.processInfo.environment["KEEPSTEP_WRITE_TRANSCRIPTS"] == "1"

  @Test("every command has one")
  func everyCommand() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(names.sorted() == HelpTests.commands.map { "\($0).txt" }.sorted())
  }

  @Test("is what a person sees; it has a success and three kinds of bad input", arguments: HelpTests.commands)
  func transcript(command: String) throws {
    let file = Self.folder.appendingPathComponent("\(command).txt")
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let place = try FlowExample.place()
    var (actual, statuses) = ("", [Int32]())
    for line in expected.split(separator: "\n") where line.hasPrefix("$ ") {
      let outcome = try run(String(line.dropFirst(2)), in: place)
      actual += "\(line)\n" + Self.told(outcome).replacingOccurrences(of: place.folder.path, with: "FOLDER")
      if line.contains("keepstep \(command)") { statuses.append(outcome.status) }
    }
    if Self.writes { try Data(actual.utf8).write(to: file) }
    #expect(Self.writes || actual == expected)
    #expect(statuses.contains(0) && statuses.filter { [1, 64].contains($0) }.count >= 3, "\(statuses)")
  }

  private func run(_ line: String, in place: Workplace) throws -> Outcome {
    let path = try Binary.keepstep.deletingLastPathComponent().path
    return try place.run("bash", package: "bash", ["-o", "pipefail", "-c", "PATH='\(path)':$PATH; \(line)"])
  }

  private static func told(_ outcome: Outcome) -> String {
    // What options there are beside is the help's to tell.
    let lines = outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let errors = lines.filter { !$0.hasPrefix("usage: ") }.map { "! \($0)\n" }
    let status = outcome.status == 0 ? "" : "[\(outcome.status)]\n"
    return (outcome.output + errors.joined() + status).masked.timeless
  }
}

extension String {
  /// What differs from one machine or one moment to another, replaced: seconds of training, SQLite's version.
  fileprivate var timeless: String {
    replacing(/train_seconds( +|,)[0-9.e-]+/) { "train_seconds\($0.1)S" }
      .replacing(/SQLite 3\.\d+\.\d+/, with: "SQLite 3.x")
  }
}
