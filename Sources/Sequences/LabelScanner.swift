/// Takes a label apart, byte by byte from its beginning.
struct LabelScanner {
  private let bytes: [UInt8]
  private var place = 0

  init(_ label: String) {
    bytes = Array(label.utf8)
  }

  var isAtEnd: Bool { place == bytes.count }
  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Takes one of `choices`, where it comes next.
  mutating func take(_ choices: String) -> UInt8? {
    guard let next, choices.utf8.contains(next) else { return nil }
    place += 1
    return next
  }

  /// Takes exactly `count` digits, as a number.
  mutating func number(_ count: Int) -> Int? {
    guard place + count <= bytes.count else { return nil }
    var number = 0
    for byte in bytes[place..<place + count] {
      guard 48...57 ~= byte else { return nil }
      number = number * 10 + Int(byte - 48)
    }
    place += count
    return number
  }

  /// Takes all digits that come next.
  mutating func digits() -> ArraySlice<UInt8> {
    let digits = bytes[place...].prefix { 48...57 ~= $0 }
    place = digits.endIndex
    return digits
  }
}

/// A number of at least `width` digits.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}
