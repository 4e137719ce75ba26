import Foundation

/// The program gnuplot: where it is, and one run of it.
///
/// It is the program that `KEEPSTEP_GNUPLOT` names (a path, or a name to look for in `PATH`), or else `gnuplot` in
/// `PATH`. No shell is between: it reads a script on its standard input and writes the picture on its standard output.
public struct Gnuplot: Sendable {
  private let environment: [String: String]

  /// gnuplot as an environment names it.
  ///
  /// - Parameter environment: Where `KEEPSTEP_GNUPLOT` and `PATH` are read; the process's own by default.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// The program's path.
  ///
  /// - Throws: `FigureError` that names the packages to install, when there is none.
  public func locate() throws -> String {
    let chosen = environment["KEEPSTEP_GNUPLOT"].flatMap { $0.isEmpty ? nil : $0 }
    let name = chosen ?? "gnuplot"
    if name.contains("/") {
      guard isProgram(name) else { throw missing(name, chosen: chosen) }
      return name
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: isProgram) else {
      throw missing(name, chosen: chosen)
    }
    return path
  }

  private func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }

  private func missing(_ name: String, chosen: String?) -> FigureError {
    if let chosen {
      return FigureError(
        "cannot draw: KEEPSTEP_GNUPLOT is \(chosen), and there is no such program",
        hint: "unset KEEPSTEP_GNUPLOT to use gnuplot from PATH. \(Self.packages)")
    }
    return FigureError(
      "cannot draw: the program gnuplot, which draws the pictures, is not in PATH", hint: Self.packages)
  }

  private static let packages =
    "gnuplot comes with apt-get install gnuplot-nox (Debian, Ubuntu), dnf install gnuplot-minimal (Fedora), "
    + "apk add gnuplot (Alpine), brew install gnuplot (macOS)"

  /// Runs a script; the picture goes to `output`.
  ///
  /// - Throws: `FigureError` with gnuplot's own words when it cannot be started or fails.
  func run(_ program: String, script: String, output: FileHandle) throws {
    // Files that have no name, rather than pipes: nothing can fill up, break (SIGPIPE) or be left behind.
    let input = try NamelessFile.open()
    let complaints = try NamelessFile.open()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    // Named as a file, the script ends at its first error; read as a dialogue, gnuplot would go on after it.
    process.arguments = ["--default-settings", "/dev/stdin"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = complaints
    do {
      try input.write(contentsOf: Data(script.utf8))
      try input.seek(toOffset: 0)
      try process.run()
    } catch {
      throw FigureError("cannot draw: \(program) could not be started: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let end = process.terminationReason == .exit ? "exit status" : "signal"
      throw FigureError(
        "cannot draw: \(program) failed with \(end) \(process.terminationStatus)\(Self.words(complaints))")
    }
    guard let size = try? output.seekToEnd(), size > 0 else {
      throw FigureError("cannot draw: \(program) wrote no picture\(Self.words(complaints))")
    }
  }

  /// What a script draws, as text.
  ///
  /// - Throws: `FigureError`, as `run`.
  func text(_ program: String, script: String) throws -> String {
    let output = try NamelessFile.open()
    try run(program, script: script, output: output)
    do {
      try output.seek(toOffset: 0)
      return String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
    } catch {
      throw FigureError("cannot draw: what \(program) drew cannot be read again: \(error.localizedDescription)")
    }
  }

  /// What gnuplot said, its lines joined, after a colon; empty when it said nothing.
  private static func words(_ complaints: FileHandle) -> String {
    guard (try? complaints.seek(toOffset: 0)) != nil, let data = try? complaints.read(upToCount: 4_096) else {
      return ""
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let said = lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty && $0 != "^" }
    return said.isEmpty ? "" : ": " + said.joined(separator: "; ")
  }
}
