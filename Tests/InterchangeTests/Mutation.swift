import Foundation
import Recurrent
import Testing

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
func expectSound(_ tensors: [NamedTensor]) throws {
  #expect(Set(tensors.map(\.name)).count == tensors.count)
  for tensor in tensors {
    #expect(tensor.shape.reduce(1, *) == tensor.values.count)
    #expect(tensor.values.allSatisfy { $0.isFinite && $0.bitPattern != 0x8000_0000 })
  }
}
