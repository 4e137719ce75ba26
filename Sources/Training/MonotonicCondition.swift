import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock and a condition whose waits end by the monotonic clock.
///
/// `NSCondition` and Dispatch's semaphores wait for a time of day: when somebody sets the clock back by an hour, they wait
/// an hour longer.
final class MonotonicCondition: @unchecked Sendable {
  // Unchecked: both are made for being used by several threads.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    #if canImport(Darwin)
      pthread_cond_init(condition, nil)
    #else
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }
  func unlock() { pthread_mutex_unlock(mutex) }
  func broadcast() { pthread_cond_broadcast(condition) }

  /// Waits for a broadcast; may wake without one.
  func wait() { pthread_cond_wait(condition, mutex) }

  /// Waits for a broadcast, or so many nanoseconds; may wake earlier without one.
  ///
  /// - Returns: whether the time was not up.
  func wait(nanoseconds: Int) -> Bool {
    #if canImport(Darwin)
      var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
      return pthread_cond_timedwait_relative_np(condition, mutex, &time) == 0
    #else
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      let end = time.tv_nsec + nanoseconds
      time.tv_sec += end / 1_000_000_000
      time.tv_nsec = end % 1_000_000_000
      return pthread_cond_timedwait(condition, mutex, &time) == 0
    #endif
  }
}
