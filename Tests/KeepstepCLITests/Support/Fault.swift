import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A fault at one call of a process on the files of its folder; see Fixtures/fault.c.
struct Fault {
  /// The calls that change what a disk holds.
  static let writingCalls = [
    "open", "write", "pwrite", "fsync", "fdatasync", "ftruncate", "unlink", "rename", "fchown",
  ]
  /// Those that a full or broken disk can refuse.
  static let fallibleCalls = ["open", "write", "pwrite", "fsync", "fdatasync", "ftruncate"]
  /// SQLite's locks and ours; only memory, but a process may die between two of them.
  static let lockingCalls = ["fcntl"]
  /// A request to stop that comes before the first step, so that exactly one is taken.
  static let stopAfterOneStep = Fault(calls: ["sigaction"], at: 1, action: .stop)

  enum Action {
    /// SIGKILL before the call.
    case kill
    /// Half of what is to be written, then SIGKILL.
    case tear
    /// The call fails with this errno.
    case fail(Int32)
    /// SIGTERM.
    case stop
    /// SIGSTOP: the process stands still before the call, until a SIGCONT.
    case freeze

    fileprivate var text: String {
      switch self {
      case .kill: "kill"
      case .tear: "tear"
      case .fail(let code): "\(code)"
      case .stop: "term"
      case .freeze: "stop"
      }
    }
  }

  var calls: [String]
  /// Which of them, counted from 1 over all threads; 0 for none.
  var at: Int
  var action = Action.kill
  /// Do all later calls fail too?
  var stays = false
  /// A file that gets the number of such calls of a process that ends by itself.
  var log: URL?

  /// The environment that brings the fault about in a process that works in `place`.
  func environment(in place: Workplace, log otherLog: URL? = nil) throws -> [String: String] {
    var environment = [
      "LD_PRELOAD": try Self.library.get().path, "FAULT_FOLDER": place.folder.path,
      "FAULT_CALLS": calls.joined(separator: ","), "FAULT_AT": "\(at)", "FAULT_DO": action.text,
    ]
    if stays { environment["FAULT_STAYS"] = "1" }
    if let log = otherLog ?? log { environment["FAULT_LOG"] = log.path }
    return environment
  }

  /// The library is compiled once, by the clang that Swift brings along.
  private static let library = Result { () throws -> URL in
    let folder = try TestFolders.make("fault")
    let library = folder.appendingPathComponent("fault.so")
    let clang = try Binary.system("clang", package: "clang")
    let outcome = try RunningProgram(
      clang,
      ["-std=gnu11", "-O1", "-shared", "-fPIC", Repository.fixture("fault.c").path, "-o", library.path, "-ldl"],
      in: folder, environment: Workplace.environment
    ).wait()
    guard outcome.status == 0 else { throw Missing("clang cannot build fault.c: \(outcome.errors)") }
    return library
  }

  /// LD_PRELOAD is Linux's.
  static var isSupported: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }
}

/// How long the tests may take.
enum Effort {
  private static let environment = ProcessInfo.processInfo.environment
  /// Is it the long version, that of `make torture`?
  static let isTorture = environment["KEEPSTEP_TORTURE"].map { !$0.isEmpty && $0 != "0" } ?? false

  /// One of two numbers: that of `make test` or that of `make torture`.
  static func sample(_ few: Int, full: Int) -> Int { isTorture ? full : few }
}
