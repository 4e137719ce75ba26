import Foundation

/// A fixed number of floats on a cache line's border, zero at first: the memory of parameters and windows.
///
/// A class, so that a training loop hands it on without copying. Not thread-safe: one owner at a time.
public final class FloatBuffer {
  /// How many floats.
  public let count: Int
  /// The first of `count` floats.
  public let pointer: UnsafeMutablePointer<Float>

  /// - Throws: `RecurrentError` when the machine has no such memory.
  public init(count: Int) throws {
    var memory: UnsafeMutableRawPointer?
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, posix_memalign(&memory, 64, bytes) == 0, let memory else {
      throw RecurrentError(
        "cannot get memory for \(count) numbers (\(count) x 4 bytes)", hint: "choose smaller sizes")
    }
    self.count = count
    self.pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
  }

  deinit {
    free(pointer)
  }

  /// Copies all of `other`, which has the same count.
  public func copy(from other: FloatBuffer) {
    precondition(other.count == count)
    pointer.update(from: other.pointer, count: count)
  }

  /// Sets all to zero.
  public func clear() {
    pointer.update(repeating: 0, count: count)
  }

  /// The values as an array.
  public var values: [Float] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }
}
