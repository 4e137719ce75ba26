import ArrayFiles
import Foundation
import Testing

/// Steele, Lea and Flood's SplitMix64: the same mutations in every test run.
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

/// `data` with one to four small damages: flipped bits, bytes that a parser minds, cuts, repeats.
func mutated(_ data: Data, _ random: inout SplitMix64) -> Data {
  var bytes = [UInt8](data)
  for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
    // Most damage belongs to the first bytes, where the header is.
    let reach = Bool.random(using: &random) ? min(bytes.count, 256) : bytes.count
    let place = Int.random(in: 0..<reach, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 2: bytes[place] = Array("0123456789{}[](),:\"'\\-eF ".utf8).randomElement(using: &random) ?? 0
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16, using: &random)))
    case 4:
      let end = min(bytes.count, place + Int.random(in: 1...16, using: &random))
      bytes.insert(contentsOf: bytes[place..<end], at: place)
    default: bytes.removeLast(Int.random(in: 0...min(64, bytes.count), using: &random))
    }
  }
  return Data(bytes)
}

/// What holds for all that a reader lets through.
func expectSound(_ arrays: [NamedArray]) {
  for array in arrays { #expect(array.shape.reduce(1, *) == array.values.count) }
}
