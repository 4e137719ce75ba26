import CKernels
import Foundation
import Testing

/// exp, tanh and sigmoid against the C library's in Double, which are right to far more digits than a float has.
@Suite struct AccuracyTests {
  /// The contract's limit, in units in the last place of the correctly rounded value.
  static let limit = 2.0

  @Test func expIsWithinTwoUnitsInTheLastPlace() throws {
    try check(.exp) { Foundation.exp($0) }
  }

  @Test func tanhIsWithinTwoUnitsInTheLastPlace() throws {
    try check(.tanh) { Foundation.tanh($0) }
  }

  @Test func sigmoidIsWithinTwoUnitsInTheLastPlace() throws {
    // For x < 0 the other form, as 1 + exp(-x) overflows; both keep all digits of a Double.
    try check(.sigmoid) { x in x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x)) }
  }

  /// The fastest set against `exact`, and all others against its bits, over a sample of all floats.
  private func check(_ map: Map, against exact: (Double) -> Double) throws {
    let sets = try instructionSets.map(kernels)
    let fastest = try #require(sets.last)
    var worst = (ulps: 0.0, x: Float(0))
    for sample in samples() {
      let y = values(map, fastest, sample)
      for (x, y) in zip(sample, y) {
        let distance = ulps(y, from: exact(Double(x)))
        if !(distance <= worst.ulps) { worst = (distance, x) }
      }
      for other in sets.dropLast() + [naive] {
        #expect(difference(values(map, other, sample), y) == nil, "\(String(cString: other.name))")
      }
    }
    #expect(worst.ulps <= Self.limit, "at \(worst.x)")
    #expect(worst.ulps > 0.5, "no polynomial is that good: is the distance measured at all?")
  }

  private func values(_ map: Map, _ set: ks_kernels, _ x: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: x.count) { buffer, count in
      if let base = buffer.baseAddress { map.of(set)(x.count, x, base) }
      count = x.count
    }
  }

  /// Every 509th bit pattern of a float, which meets all exponents, infinities, NaN and both signs 8,192 times
  /// each; and every pattern near a border: of exponents, of subnormals, and of the polynomials' ranges.
  private func samples() -> [[Float]] {
    let borders: [Float] =
      [0, 0.346_573_6, 0.625, 10, 87.336_54, 88.722_84, 89, 103.278_93, 103.972_08, 104, .infinity, .nan]
      + (0..<254).map { Float(bitPattern: $0 << 23) }
    let near = borders.flatMap { border in
      (-64...64 as ClosedRange<Int32>).flatMap { step in
        let bits = border.bitPattern &+ UInt32(bitPattern: step)
        return [Float(bitPattern: bits), Float(bitPattern: bits ^ 0x8000_0000)]
      }
    }
    let stride = 509
    let chunk = 1 << 16
    let total = (1 << 32) / stride + 1
    let dense = Swift.stride(from: 0, to: total, by: chunk).lazy.map { first in
      (first..<min(first + chunk, total)).map { Float(bitPattern: UInt32($0 * stride)) }
    }
    return [near] + dense
  }
}

/// How far `y` is from `exact`, in units in the last place of the float nearest to `exact`. Infinity counts as 2^128,
/// where the next float would be.
func ulps(_ y: Float, from exact: Double) -> Double {
  let nearest = Float(exact)
  if y.bitPattern == nearest.bitPattern && !y.isFinite || y.isNaN && nearest.isNaN { return 0 }
  let value = y.isInfinite ? Double(sign: y.sign, exponent: 128, significand: 1) : Double(y)
  return abs(value - exact) / Double(nearest.isInfinite ? Float.greatestFiniteMagnitude.ulp : nearest.ulp)
}
