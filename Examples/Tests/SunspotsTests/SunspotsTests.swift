import Foundation
import Testing

@Suite("Sunspots")
struct SunspotsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program of this very build: it lies beside the test bundle, or above it.
  private static func program() throws -> URL {
    var place = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
    for _ in 0..<4 {
      place.deleteLastPathComponent()
      let program = place.appendingPathComponent("Sunspots")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder), !isFolder.boolValue {
        return program
      }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  @Test("trains, goes on and forecasts what README.md says")
  func forecasts() throws {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("sunspots-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    let process = Process()
    process.executableURL = try Self.program()
    process.arguments = [Self.folder.appendingPathComponent("../data/sunspots.csv").standardized.path]
    process.currentDirectoryURL = work
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let last = try #require(text.split(separator: "\n").last)
    let readme = try String(contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(readme.contains("\n\(last)\n"), "\(last)")
  }
}
