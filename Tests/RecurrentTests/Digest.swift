/// FNV-1a over bit patterns, 64 bits: enough to notice a changed bit, and few lines.
struct Digest {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ values: [Float]) {
    for value in values { add(UInt64(value.bitPattern), bytes: 4) }
  }

  mutating func add(_ value: Double) {
    add(value.bitPattern, bytes: 8)
  }

  private mutating func add(_ bits: UInt64, bytes: UInt64) {
    for byte in 0..<bytes {
      value = (value ^ (bits >> (8 * byte) & 0xFF)) &* 0x100_0000_01B3
    }
  }
}
