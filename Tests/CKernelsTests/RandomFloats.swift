/// The same numbers in every run: SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Numbers around one; every eighth is a zero of either sign or so small that products underflow to such a zero.
func randomFloats(_ count: Int, seed: UInt64) -> [Float] {
  let odd: [Float] = [0, -0.0, 1e-30, -1e-30, 0x1p-140, -0x1p-140, 0x1p-126, -0x1p-126]
  var random = SplitMix64(state: seed)
  return (0..<count).map { _ in
    let bits = random.next()
    return bits % 8 == 0 ? odd[Int(bits >> 3 & 7)] : Float.random(in: -2..<2, using: &random)
  }
}

/// Where functions change their ways, with their neighbours, and random numbers of many magnitudes.
func awkwardFloats(_ count: Int, seed: UInt64) -> [Float] {
  let borders: [Float] = [
    0, 0x1p-149, 0x1p-127, 0x1p-126, 1e-20, 1e-4, 0.346_573_6, 0.625, 1, 9, 10, 44, 87.336_54, 88.722_84, 89,
    103.972_08, 104, 1e10, .greatestFiniteMagnitude, .infinity, .nan,
  ]
  let all = borders.flatMap { [$0, -$0, $0.nextUp, -$0.nextUp, $0.nextDown, -$0.nextDown] }
  var random = SplitMix64(state: seed)
  return (0..<count).map { index in
    let bits = random.next()
    return bits % 2 == 0 ? all[index % all.count] : Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32))
  }
}
