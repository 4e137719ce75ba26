import Foundation
import Testing

/// The seeded bugs of Proof/, which `make torture-proof` puts in: here only that each can still be put in, and that the
/// test that has to catch it is there.
@Suite("Seeded bugs")
struct ProofTests {
  private static let folder = Repository.root.appendingPathComponent("Proof")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".patch") }.sorted()

  private static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  @Test("there are fourteen of them, each in the list of Proof/README.md")
  func list() throws {
    #expect(Self.names.count == 14)
    let list = try Self.text("README.md")
    for name in Self.names { #expect(list.contains("`\(name.dropLast(6))`"), "Proof/README.md lacks \(name)") }
  }

  @Test("each still applies", arguments: names)
  func applies(name: String) throws {
    let place = try Workplace()
    let files = try Self.text(name).split(separator: "\n").filter { $0.hasPrefix("--- a/") }.map { $0.dropFirst(6) }
    try #require(!files.isEmpty)
    for file in files {
      let copy = place.url(String(file))
      try FileManager.default.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: Repository.root.appendingPathComponent(String(file)), to: copy)
    }
    let patch = Self.folder.appendingPathComponent(name).path
    let outcome = try place.run("git", package: "git", ["apply", "--check", patch])
    #expect(outcome.status == 0, "Proof/\(name) has to be made anew: \(outcome.errors)")
  }

  @Test("each names a test that is there", arguments: names)
  func namesATest(name: String) throws {
    let text = try Self.text(name)
    let test = try #require(text.firstMatch(of: /(?m)^test: (\w+)\.(\w+)(?:\/(\w+))?$/))
    #expect(text.contains(/(?m)^breaks: .+$/) && text.contains(/(?m)^counts: (sample|full)$/))
    let folder = Repository.root.appendingPathComponent("Tests/\(test.1)")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
    let file = try #require(files?.first { $0.lastPathComponent == "\(test.2).swift" })
    let source = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(source.contains("struct \(test.2) {"))
    if let function = test.3 { #expect(source.contains("func \(function)(")) }
  }
}
