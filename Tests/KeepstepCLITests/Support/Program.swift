import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// How a program ended, and what it printed.
struct Outcome {
  /// The exit status, or minus the number of the signal that killed it.
  var status: Int32
  var output: String
  var errors: String

  /// The lines of standard output.
  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

  /// Standard output as CSV without quotes: a dictionary a row.
  var rows: [[String: String]] {
    let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    guard let header = cells.first else { return [] }
    return cells.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }
}

/// A program at work. Its output goes to files: a pipe that nobody empties would stop a program that prints much.
final class RunningProgram {
  private let process = Process()
  private let scratch: URL

  /// Starts a program in `folder`; its environment is what is given here and nothing else.
  init(_ program: URL, _ arguments: [String], in folder: URL, environment: [String: String]) throws {
    scratch = try TestFolders.make("io")
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.emptyFile(outputFile)
    process.standardError = try Self.emptyFile(errorsFile)
    try process.run()
  }

  private var outputFile: URL { scratch.appendingPathComponent("out") }
  private var errorsFile: URL { scratch.appendingPathComponent("err") }

  private static func emptyFile(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  /// The number of the process.
  var pid: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// What it has written to standard error so far.
  var errorsSoFar: String { text(of: errorsFile) }

  func send(_ signal: Int32) {
    if process.isRunning { kill(pid, signal) }
  }

  /// Waits for its end.
  func wait() -> Outcome {
    process.waitUntilExit()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let status = process.terminationStatus
    return Outcome(
      status: process.terminationReason == .uncaughtSignal ? -status : status, output: text(of: outputFile),
      errors: text(of: errorsFile))
  }

  private func text(of file: URL) -> String {
    String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
  }
}

/// Waits until `condition` holds.
///
/// - Throws: `Missing` after a minute: something that should have happened did not.
func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
  let deadline = Date(timeIntervalSinceNow: 60)
  while try !condition() {
    guard Date() < deadline else { throw Missing("waited a minute until \(what)") }
    Thread.sleep(forTimeInterval: 0.02)
  }
}
