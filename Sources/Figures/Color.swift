/// A colour of a line or of points.
public struct Color: Hashable, Sendable {
  /// Red, green and blue, a byte each: 0xRRGGBB.
  public let hex: UInt32

  /// The colour 0xRRGGBB; higher bits are left out.
  public init(hex: UInt32) {
    self.hex = hex & 0xFF_FFFF
  }

  /// The seed's picture draws targets in red.
  public static let red = Color(hex: 0xD6_2728)
  /// The seed's picture draws predictions in blue.
  public static let blue = Color(hex: 0x1F_6FB4)
  /// Green, dark enough for a thin line on white.
  public static let green = Color(hex: 0x2C_9F45)
  /// Orange.
  public static let orange = Color(hex: 0xF2_8E1C)
  /// Purple.
  public static let purple = Color(hex: 0x8A_5FBF)
  /// Teal.
  public static let teal = Color(hex: 0x17_A2A8)
  /// Brown.
  public static let brown = Color(hex: 0x8C_564B)
  /// Grey, for what stays in the background.
  public static let gray = Color(hex: 0x7F_7F7F)

  /// Colours to tell several series apart: blue first, no two alike among eight neighbours.
  ///
  /// - Parameter index: The series' number; any number will do, as the colours repeat.
  public static func distinct(_ index: Int) -> Color {
    let palette: [Color] = [.blue, .orange, .green, .red, .purple, .teal, .brown, .gray]
    let remainder = index % palette.count
    return palette[remainder < 0 ? remainder + palette.count : remainder]
  }

  /// A colour between this one and white, for what stands behind.
  func lighter() -> Color {
    let parts = [16, 8, 0].map { shift in ((hex >> UInt32(shift) & 0xFF) + 0xFF) / 2 }
    return Color(hex: parts[0] << 16 | parts[1] << 8 | parts[2])
  }

  /// A colour between this one and black, for what stands behind on a dark page.
  func darker() -> Color {
    let parts = [16, 8, 0].map { shift in (hex >> UInt32(shift) & 0xFF) * 3 / 5 }
    return Color(hex: parts[0] << 16 | parts[1] << 8 | parts[2])
  }

  /// `#rrggbb`.
  var text: String {
    let digits = String(hex, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
