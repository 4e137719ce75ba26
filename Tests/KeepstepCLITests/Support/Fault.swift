import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A fault at one call of a process on the files of its folder; see Fixtures/fault.c.
struct Fault {
  /// The calls that change what a disk holds.
  static let writingCalls = ["open", "write", "pwrite", "fsync", "fdatasync", "ftruncate", "unlink", "rename"]
  /// SQLite's locks and ours; only memory, but a process may die between two of them.
  static let lockingCalls = ["fcntl"]

  enum Action {
    /// SIGKILL before the call.
    case kill
    /// Half of what is to be written, then SIGKILL.
    case tear
    /// The call fails with this errno.
    case fail(Int32)

    fileprivate var text: String {
      switch self {
      case .kill: "kill"
      case .tear: "tear"
      case .fail(let code): "\(code)"
      }
    }
  }

  var calls: [String]
  /// Which of them, counted from 1 over all threads; 0 for none.
  var at: Int
  var action = Action.kill
  /// Do all later calls fail too?
  var stays = false

  /// The environment that brings the fault about in a process that works in `place`.
  func environment(in place: Workplace, log: URL? = nil) throws -> [String: String] {
    var environment = [
      "LD_PRELOAD": try Self.library.get().path, "FAULT_FOLDER": place.folder.path,
      "FAULT_CALLS": calls.joined(separator: ","), "FAULT_AT": "\(at)", "FAULT_DO": action.text,
    ]
    if stays { environment["FAULT_STAYS"] = "1" }
    if let log { environment["FAULT_LOG"] = log.path }
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

/// How long the tests may take: `make torture` sets both.
enum Effort {
  private static let environment = ProcessInfo.processInfo.environment
  /// Is it the long version?
  static let isTorture = environment["KEEPSTEP_TORTURE"].map { !$0.isEmpty && $0 != "0" } ?? false
  /// Random kills.
  static let kills = environment["KEEPSTEP_KILLS"].flatMap { Int($0) } ?? 20
}
