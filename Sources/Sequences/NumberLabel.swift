/// A label that is a plain number: a year, a count, `0.25`.
struct NumberLabel {
  /// The digits, without the point.
  var digits: Int
  /// How many of them stand after the point.
  var decimals: Int
  /// How many stand before it, zeros in front included.
  var width: Int

  /// Nil where `label` is no such number, or has more than 17 digits.
  init?(_ label: String) {
    var scanner = LabelScanner(label)
    let sign = scanner.take("+-")
    let whole = scanner.digits()
    let fraction = scanner.take(".") != nil ? scanner.digits() : []
    guard scanner.isAtEnd, !whole.isEmpty, whole.count + fraction.count <= 17 else { return nil }
    let magnitude = (whole + fraction).reduce(0) { $0 * 10 + Int($1 - 48) }
    digits = sign == UInt8(ascii: "-") ? -magnitude : magnitude
    decimals = fraction.count
    width = whole.first == 48 ? whole.count : 1
  }

  init(digits: Int, decimals: Int, width: Int) {
    (self.digits, self.decimals, self.width) = (digits, decimals, width)
  }

  /// The digits with `count` decimals, no fewer than it has; nil beyond Int's range.
  func scaled(toDecimals count: Int) -> Int? {
    (decimals..<max(count, decimals)).reduce(Optional(digits)) { digits, _ in
      let product = digits?.multipliedReportingOverflow(by: 10)
      return product.flatMap { $0.overflow ? nil : $0.partialValue }
    }
  }

  /// The number as it is written.
  var text: String {
    let sign = digits < 0 ? "-" : ""
    let all = padded(Int(clamping: digits.magnitude), width + decimals)
    guard decimals > 0 else { return sign + all }
    return "\(sign)\(all.dropLast(decimals)).\(all.suffix(decimals))"
  }

  /// The same number without zeros at its end.
  var trimmed: NumberLabel {
    var number = self
    while number.decimals > 0, number.digits % 10 == 0 {
      number.digits /= 10
      number.decimals -= 1
    }
    return number
  }
}
