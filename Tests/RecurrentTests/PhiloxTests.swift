import Recurrent
import Testing

@Suite struct PhiloxTests {
  /// From the file kat_vectors of Random123, the authors' own library.
  @Test func knownAnswers() {
    let ones = UInt32.max
    #expect(
      Philox.block(SIMD4(0, 0, 0, 0), key: SIMD2(0, 0))
        == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    #expect(
      Philox.block(SIMD4(ones, ones, ones, ones), key: SIMD2(ones, ones))
        == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    #expect(
      Philox.block(
        SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), key: SIMD2(0xA409_3822, 0x299F_31D0))
        == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func aDrawIsAWordOfTheBlockThatItsArgumentsName() {
    let philox = Philox(seed: 0x0123_4567_89AB_CDEF)
    for index in [0, 1, 2, 3, 4, 7, 1023, 1 << 40 + 5, (1 << 58) - 1] {
      let block = UInt64(index / 4)
      let purpose = Philox.Purpose.hiddenBias
      let counter = SIMD4<UInt32>(
        UInt32(truncatingIfNeeded: block), UInt32(block >> 32) + purpose.rawValue << 24, 0x89, 0x7)
      #expect(
        philox.bits(purpose, step: 0x7_0000_0089, index: index)
          == Philox.block(counter, key: SIMD2(0x89AB_CDEF, 0x0123_4567))[index % 4])
    }
  }

  @Test func seedsPurposesStepsAndIndicesHaveTheirOwnNumbers() {
    let purposes: [Philox.Purpose] = [
      .inputWeights, .hiddenWeights, .inputBias, .hiddenBias, .outputWeights, .outputBias,
    ]
    var seen: Set<UInt32> = []
    for seed in [0, 1, 1 << 32] as [UInt64] {
      for purpose in purposes {
        for step in [0, 1, 1 << 32] as [UInt64] {
          for index in [0, 1, 2, 3, 4, 1 << 34] {
            seen.insert(Philox(seed: seed).bits(purpose, step: step, index: index))
          }
        }
      }
    }
    #expect(seen.count == 3 * 6 * 3 * 6)  // among so few, two equal 32-bit words would be a great chance
  }

  @Test(arguments: [1, 0.176_776_7, 3e-5, 7] as [Float])
  func uniformFillsItsRangeAndStaysInside(bound: Float) {
    let philox = Philox(seed: 5)
    let draws = (0..<100_000).map { philox.uniform(within: bound, .inputWeights, index: $0) }
    #expect(draws.allSatisfy { $0 >= -bound && $0 < bound })
    #expect(draws.allSatisfy { $0.bitPattern != (-0.0 as Float).bitPattern })
    #expect((draws.min() ?? 0) < -0.999 * bound && (draws.max() ?? 0) > 0.999 * bound)
    let scaled = draws.map { Double($0) / Double(bound) }
    let mean = scaled.reduce(0, +) / 100_000
    let variance = scaled.reduce(0) { $0 + $1 * $1 } / 100_000
    #expect(abs(mean) < 0.01 && abs(variance - 1.0 / 3) < 0.01)  // five standard errors
  }

  @Test func uniformIsTheUpper24Bits() {
    let philox = Philox(seed: 5)
    for index in 0..<1000 {
      let unit = Double(philox.bits(.outputBias, index: index) >> 8) / 0x1p23 - 1
      #expect(Double(philox.uniform(within: 1, .outputBias, index: index)) == unit)
    }
  }
}
