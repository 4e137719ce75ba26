/// Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
///
/// A draw is a function of (seed, purpose, step, index). There is no state to save, and none to lose.
public struct Philox: Sendable {
  /// What a draw is for; each purpose has its own numbers.
  public enum Purpose: UInt32, Sendable {
    case inputWeights = 1
    case hiddenWeights, inputBias, hiddenBias, outputWeights, outputBias
    case projection, candidateInputBias, candidateHiddenBias, dropout
  }

  /// The key.
  public let seed: UInt64

  /// The numbers of a seed.
  public init(seed: UInt64) {
    self.seed = seed
  }

  /// The index of element `index` of a layer and direction, the `part`-th in the order of the tensors.
  ///
  /// - Precondition: `index` is below 2^40, `part` below 2^18.
  static func index(_ index: Int, ofPart part: Int) -> Int {
    part << 40 + index
  }

  /// 32 random bits.
  ///
  /// - Precondition: `index` is below 2^58.
  public func bits(_ purpose: Purpose, step: UInt64 = 0, index: Int) -> UInt32 {
    let block = UInt64(index / 4)
    let counter = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32) | purpose.rawValue << 24,
      UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32))
    return Philox.block(counter, key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))[
      index % 4]
  }

  /// A number of the uniform distribution over [-bound, bound), a multiple of bound · 2^-23.
  public func uniform(within bound: Float, _ purpose: Purpose, step: UInt64 = 0, index: Int) -> Float {
    let unit = Float(bits(purpose, step: step, index: index) >> 8) * 0x1p-23 - 1  // exact: 24 bits over [-1, 1)
    return unit * bound + 0
  }

  /// The ten rounds over one counter: four words of random bits.
  public static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
      let (high0, low0) = (0xD251_1F53 as UInt32).multipliedFullWidth(by: c[0])
      let (high1, low1) = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: c[2])
      c = SIMD4(high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0)
      k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
    }
    return c
  }
}
