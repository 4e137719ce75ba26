import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): random instants that a printed seed brings back.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// Seeded by `KEEPSTEP_TEST_SEED`, or anew each time; the seed is printed.
  static func announced(_ test: String) -> SeededRandom {
    let given = ProcessInfo.processInfo.environment["KEEPSTEP_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    print("\(test): KEEPSTEP_TEST_SEED=\(seed)")
    return SeededRandom(seed: seed)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
