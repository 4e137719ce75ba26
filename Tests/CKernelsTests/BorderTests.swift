import CKernels
import Testing

/// exp, tanh and sigmoid at the ends of their ranges, under every set.
@Suite struct BorderTests {
  @Test(arguments: implementations)
  func expOverflowsAndUnderflowsWhereItShould(name: String) throws {
    let set = try kernels(name)
    let largest: Float = 0x1.62e42ep+6  // the largest float below ln(2^128)
    let smallest: Float = -0x1.9fe368p+6  // the last one whose exp is nearer to 2^-149 than to 0
    try expect(
      set.exp,
      [
        (0, 1), (-0.0, 1), (0x1p-149, 1), (-0x1p-149, 1),
        (largest.nextUp, .infinity), (89, .infinity), (1e30, .infinity), (.infinity, .infinity),
        (smallest.nextDown, 0), (-104, 0), (-1e30, 0), (-.infinity, 0), (.nan, .nan),
      ])
    let inside = apply(set.exp, [largest, smallest, -87.336_55])
    #expect(inside[0] > 0x1.fffep127 && inside[0] < .infinity)
    #expect(inside[1] == 0x1p-149)
    #expect(inside[2] > 0 && inside[2] < .leastNormalMagnitude, "subnormal results are kept")
  }

  @Test(arguments: implementations)
  func tanhIsRightAtBothEndsAndAtTinyArguments(name: String) throws {
    let set = try kernels(name)
    // tanh(-0) is +0 and not -0 as IEEE 754 recommends: what is recorded holds no minus zero, and a hidden
    // state is recorded.
    try expect(
      set.tanh,
      [
        (0, 0), (-0.0, 0), (0x1p-149, 0x1p-149), (-0x1p-149, -0x1p-149), (0x1p-126, 0x1p-126), (1e-20, 1e-20),
        (10, 1), (-10, -1), (1e30, 1), (.infinity, 1), (-.infinity, -1), (.nan, .nan),
      ])
  }

  @Test(arguments: implementations)
  func tanhIsOddAndNeverAboveOne(name: String) throws {
    let set = try kernels(name)
    let x = (1...20_000).map { Float($0) * 0x1p-10 }
    let (positive, negative) = (apply(set.tanh, x), apply(set.tanh, x.map { -$0 }))
    #expect(difference(positive, negative.map { -$0 }) == nil)
    #expect(positive.allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test(arguments: implementations)
  func sigmoidIsRightAtBothEnds(name: String) throws {
    let set = try kernels(name)
    try expect(
      set.sigmoid,
      [
        (0, 0.5), (-0.0, 0.5), (0x1p-149, 0.5), (-0x1p-149, 0.5), (17.5, 1), (104, 1), (1e30, 1), (.infinity, 1),
        (-104, 0), (-1e30, 0), (-.infinity, 0), (.nan, .nan),
      ])
    let tiny = apply(set.sigmoid, [-87.336_55, -103])
    #expect(tiny[0] > 0 && tiny[0] < .leastNormalMagnitude, "subnormal results are kept")
    #expect(tiny[1] == 0x1p-149)
  }

  @Test(arguments: implementations)
  func sigmoidOfBothSignsAddsUpToOne(name: String) throws {
    let set = try kernels(name)
    let x = (1...20_000).map { Float($0) * 0x1p-10 }
    let (positive, negative) = (apply(set.sigmoid, x), apply(set.sigmoid, x.map { -$0 }))
    for index in x.indices {
      // Each is within 2 ulp: 2 · 2^-24 for the greater one, no more for the smaller one.
      #expect(abs(Double(positive[index]) + Double(negative[index]) - 1) <= 4 * 0x1p-24, "of \(x[index])")
    }
    #expect(positive.allSatisfy { $0 > 0.5 && $0 <= 1 } && negative.allSatisfy { $0 > 0 && $0 < 0.5 })
  }

  private func apply(
    _ kernel: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void, _ x: [Float]
  ) -> [Float] {
    var y = Guarded(unwritten: x.count)
    y.withPointer { kernel(x.count, x, $0) }
    return y.values
  }

  private func expect(
    _ kernel: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void, _ pairs: [(x: Float, y: Float)]
  ) throws {
    let found = apply(kernel, pairs.map(\.x))
    for (pair, found) in zip(pairs, found) {
      #expect(difference([found], [pair.y]) == nil, "of \(pair.x)")
    }
  }
}
