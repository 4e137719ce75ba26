/// An angle as the exact fraction `numerator / denominator` of π, with a sine and a cosine of our own.
///
/// The quadrant comes from whole numbers and the polynomials from IEEE's four operations in one fixed order, without
/// libm, so every machine gets the same bits. The results are within 4e-16 of the true values, relative to these.
public struct HalfTurns {
  /// From 0 to below `2 * denominator`.
  public let numerator: Int
  /// At least 1, and at most `Int.max / 8`.
  public let denominator: Int

  /// The angle `numerator / denominator`·π.
  public init(numerator: Int, denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// sin and cos of the angle; a zero is never minus zero.
  public var sineAndCosine: (sine: Double, cosine: Double) {
    // The circle's eighth parts: angle = (eighth + rest / denominator)·π/4. Odd ones are measured from their end.
    let (eighth, rest) = (4 * numerator).quotientAndRemainder(dividingBy: denominator)
    let fromAxis = eighth % 2 == 0 ? rest : denominator - rest
    let angle = Double(fromAxis) * (Double.pi / 4) / Double(denominator)
    let s = sineOfEighth(angle)
    let c = cosineOfEighth(angle)
    let (sine, cosine): (Double, Double)
    switch eighth {
    case 0: (sine, cosine) = (s, c)
    case 1: (sine, cosine) = (c, s)
    case 2: (sine, cosine) = (c, -s)
    case 3: (sine, cosine) = (s, -c)
    case 4: (sine, cosine) = (-s, -c)
    case 5: (sine, cosine) = (-c, -s)
    case 6: (sine, cosine) = (-c, s)
    default: (sine, cosine) = (-s, c)
    }
    // Minus zero plus zero is zero; every other value stays.
    return (sine + 0, cosine + 0)
  }
}

/// Taylor's series of sin(a) for 0 <= a <= π/4, by Horner; the first term left out is below 1e-19.
private func sineOfEighth(_ a: Double) -> Double {
  let z = a * a
  var p = 1.0 / 355_687_428_096_000
  p = p * z - 1.0 / 1_307_674_368_000
  p = p * z + 1.0 / 6_227_020_800
  p = p * z - 1.0 / 39_916_800
  p = p * z + 1.0 / 362_880
  p = p * z - 1.0 / 5_040
  p = p * z + 1.0 / 120
  p = p * z - 1.0 / 6
  return a + a * (z * p)
}

/// Taylor's series of cos(a) for 0 <= a <= π/4, by Horner; the first term left out is below 3e-18.
private func cosineOfEighth(_ a: Double) -> Double {
  let z = a * a
  var p = 1.0 / 20_922_789_888_000
  p = p * z - 1.0 / 87_178_291_200
  p = p * z + 1.0 / 479_001_600
  p = p * z - 1.0 / 3_628_800
  p = p * z + 1.0 / 40_320
  p = p * z - 1.0 / 720
  p = p * z + 1.0 / 24
  p = p * z - 1.0 / 2
  return 1 + z * p
}
