import Foundation
import Testing

/// The README's commands run as they stand there.
@Suite("README.md")
struct ReadmeTests {
  private static func readme() throws -> String {
    String(decoding: try Data(contentsOf: Repository.root.appendingPathComponent("README.md")), as: UTF8.self)
  }

  /// What is in the blocks that begin with ```sh, in order.
  private static func shellBlocks() throws -> [String] {
    var blocks: [String] = []
    var current: [Substring]?
    for line in try readme().split(separator: "\n", omittingEmptySubsequences: false) {
      if let lines = current {
        if line == "```" {
          blocks.append(lines.joined(separator: "\n"))
          current = nil
        } else {
          current = lines + [line]
        }
      } else if line == "```sh" {
        current = []
      }
    }
    return blocks
  }

  /// Not the tests' to run: they build, install or fetch.
  private static func isLeftOut(_ line: Substring) -> Bool {
    ["make", "git clone", "cd keepstep", "sudo"].contains { line == $0 || line.hasPrefix($0 + " ") }
  }

  @Test("every shell block runs, one after the other in one folder with the repository's data")
  func blocks() throws {
    let blocks = try Self.shellBlocks()
    #expect(blocks.count >= 2)
    let place = try Workplace()
    try FileManager.default.copyItem(at: Repository.root.appendingPathComponent("data"), to: place.url("data"))
    let path = try Binary.keepstep.deletingLastPathComponent().path
    for block in blocks {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: false).filter { !Self.isLeftOut($0) }
      let script = "export PATH='\(path)':$PATH\n" + lines.joined(separator: "\n")
      let outcome = try place.run("bash", package: "bash", ["-euo", "pipefail", "-c", script])
      #expect(outcome.status == 0, "\(block)\n\(outcome.errors)")
    }
  }

  @Test("names every command", arguments: HelpTests.commands)
  func command(name: String) throws {
    let text = try Self.readme()
    #expect(text.contains("`\(name)") || text.contains("keepstep \(name)"))
  }
}
