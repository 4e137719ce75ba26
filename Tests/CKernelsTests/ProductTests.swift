import CKernels
import Testing

@Suite struct ProductTests {
  static let sizes = [0, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100]

  @Test(arguments: Layout.allCases, [KS_FROM_ZERO, KS_FROM_BIAS, KS_CONTINUE])
  func everySetGivesTheNaiveBitsAtEverySize(layout: Layout, start: ks_start) throws {
    let sets = try instructionSets.map(kernels)
    for m in Self.sizes {
      for n in Self.sizes {
        for k in Self.sizes {
          let product = Product(m, n, k, layout)
          let expected = product.result(naive, from: start)
          #expect(product.padding.allSatisfy(expected.isUnwritten), "naive wrote between the rows, \(m) \(n) \(k)")
          for set in sets {
            let actual = product.result(set, from: start)
            #expect(actual.isIntact, "\(String(cString: set.name)) wrote past the ends, \(m) \(n) \(k)")
            let found = difference(actual.values, expected.values)  // the padding included
            #expect(found == nil, "\(String(cString: set.name)), \(m) \(n) \(k)")
          }
        }
      }
    }
  }

  /// Chains longer than a cache block, whose blocks the kernels take one after the other.
  @Test(arguments: Layout.allCases, [KS_FROM_ZERO, KS_FROM_BIAS, KS_CONTINUE])
  func longChainsGiveTheNaiveBits(layout: Layout, start: ks_start) throws {
    let sets = try instructionSets.map(kernels)
    for (m, n) in [(1, 1), (1, 70), (20, 1), (70, 9), (17, 15), (33, 64), (7, 16), (330, 17)] {
      for k in [127, 128, 129, 255, 256, 257, 600] {
        let product = Product(m, n, k, layout)
        let expected = product.result(naive, from: start)
        for set in sets {
          let actual = product.result(set, from: start)
          #expect(actual.isIntact, "\(String(cString: set.name)) wrote past the ends, \(m) \(n) \(k)")
          let found = difference(actual.values, expected.values)
          #expect(found == nil, "\(String(cString: set.name)), \(m) \(n) \(k)")
        }
      }
    }
  }

  @Test(arguments: implementations, Layout.allCases)
  func aProductInTwoCallsGoesOnWithTheSameChains(name: String, layout: Layout) throws {
    let set = try kernels(name)
    for (m, n) in [(1, 1), (7, 1), (1, 33), (5, 16), (9, 47), (17, 100)] {
      let product = Product(m, n, 33, layout)
      for start in [KS_FROM_ZERO, KS_FROM_BIAS, KS_CONTINUE] {
        let whole = product.result(set, from: start)
        for cut in [0, 1, 16, 17, 32, 33] {
          let parts = product.result(set, from: start, cutAt: cut)
          #expect(difference(parts.values, whole.values) == nil, "\(m) x \(n), cut at \(cut)")
        }
      }
    }
  }

  @Test(arguments: implementations)
  func everyLinkIsFusedAndFollowsItsIndex(name: String) throws {
    let set = try kernels(name)
    // 1 + 2^-12 squared is 1 + 2^-11 + 2^-24, whose last bit only a fused multiply-add keeps.
    let x: Float = 1 + 0x1p-12
    // Ascending, 2^25 swallows the 1 before it is taken off again; any other order keeps it.
    let chains: [(a: [Float], b: [Float], result: Float)] = [
      ([-1, x], [1 + 0x1p-11, x], 0x1p-24),
      ([0x1p25, 1, -0x1p25], [1, 1, 1], 0),
      ([1, 0x1p25, -0x1p25, 1], [1, 1, 1, 1], 1),
    ]
    for (m, n) in [(1, 1), (2, 1), (9, 1), (1, 3), (3, 7), (6, 15), (7, 31), (11, 47), (13, 127)] {
      for chain in chains {
        let k = chain.a.count
        let a = (0..<m).flatMap { _ in chain.a }
        let b = chain.b.flatMap { [Float](repeating: $0, count: n) }
        var c = Guarded(unwritten: m * n)
        c.withPointer { set.product(m, n, k, a, k, 1, b, n, $0, n, KS_FROM_ZERO, nil) }
        #expect(c.values == [Float](repeating: chain.result, count: m * n), "\(m) x \(n)")
      }
    }
  }

  /// Scalar code on x86-64 makes its fused multiply-add out of doubles; all others show that the test itself is right.
  @Test(arguments: instructionSets)
  func oneLinkIsRoundedOnceWhateverItsOperands(name: String) throws {
    let set = try kernels(name)
    let side = 64
    for seed in 1...60 as ClosedRange<UInt64> {
      var random = SplitMix64(state: seed)
      let (a, b) = (fusedOperands(side, &random), fusedOperands(side, &random))
      // A third addend near the product's negative, near half of its last place, or anything.
      let c = (0..<side * side).map { index in
        let product = a[index / side] * b[index % side]
        let bits = random.next()
        switch bits % 4 {
        case 0: return -product
        case 1:
          return Float(sign: bits & 8 == 0 ? .plus : .minus, exponent: Int((bits >> 8) % 60) - 30, significand: product)
        case 2:
          return Float(
            sign: .plus, exponent: -149 + Int((bits >> 8) % 3), significand: Float(Int((bits >> 16) % 9) - 4))
        default: return Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32))
        }
      }
      let results = [set, naive].map { set in
        var sum = c
        set.product(side, side, 1, a, 1, 1, b, side, &sum, side, KS_CONTINUE, nil)
        return sum
      }
      #expect(difference(results[0], results[1]) == nil, "seed \(seed)")
    }
  }

  @Test(arguments: implementations)
  func aChainStartsFromItsBiasAndKeepsAMinusZero(name: String) throws {
    let set = try kernels(name)
    for n in [1, 3, 4, 8, 16, 47, 64] {
      let bias = [Float](repeating: 1, count: n)
      let b = [Float](repeating: 1, count: 2 * n)
      var c = Guarded(unwritten: n)
      c.withPointer { set.product(1, n, 2, [0x1p25, -0x1p25], 2, 1, b, n, $0, n, KS_FROM_BIAS, bias) }
      #expect(c.values == [Float](repeating: 0, count: n), "2^25 swallows a bias that comes first, \(n)")

      // -0 · 1 - 0 is -0, and 0 · 1 - 0 is +0: the sign of a zero in a must reach the chain.
      let minusZeros = [Float](repeating: -0.0, count: n)
      for a in [-0.0, 0] as [Float] {
        c = Guarded(minusZeros)
        c.withPointer { set.product(1, n, 1, [a], 1, 1, b, n, $0, n, KS_CONTINUE, nil) }
        #expect(difference(c.values, [Float](repeating: a, count: n)) == nil, "\(n)")
      }
    }
  }
}

/// Floats whose products lie on, next to and between the places where rounding changes its way.
private func fusedOperands(_ count: Int, _ random: inout SplitMix64) -> [Float] {
  let borders: [Float] = [
    0, 0x1p-149, 0x1p-126, 1, .greatestFiniteMagnitude, .infinity, .nan, 0x1p-75, 0x1p-63, 0x1p24, 1 + 0x1p-12,
  ]
  return (0..<count).map { _ in
    let bits = random.next()
    let sign: Float = bits & 8 == 0 ? 1 : -1
    switch bits % 4 {
    case 0: return sign * borders[Int((bits >> 8) % UInt64(borders.count))]
    case 1:  // two bits of a significand, so that a product has few and a sum can end in the middle
      let significand = 1 + Float(sign: .plus, exponent: -Int((bits >> 8) % 24), significand: 1)
      return sign * Float(sign: .plus, exponent: Int((bits >> 16) % 180) - 120, significand: significand)
    default: return Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32))
    }
  }
}

/// How a product's arrays lie in memory.
enum Layout: CaseIterable {
  /// All contiguous.
  case rowMajor
  /// a lies transposed with gaps; c is contiguous, so that n = 1 takes the shortcut through the transposed product.
  case transposed
  /// Every array has gaps between its rows, and a also between its columns.
  case padded
}

/// The operands of one product, and where they stand.
struct Product {
  let (m, n, k): (Int, Int, Int)
  let (aRow, aColumn, bRow, cRow): (Int, Int, Int, Int)
  let (a, b, c, bias): ([Float], [Float], [Float], [Float])

  private static let pool = randomFloats(420_000, seed: 1)

  init(_ m: Int, _ n: Int, _ k: Int, _ layout: Layout) {
    (self.m, self.n, self.k) = (m, n, k)
    switch layout {
    case .rowMajor: (aRow, aColumn, bRow, cRow) = (k, 1, n, n)
    case .transposed: (aRow, aColumn, bRow, cRow) = (1, m + 3, n + 2, n)
    case .padded: (aRow, aColumn, bRow, cRow) = (2 * k + 1, 2, n + 3, n + 5)
    }
    // Each array ends with its last element, so that the address sanitizer sees a read beyond it.
    func slice(_ offset: Int, _ count: Int) -> [Float] { Array(Self.pool[offset..<offset + count]) }
    a = slice(m + 3 * n, m == 0 || k == 0 ? 0 : (m - 1) * aRow + (k - 1) * aColumn + 1)
    b = slice(1_000 + 7 * k, k == 0 || n == 0 ? 0 : (k - 1) * bRow + n)
    c = slice(2_000 + m, m * cRow)
    bias = slice(3_000, n)
  }

  /// The places of c between its rows.
  var padding: some Sequence<Int> {
    (0..<m * cRow).lazy.filter { [cRow, n] in $0 % cRow >= n }
  }

  /// c with its padding, after one call, or after two that share out the contracted index.
  func result(_ set: ks_kernels, from start: ks_start, cutAt cut: Int? = nil) -> Guarded {
    result(from: start) { c, bias in
      let first = cut ?? k
      set.product(m, n, first, a, aRow, aColumn, b, bRow, c, cRow, start, bias)
      guard cut != nil else { return }
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          set.product(
            m, n, k - first, a + first * aColumn, aRow, aColumn, b + first * bRow, bRow, c, cRow, KS_CONTINUE, nil)
        }
      }
    }
  }

  /// c with its padding, after `multiply` has been given it, and the bias if chains start there.
  func result(from start: ks_start, multiply: (UnsafeMutablePointer<Float>, [Float]?) -> Void) -> Guarded {
    var guarded = Guarded(unwritten: m * cRow)
    guarded.withPointer { c in
      for row in 0..<m where start == KS_CONTINUE {
        for column in 0..<n { c[row * cRow + column] = self.c[row * cRow + column] }
      }
      multiply(c, start == KS_FROM_BIAS ? bias : nil)
    }
    return guarded
  }
}
