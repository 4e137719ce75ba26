import Foundation
import Testing

@Suite("Examples/")
struct ExamplesTests {
  private static let folder = Repository.root.appendingPathComponent("Examples")

  @Test("each program is short, and its package depends on the repository by its path")
  func short() throws {
    let sources = Self.folder.appendingPathComponent("Sources")
    for name in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      let code = try String(contentsOf: sources.appendingPathComponent("\(name)/main.swift"), encoding: .utf8)
      let lines = code.split(separator: "\n").filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
      #expect(lines.count < 40, "\(name)")
    }
    let manifest = try String(contentsOf: Self.folder.appendingPathComponent("Package.swift"), encoding: .utf8)
    #expect(manifest.contains(".package(name: \"Keepstep\", path: \"..\")"))
  }
}
