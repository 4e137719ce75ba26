/// Floats between two guard zones, at an address that is a multiple of 4 and of no more: what a kernel writes into.
struct Guarded {
  private static let mark = Float(bitPattern: 0xDEAD_BEEF)
  private static let zone = 33

  private var memory: [Float]

  init(_ values: [Float]) {
    let guardZone = [Float](repeating: Self.mark, count: Self.zone)
    memory = guardZone + values + guardZone
  }

  /// `count` floats that hold the guards' mark, for an output whose every element must be written, and no other.
  init(unwritten count: Int) {
    self.init([Float](repeating: Self.mark, count: count))
  }

  /// What stands between the guards.
  var values: [Float] { Array(memory.dropFirst(Self.zone).dropLast(Self.zone)) }

  /// Is the value at `index` as `init(unwritten:)` left it?
  func isUnwritten(_ index: Int) -> Bool {
    memory[Self.zone + index].bitPattern == Self.mark.bitPattern
  }

  /// Has nothing been written before the first value or past the last one?
  var isIntact: Bool {
    (memory.prefix(Self.zone) + memory.suffix(Self.zone)).allSatisfy { $0.bitPattern == Self.mark.bitPattern }
  }

  /// Calls `body` with the address of the first value.
  mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    memory.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("the guard zones are never empty") }
      return body(base + Self.zone)
    }
  }
}
