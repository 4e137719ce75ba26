import CKernels
import Testing

@Suite struct DropoutTests {
  static let offsets: [UInt64] = [0, 1, 2, 3, 5, 63, 64, 1 << 40 + 3, (1 << 34) - 30]

  @Test(arguments: implementations)
  func everyElementIsAsItsWordOfPhiloxSays(name: String) throws {
    let set = try kernels(name)
    var mask = ks_dropout_mask(
      seed: 0x1234_5678_9ABC_DEF0, step: 0xF_0000_0007, purpose: 9, below: 1 << 30, scale: 4 / 3)
    for first in Self.offsets {
      for n in Array(lengths) + [129, 300] {
        let x = randomFloats(n, seed: UInt64(n) + first)
        let expected = (0..<n).map { index in
          philox(mask, first + UInt64(index)) < mask.below ? 0 : x[index] * mask.scale + 0
        }
        var output = Guarded(unwritten: n)
        output.withPointer { set.dropout(n, &mask, first, x, $0) }
        #expect(output.isIntact && difference(output.values, expected) == nil, "\(n) from \(first)")
        var inPlace = Guarded(x)
        inPlace.withPointer { set.dropout(n, &mask, first, $0, $0) }
        #expect(inPlace.isIntact && difference(inPlace.values, expected) == nil, "\(n) from \(first) in place")
      }
    }
  }

  @Test(arguments: implementations)
  func anArrayMayBeDoneInParts(name: String) throws {
    let set = try kernels(name)
    var mask = ks_dropout_mask(seed: 1, step: 2, purpose: 255, below: 1 << 31, scale: 2)
    let x = randomFloats(200, seed: 1)
    var whole = Guarded(x)
    whole.withPointer { set.dropout(200, &mask, 77, $0, $0) }
    for cut in [1, 2, 19, 64, 131] {
      var parts = Guarded(x)
      parts.withPointer {
        set.dropout(cut, &mask, 77, $0, $0)
        set.dropout(200 - cut, &mask, UInt64(77 + cut), $0 + cut, $0 + cut)
      }
      #expect(difference(parts.values, whole.values) == nil, "cut at \(cut)")
    }
  }

  @Test(arguments: implementations)
  func shareOfTheDroppedIsTheProbabilityAndEveryInputChangesTheMask(name: String) throws {
    let set = try kernels(name)
    let n = 40_000
    let ones = [Float](repeating: 1, count: n)
    var masks = [
      ks_dropout_mask(seed: 1, step: 1, purpose: 9, below: 1_288_490_189, scale: 1),  // 0.3 · 2^32
      ks_dropout_mask(seed: 2, step: 1, purpose: 9, below: 1_288_490_189, scale: 1),
      ks_dropout_mask(seed: 1 << 32 | 1, step: 1, purpose: 9, below: 1_288_490_189, scale: 1),
      ks_dropout_mask(seed: 1, step: 2, purpose: 9, below: 1_288_490_189, scale: 1),
      ks_dropout_mask(seed: 1, step: 1 << 32 | 1, purpose: 9, below: 1_288_490_189, scale: 1),
      ks_dropout_mask(seed: 1, step: 1, purpose: 10, below: 1_288_490_189, scale: 1),
    ]
    let results = masks.indices.map { index in
      var output = Guarded(unwritten: n)
      output.withPointer { set.dropout(n, &masks[index], 0, ones, $0) }
      return output.values
    }
    for (index, result) in results.enumerated() {
      let dropped = Double(result.count { $0 == 0 }) / Double(n)
      // Five standard deviations of a share of 40,000 are 0.0115.
      #expect(abs(dropped - 0.3) < 0.0115, "mask \(index)")
      #expect(index == 0 || result != results[0], "mask \(index)")
    }
  }

  @Test(arguments: implementations)
  func whatIsDroppedIsPlusZeroAndNothingIsMinusZero(name: String) throws {
    let set = try kernels(name)
    for below in [0, UInt32.max] {
      var mask = ks_dropout_mask(seed: 3, step: 4, purpose: 9, below: below, scale: 2)
      let x: [Float] = [-1, -0.0, 0, .nan, .infinity, -0x1p-149]
      var output = Guarded(unwritten: x.count)
      output.withPointer { set.dropout(x.count, &mask, 0, x, $0) }
      let kept: [Float] = [-2, 0, 0, .nan, .infinity, -0x1p-148]
      #expect(difference(output.values, below == 0 ? kept : [0, 0, 0, 0, 0, 0]) == nil, "below \(below)")
    }
  }

  /// Word `index` of the mask's numbers: Philox4x32-10 as in Salmon et al. 2011, figure 4, and their code's constants.
  private func philox(_ mask: ks_dropout_mask, _ index: UInt64) -> UInt32 {
    func word(_ x: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: x) }
    let block = index / 4
    var counter = (
      word(block), word(block >> 32) & 0xFF_FFFF | mask.purpose << 24, word(mask.step), word(mask.step >> 32)
    )
    var key = (word(mask.seed), word(mask.seed >> 32))
    for round in 0..<10 {
      if round > 0 { key = (key.0 &+ 0x9E37_79B9, key.1 &+ 0xBB67_AE85) }
      let product0 = UInt64(counter.0) * 0xD251_1F53
      let product1 = UInt64(counter.2) * 0xCD9E_8D57
      counter = (
        word(product1 >> 32) ^ counter.1 ^ key.0, word(product1), word(product0 >> 32) ^ counter.3 ^ key.1,
        word(product0)
      )
    }
    return [counter.0, counter.1, counter.2, counter.3][Int(index % 4)]
  }
}
