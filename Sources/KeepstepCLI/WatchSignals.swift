import Foundation
import Synchronization

/// The signals by which a person leaves `watch` or puts it into the background.
final class WatchSignals: Sendable {
  private let stopping = Atomic<Int32>(0)
  private let suspending = Atomic<Bool>(false)
  private let resized = Atomic<Bool>(false)

  private static let shared = WatchSignals()

  /// Turns this process's signals into requests from now on.
  static func install() -> WatchSignals {
    let signals = shared  // made before a handler can run
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      signal(number) { WatchSignals.shared.stopping.store($0, ordering: .relaxed) }
    }
    if isatty(STDOUT_FILENO) == 1 {
      signal(SIGTSTP) { _ in WatchSignals.shared.suspending.store(true, ordering: .relaxed) }
      signal(SIGWINCH) { _ in WatchSignals.shared.resized.store(true, ordering: .relaxed) }
    }
    return signals
  }

  /// The signal that asked to end, or nil.
  var stop: Int32? {
    let number = stopping.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Is there something to do before the next look is due? A new size counts once.
  var isAwaiting: Bool {
    suspending.load(ordering: .relaxed) || resized.exchange(false, ordering: .relaxed)
  }

  /// Was Ctrl-Z pressed? It counts once.
  var isSuspended: Bool { suspending.exchange(false, ordering: .relaxed) }
}
