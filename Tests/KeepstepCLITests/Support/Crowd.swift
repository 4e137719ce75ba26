import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Many trainers and readers of one store, seen from outside: `Fixtures/watch.py` looks at the heartbeats with Python's
/// sqlite3, and holds a read transaction open.
final class Crowd {
  /// What the watcher saw.
  struct Beats: Decodable {
    /// Runs seen.
    var runs = 0
    /// Looks taken.
    var looks = 0
    /// The longest that a running run went without a new heartbeat, in seconds by the watcher's clock.
    var gap = 0.0
    /// The longest that a running run's heartbeat was behind the time of day, in seconds.
    var behind = 0.0
    /// The longest look, in seconds.
    var look = 0.0
    /// The largest size of the -wal, in bytes, and the last.
    var largestWAL = 0
    var lastWAL = 0
  }

  let place: Workplace
  /// What is wrong so far, a line each.
  private(set) var faults = ""
  /// Commands that only read, so far.
  private(set) var reads = 0
  /// Trainers killed so far.
  private(set) var kills = 0
  private let options: [String]
  private let names: [String]
  private var trainers: [String: RunningProgram] = [:]
  private var readers: [RunningProgram] = []
  private var watcher: RunningProgram?
  private var holder: RunningProgram?

  /// A crowd of `names`, each of which trains with `options`; nobody has begun.
  init(in place: Workplace, names: [String] = [], options: [String] = []) {
    self.place = place
    self.names = names
    self.options = options
  }

  // MARK: - Trainers

  /// Starts all runs.
  func beginTraining() throws {
    for name in names { trainers[name] = try train(name) }
  }

  private func train(_ name: String) throws -> RunningProgram {
    try start(["train", "--quiet", "--name", name] + options)
  }

  /// Starts a trainer whose waits for the store's locks are noted.
  private func start(_ words: [String]) throws -> RunningProgram {
    #if os(Linux)
      let noting = ["LD_PRELOAD": try Preload.waits.get().path, "WAITS_LOG": waitsLog.path]
      return try place.start(words, environment: noting)
    #else
      return try place.start(words)
    #endif
  }

  private var waitsLog: URL { place.url("waits.log") }

  /// The longest that a trainer has waited for a lock, in seconds; `nil` where there is no way to tell.
  var longestWait: Double? {
    get throws {
      guard FileManager.default.fileExists(atPath: waitsLog.path) else { return nil }
      return try String(contentsOf: waitsLog, encoding: .utf8).split(separator: "\n").compactMap { Double($0) }.max()
    }
  }

  var isTraining: Bool { trainers.values.contains(where: \.isRunning) }

  /// Kills a trainer at work, and goes on with its run.
  func killOne(using random: inout SeededRandom) throws {
    guard let name = names.filter({ trainers[$0]?.isRunning == true }).randomElement(using: &random),
      let trainer = trainers[name]
    else { return }
    trainer.send(SIGKILL)
    let outcome = trainer.wait()
    if outcome.status == -SIGKILL { kills += 1 } else { note(outcome, name) }
    let isRecorded = try !place.query("SELECT 1 FROM runs WHERE name = '\(name)'").isEmpty
    trainers[name] = isRecorded ? try start(["resume", name, "--quiet"]) : try train(name)
  }

  /// Waits for all runs' ends.
  func endTraining() {
    for name in names {
      if let trainer = trainers.removeValue(forKey: name) { note(trainer.wait(), name) }
    }
  }

  private func note(_ outcome: Outcome, _ name: String) {
    if outcome.status != 0 { faults += "\(name) ended with \(outcome.status): \(outcome.errors)\(outcome.output)\n" }
  }

  // MARK: - Readers

  /// Keeps `count` commands that only read at work.
  func read(by count: Int) throws {
    for reader in readers where !reader.isRunning { note(reader.wait(), "a reader") }
    readers.removeAll { !$0.isRunning }
    let commands = [["runs"], ["show", "last"], ["query", "SELECT count(*), max(step) FROM steps"]]
    while readers.count < count {
      readers.append(try place.start(commands[reads % commands.count]))
      reads += 1
    }
  }

  /// Waits for their ends.
  func endReading() {
    for reader in readers { note(reader.wait(), "a reader") }
    readers = []
  }

  /// Opens a read transaction that stays open.
  func beginTransaction() throws {
    let program = try watch("hold", until: "held")
    holder = program
    try waitUntil("the reader holds its transaction") {
      guard program.isRunning else { throw Missing("the reader ended: \(program.wait().errors)") }
      return FileManager.default.fileExists(atPath: place.url("holding").path)
    }
    try FileManager.default.removeItem(at: place.url("holding"))
  }

  /// Ends it.
  func endTransaction() throws { _ = try end(&holder, "held") }

  // MARK: - The watcher

  /// Starts the watcher.
  func beginWatching() throws { watcher = try watch("beats", until: "watched") }

  /// What the watcher has seen until now.
  func endWatching() throws -> Beats {
    try JSONDecoder().decode(Beats.self, from: Data(try end(&watcher, "watched").utf8))
  }

  private func watch(_ what: String, until stop: String) throws -> RunningProgram {
    try RunningProgram(
      try Binary.system("python3", package: "python3"),
      [Repository.fixture("watch.py").path, "keepstep.db", what, stop], in: place.folder,
      environment: Workplace.environment)
  }

  private func end(_ program: inout RunningProgram?, _ stop: String) throws -> String {
    try place.write("", to: stop)
    let outcome = try #require(program).wait()
    program = nil
    try FileManager.default.removeItem(at: place.url(stop))
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  /// Bytes of the -wal; 0 when there is none.
  var walBytes: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: place.url("keepstep.db-wal").path)
    return (attributes?[.size] as? Int) ?? 0
  }
}

extension RunningProgram {
  /// Was it stopped by a signal? Then it goes on with SIGCONT.
  var isStopped: Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first == "T"
  }
}

/// Compiles a file of C beside the tests to a library for LD_PRELOAD, by the clang that Swift brings along.
enum Preload {
  /// `Fixtures/clock.c`.
  static let clock = Result { try build("clock") }
  /// `Fixtures/filesystem.c`.
  static let fileSystem = Result { try build("filesystem") }
  /// `Fixtures/waits.c`.
  static let waits = Result { try build("waits") }

  private static func build(_ name: String) throws -> URL {
    let folder = try TestFolders.make(name)
    let library = folder.appendingPathComponent("\(name).so")
    let clang = try Binary.system("clang", package: "clang")
    let outcome = try RunningProgram(
      clang,
      ["-std=gnu11", "-O1", "-shared", "-fPIC", Repository.fixture("\(name).c").path, "-o", library.path, "-ldl"],
      in: folder, environment: Workplace.environment
    ).wait()
    guard outcome.status == 0 else { throw Missing("clang cannot build \(name).c: \(outcome.errors)") }
    return library
  }
}
