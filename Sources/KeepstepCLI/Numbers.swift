import Foundation

/// Numbers as people read them.
enum Numbers {
  /// Five significant digits, for tables and progress; programs get all digits from `--format csv|json`.
  static func short(_ value: Double) -> String {
    // The C function at once: `String(format:)` takes ten times as long, and a list of runs has thousands of numbers.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
      let length = withVaList([value]) { vsnprintf(text.baseAddress, text.count, "%.5g", $0) }
      return String(decoding: text.prefix(Int(max(0, length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// `1 run`, `2 runs`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A speed without needless digits.
  static func rate(_ perSecond: Double) -> String {
    perSecond >= 100 ? String(format: "%.0f", perSecond) : String(format: "%.3g", perSecond)
  }

  /// `3.2 s`, `4 min 05 s`, `2 h 10 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    switch seconds {
    case ..<60: return String(format: "%.1f s", seconds)
    case ..<3600: return String(format: "%d min %02d s", whole / 60, whole % 60)
    default: return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
    }
  }
}
