/// Plain values that stay where they are, so that passes through time read them by pointer: an array's or an object's
/// reference would be counted at every step.
final class Pinned<Value: BitwiseCopyable> {
  let values: UnsafeMutableBufferPointer<Value>

  init(_ array: [Value]) {
    values = .allocate(capacity: array.count)
    _ = values.initialize(from: array)
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
    UnsafeBufferPointer(pinMutable(array))
  }

  /// The same for values that change.
  mutating func pinMutable<Value: BitwiseCopyable>(_ array: [Value]) -> UnsafeMutableBufferPointer<Value> {
    let pinned = Pinned(array)
    held.append(pinned)
    return pinned.values
  }
}
