/// Reads plain decimal numbers from bytes to the nearest float32, fast where that is safe.
///
/// The digits are taken as one whole number w, at most 19 of them, and w · 10^e is computed in float64 with an error below
/// two units in its last place. Unless this lies within four such units of the middle between two float32 values, its
/// nearest float32 is the decimal number's own; else, and for what is no such number, the answer is nil, and the
/// standard library decides. (Clinger's fast path, 1990, with a margin instead of exact factors.)
struct Decimals {
  /// 10^0 … 10^22, which float64 holds exactly.
  private let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// The number that stands at `range` of `bytes`, blanks around it allowed; nil where that is not certain.
  func float(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, mark: UInt8) -> Float? {
    var (place, end) = (range.lowerBound, range.upperBound)
    while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
    while end > place, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    guard place < end else { return nil }
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }

    var digits = Digits()
    digits.take(bytes, &place, end, exponentOfEach: 0)
    if place < end, bytes[place] == mark {
      place += 1
      digits.take(bytes, &place, end, exponentOfEach: -1)
    }
    guard digits.areThere else { return nil }
    if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
      guard let exponent = exponent(bytes, place + 1, end) else { return nil }
      place = end
      digits.exponent += exponent
    }
    guard place == end else { return nil }
    return nearest(digits).map { isNegative ? -$0 : $0 }
  }

  /// A number's digits as w · 10^exponent; those beyond the nineteenth are counted, not kept.
  private struct Digits {
    var whole: UInt64 = 0
    var exponent = 0
    var areThere = false

    mutating func take(
      _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int, _ end: Int, exponentOfEach: Int
    ) {
      while place < end {
        let digit = bytes[place] &- UInt8(ascii: "0")
        guard digit <= 9 else { return }
        if whole < 1_000_000_000_000_000_000 {
          whole = whole &* 10 &+ UInt64(digit)
          exponent += exponentOfEach
        } else {
          exponent += exponentOfEach + 1
        }
        areThere = true
        place += 1
      }
    }
  }

  /// An exponent of one to four digits, with or without a sign, that ends where the cell does.
  private func exponent(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var place = start
    let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
    if isNegative || (place < end && bytes[place] == UInt8(ascii: "+")) { place += 1 }
    guard (1...4).contains(end - place) else { return nil }
    var exponent = 0
    while place < end {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      exponent = exponent * 10 + Int(digit)
      place += 1
    }
    return isNegative ? -exponent : exponent
  }

  private func nearest(_ digits: Digits) -> Float? {
    guard digits.whole != 0 else { return 0 }
    guard abs(digits.exponent) < powers.count else { return nil }
    let power = powers[abs(digits.exponent)]
    let value = digits.exponent < 0 ? Double(digits.whole) / power : Double(digits.whole) * power
    // Subnormal float32 values have fewer digits, and above the largest there is infinity.
    guard value > 2e-38, value < 3e38 else { return nil }
    // float64 has 29 more binary digits; their middle is the middle between two float32 values.
    let middle = 1 << 28
    guard abs(Int(value.bitPattern & (1 << 29 - 1)) - middle) > 4 else { return nil }
    return Float(value)
  }
}
