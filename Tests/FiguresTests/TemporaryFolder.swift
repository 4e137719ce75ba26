import Foundation
import Testing

/// A folder of a test's own, removed with the last reference to it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("figures-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Everything in it, hidden files too.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: self(name)))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try data(name), as: UTF8.self)
  }

  /// A program of the shell's in this folder.
  ///
  /// Another process copies it into place: while this one writes a file, a child that another test starts just then may
  /// inherit it, and a file that is open for writing can't be started.
  func program(_ name: String, _ body: String) throws -> String {
    let text = self(name) + ".text"
    try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: text))
    let copy = Process()
    copy.executableURL = URL(fileURLWithPath: "/bin/sh")
    copy.arguments = ["-c", #"cp "$0" "$1" && chmod 755 "$1" && rm "$0""#, text, self(name)]
    try copy.run()
    copy.waitUntilExit()
    #expect(copy.terminationStatus == 0, "cannot make \(self(name))")
    return self(name)
  }
}
