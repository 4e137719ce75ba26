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

/// A program at work, begun with `posix_spawn`.
///
/// Foundation's `Process` learns of an end by a socket that other children, spawned at the same instant, may inherit:
/// then it waits for them too, and a test that stops one child after another has ended never ends. Output goes to
/// files: a pipe that nobody empties would stop a program that prints much.
final class RunningProgram {
  let pid: pid_t
  private let scratch: URL
  private var status: Int32?

  /// Starts a program in `folder`; its environment is what is given here and nothing else.
  init(_ program: URL, _ arguments: [String], in folder: URL, environment: [String: String]) throws {
    scratch = try TestFolders.make("io")
    pid = try spawn(
      program.path, arguments, in: folder.path, environment: environment,
      output: scratch.appendingPathComponent("out").path, errors: scratch.appendingPathComponent("err").path)
  }

  deinit {
    guard status == nil else { return }
    kill(pid, SIGKILL)  // a test that failed half way
    waitpid(pid, nil, 0)
  }

  var isRunning: Bool {
    var code: Int32 = 0
    if status == nil, waitpid(pid, &code, WNOHANG) == pid { status = code }
    return status == nil
  }

  func send(_ signal: Int32) {
    if isRunning { kill(pid, signal) }
  }

  /// What it has written to standard error so far.
  var errorsSoFar: String { text("err") }

  /// What it has written to standard output so far.
  var outputSoFar: String { text("out") }

  /// Waits for its end.
  func wait() -> Outcome {
    var code: Int32 = 0
    while status == nil {
      if waitpid(pid, &code, 0) == pid { status = code }
    }
    let (signal, exitStatus) = ((status ?? 0) & 0x7F, ((status ?? 0) >> 8) & 0xFF)
    defer { try? FileManager.default.removeItem(at: scratch) }
    return Outcome(status: signal == 0 ? exitStatus : -signal, output: text("out"), errors: text("err"))
  }

  private func text(_ name: String) -> String {
    String(decoding: (try? Data(contentsOf: scratch.appendingPathComponent(name))) ?? Data(), as: UTF8.self)
  }
}

private func spawn(
  _ program: String, _ arguments: [String], in folder: String, environment: [String: String], output: String,
  errors: String
) throws -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  for (descriptor, path) in [(Int32(1), output), (2, errors)] {
    posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  }
  // No signal is ignored or blocked, whatever the test runner does.
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

  // posix_spawn's own way to another folder is hidden from Swift; a shell that becomes the program goes there.
  let shell = "/bin/sh"
  let goThere = [shell, "-c", "cd \"$0\" && exec \"$@\"", folder, program]
  let words = (goThere + arguments).map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in words + variables { free(text) } }
  var pid: pid_t = 0
  let code = posix_spawn(&pid, shell, &actions, &attributes, words, variables)
  guard code == 0 else { throw Missing("cannot run \(program): \(String(cString: strerror(code)))") }
  return pid
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
