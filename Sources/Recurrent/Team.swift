import CKernels
import Foundation
import Synchronization

/// Threads that work on one pass together: the caller's, and `count - 1` that wait for it.
///
/// The threads are started by the first `run`. They wait for the next one awake for a short while, as a training calls
/// again within microseconds, and then asleep. Not thread-safe: one owner at a time.
final class Team {
  /// How many threads, the caller's included.
  let count: Int
  private let shared: TeamMemory
  private var isStarted = false

  /// - Parameter body: what `run` calls, with the thread's number.
  init(count: Int, body: @escaping (Int) -> Void) {
    self.count = count
    shared = TeamMemory(count: count, body: body)
  }

  deinit {
    shared.end()
  }

  /// Calls the body with 0 on this thread and with 1 … count - 1 on the others, and returns when all have returned.
  func run() {
    if !isStarted { start() }
    shared.next()
    shared.body(0)
    shared.meet(0)
  }

  /// Waits until all threads of the running pass have come here.
  ///
  /// - Parameter index: the calling thread's number.
  @inline(__always)
  func meet(_ index: Int) {
    shared.meet(index)
  }

  private func start() {
    isStarted = true
    for index in 1..<count {
      let thread = Thread { [shared] in shared.work(index) }
      thread.name = "keepstep \(index)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}

/// What the threads of a team share.
private final class TeamMemory: @unchecked Sendable {
  // Unchecked: what `body` reaches is written by the owner while the others wait, and by each within its share.
  let body: (Int) -> Void
  private let count: Int
  private let isEnding = Atomic(false)
  /// Counts the passes.
  private let pass = Atomic(0)
  private let sleepers = Atomic(0)
  private let condition = NSCondition()
  /// For each thread, to how many meetings it has come.
  private let arrivals: UnsafeMutablePointer<Arrivals>
  /// Looks at a counter before giving the processor away; none where there are more threads than processors.
  private let patience: Int

  private static let looksBeforeYield = 2_000
  /// Yields before a waiting thread goes to sleep.
  private static let yieldsBeforeSleep = 20

  init(count: Int, body: @escaping (Int) -> Void) {
    self.count = count
    self.body = body
    arrivals = .allocate(capacity: count)
    for index in 0..<count { (arrivals + index).initialize(to: Arrivals()) }
    patience = count <= Kernels.usableCores ? Self.looksBeforeYield : 1
  }

  deinit {
    for index in 0..<count { (arrivals + index).deinitialize(count: 1) }
    arrivals.deallocate()
  }

  func end() {
    isEnding.store(true, ordering: .sequentiallyConsistent)
    next()
  }

  /// Lets the waiting threads go.
  func next() {
    pass.wrappingAdd(1, ordering: .sequentiallyConsistent)
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// A waiting thread's life.
  func work(_ index: Int) {
    ks_reset_floating_point_mode()
    var seen = 0
    while true {
      waitForPass(after: seen)
      seen += 1
      if isEnding.load(ordering: .sequentiallyConsistent) { return }
      body(index)
      meet(index)
    }
  }

  private func waitForPass(after seen: Int) {
    for _ in 0..<Self.yieldsBeforeSleep {
      for _ in 0..<patience {
        if pass.load(ordering: .acquiring) != seen { return }
        ks_pause()
      }
      sched_yield()
    }
    condition.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while pass.load(ordering: .sequentiallyConsistent) == seen { condition.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  /// Says that a thread has come, and waits for the others: one cache line from each to each, which is what it costs.
  func meet(_ index: Int) {
    let meeting = arrivals[index].count.load(ordering: .relaxed) + 1
    arrivals[index].count.store(meeting, ordering: .releasing)
    for other in 0..<count where other != index { wait(for: other, meeting) }
  }

  @inline(__always)
  private func wait(for other: Int, _ meeting: Int) {
    while true {
      for _ in 0..<patience {
        if arrivals[other].count.load(ordering: .acquiring) >= meeting { return }
        ks_pause()
      }
      sched_yield()
    }
  }
}

/// A counter on cache lines of its own: another thread's would slow it down.
private struct Arrivals: ~Copyable {
  let count = Atomic(0)
  private let padding: (SIMD16<UInt64>) = .zero
}
