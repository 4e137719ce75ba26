import Figures
import Foundation
import Testing

/// Where a picture cannot be written, the message names the place, and nothing is left behind.
@Suite struct WholeFileTests {
  private let folder: TemporaryFolder
  private let figure = Figure(
    title: "", xLabel: "", yLabel: "", series: [Series("", points: [Series.Point(x: 0, y: 1)], color: .red)])

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func aMissingFolderIsNamed() throws {
    let path = folder("no/such/seed.svg")
    let error = try #require(throws: FigureError.self) { try figure.write(to: path) }
    #expect(error.message == "cannot write \(path): there is no folder \(folder("no/such"))")
    #expect(error.hint == "mkdir -p \(folder("no/such"))")
    #expect(error.errorDescription == error.message && error.recoverySuggestion == error.hint)
  }

  @Test func aFileIsNoFolder() throws {
    try Data().write(to: URL(fileURLWithPath: folder("file")))
    let error = try #require(throws: FigureError.self) { try figure.write(to: folder("file/seed.svg")) }
    #expect(error.message.contains(folder("file/seed.svg")))
    #expect(try folder.names() == ["file"])
  }

  @Test func aFolderIsNotReplaced() throws {
    try FileManager.default.createDirectory(atPath: folder("seed.svg"), withIntermediateDirectories: true)
    let error = try #require(throws: FigureError.self) { try figure.write(to: folder("seed.svg")) }
    #expect(error.message == "cannot write \(folder("seed.svg")): it is a folder")
    #expect(try folder.names() == ["seed.svg"])
  }

  @Test(.enabled(if: geteuid() != 0, "root writes into read-only folders"))
  func aReadOnlyFolderIsNamed() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
    let error = try #require(throws: FigureError.self) { try figure.write(to: folder("seed.svg")) }
    #expect(error.message == "cannot write \(folder("seed.svg")): the folder \(folder.path) is read-only")
  }

  @Test func aRelativePathIsWrittenInTheWorkingFolder() throws {
    let name = "figure-\(UUID().uuidString).svg"
    defer { try? FileManager.default.removeItem(atPath: name) }
    try figure.write(to: name)
    #expect(FileManager.default.fileExists(atPath: name))
  }
}
