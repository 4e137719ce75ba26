/// The powers of a base by repeated squaring: pure functions of the exponent, and no libm in a kept result.
///
/// The squares are kept, so that a power takes one product for each bit of the exponent that is set.
struct Powers {
  /// base, base², base⁴, …
  private let squares: [Double]

  init(_ base: Double) {
    squares = Array(sequence(first: base) { $0 * $0 }.prefix(Int.bitWidth - 1))
  }

  /// The base to the power `exponent`, which is not negative.
  func power(_ exponent: Int) -> Double {
    var (result, rest) = (1.0, exponent)
    while rest > 0 {
      result *= squares[rest.trailingZeroBitCount]
      rest &= rest - 1
    }
    return result
  }

  /// The same of a base that needs no other power.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
