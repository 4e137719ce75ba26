import Foundation
import Testing

/// A folder of its own for a test. All of them go when the tests end: Swift may release a folder right after its last
/// mention, while a store in it is still open.
struct TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = Self.root.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  private static let root: URL = {
    atexit { try? FileManager.default.removeItem(at: TemporaryFolder.root) }
    return FileManager.default.temporaryDirectory.appendingPathComponent("training-tests-\(UUID().uuidString)")
  }()

  func path(_ name: String = "keepstep.db") -> String { url.appendingPathComponent(name).path }

  /// The names of its files, in order.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  /// Writes a text file.
  ///
  /// - Returns: its path.
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  /// Runs the real sqlite3 program on a store in this folder and returns what it prints.
  ///
  /// Another process, as a store that is open here must not be opened and closed beside SQLite.
  @discardableResult
  func sqlite3(_ sql: String, database: String = "keepstep.db") throws -> String {
    let process = try startSQLite3(sql, database: database)
    process.process.waitUntilExit()
    let (output, errors) = try process.printed()
    #expect(process.process.terminationStatus == 0, "\(sql): \(errors)")
    return output
  }

  /// Starts the sqlite3 program and does not wait for it.
  func startSQLite3(_ sql: String, database: String = "keepstep.db") throws -> RunningProgram {
    // Through files: a pipe that nobody empties would stop a program that prints much.
    let (output, errors) = (url.appendingPathComponent(".\(UUID()).out"), url.appendingPathComponent(".\(UUID()).err"))
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Values of another writer's rows are always checked against the store's rules.
    process.arguments = ["sqlite3", "-bail", "-cmd", "PRAGMA foreign_keys = ON", "-cmd", ".timeout 10000", database]
    process.currentDirectoryURL = url
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data((sql + "\n").utf8))
    try input.fileHandleForWriting.close()
    return RunningProgram(process: process, output: output, errors: errors)
  }
}

/// A program at work, with the files that it prints into.
struct RunningProgram {
  let process: Process
  let output: URL
  let errors: URL

  /// What it has printed so far.
  func printed() throws -> (output: String, errors: String) {
    (try String(contentsOf: output, encoding: .utf8), try String(contentsOf: errors, encoding: .utf8))
  }
}
