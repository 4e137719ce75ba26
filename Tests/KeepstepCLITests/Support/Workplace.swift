import Foundation
import Testing

/// A fresh folder, and commands run in it as a person would.
struct Workplace {
  let folder: URL

  init() throws {
    folder = try TestFolders.make("work")
  }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// The names of all files in it, in order.
  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url(name))
  }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url(name)) }

  /// An environment of the tests' own: nothing that is set outside chooses a store or an instruction set. Only a
  /// sanitizer's options are passed on.
  static let environment = [
    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": FileManager.default.temporaryDirectory.path, "LC_ALL": "C.UTF-8",
  ].merging(ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }) { $1 }

  /// Starts `keepstep`.
  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
    try RunningProgram(
      try Binary.keepstep, arguments, in: folder, environment: Self.environment.merging(environment) { $1 })
  }

  /// Runs `keepstep` to its end.
  func keepstep(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try start(arguments, environment: environment).wait()
  }

  /// Runs `keepstep` with the words of a line; no word has a space in it.
  func keepstep(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    try keepstep(line.split(separator: " ").map(String.init), environment: environment)
  }

  /// Runs `keepstep`, and expects that it succeeds.
  @discardableResult
  func succeed(
    _ line: String, environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try keepstep(line, environment: environment)
    #expect(outcome.status == 0, "keepstep \(line): \(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  /// The rows of a query, as lines of CSV without the header.
  func query(_ sql: String, store: String = "keepstep.db") throws -> [String] {
    let outcome = try keepstep(["query", sql, "--format", "csv", "--store", store])
    try #require(outcome.status == 0, "\(sql): \(outcome.errors)")
    return Array(outcome.lines.dropFirst())
  }

  /// Runs a program of the system to its end.
  func run(_ program: String, package: String, _ arguments: [String]) throws -> Outcome {
    try RunningProgram(
      try Binary.system(program, package: package), arguments, in: folder, environment: Self.environment
    ).wait()
  }

  /// Runs the real `sqlite3` program.
  @discardableResult
  func sqlite3(_ statements: String..., store: String = "keepstep.db") throws -> String {
    let outcome = try run("sqlite3", package: "sqlite3", ["-bail", store] + statements)
    try #require(outcome.status == 0, "\(statements): \(outcome.errors)")
    return outcome.output
  }
}
