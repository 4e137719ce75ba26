/// Plain values that stay where they are, so that passes through time read them by pointer: an array's or an object's
/// reference would be counted at every step.
final class Pinned<Value: BitwiseCopyable> {
  let values: UnsafeBufferPointer<Value>

  init(_ array: [Value]) {
    let memory = UnsafeMutableBufferPointer<Value>.allocate(capacity: array.count)
    _ = memory.initialize(from: array)
    values = UnsafeBufferPointer(memory)
  }

  deinit {
    values.deallocate()
  }
}

/// What holds the memory that plain values point to.
struct Holder {
  private var held: [AnyObject] = []

  /// A buffer of zeros.
  mutating func buffer(_ count: Int) throws -> UnsafeMutablePointer<Float> {
    let buffer = try FloatBuffer(count: count)
    held.append(buffer)
    return buffer.pointer
  }

  /// The values, pinned.
  mutating func pin<Value: BitwiseCopyable>(_ array: [Value]) -> UnsafeBufferPointer<Value> {
    let pinned = Pinned(array)
    held.append(pinned)
    return pinned.values
  }
}
