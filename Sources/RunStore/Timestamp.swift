#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Times as the store keeps them: UTC, ISO 8601 with milliseconds, "2026-11-24T09:44:37.123Z".
///
/// Written out by hand because every heartbeat needs one and Foundation's formatters cost a hundred times as much.
enum Timestamp {
  /// The time now.
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(secondsSince1970: Int(time.tv_sec), milliseconds: Int(time.tv_nsec) / 1_000_000)
  }

  /// The time that many seconds after 1970-01-01T00:00:00Z, leap seconds not counted.
  static func text(secondsSince1970: Int, milliseconds: Int) -> String {
    let (day, second) = secondsSince1970.floorDivided(by: 86_400)
    let date = civilDate(daysSince1970: day)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    func append(_ number: Int, digits: Int, then separator: Unicode.Scalar) {
      var scale = 1
      for _ in 1..<digits { scale *= 10 }
      while scale > 0 {
        bytes.append(UInt8(48 + number / scale % 10))
        scale /= 10
      }
      bytes.append(UInt8(ascii: separator))
    }
    append(date.year, digits: 4, then: "-")
    append(date.month, digits: 2, then: "-")
    append(date.day, digits: 2, then: "T")
    append(second / 3600, digits: 2, then: ":")
    append(second / 60 % 60, digits: 2, then: ":")
    append(second % 60, digits: 2, then: ".")
    append(milliseconds, digits: 3, then: "Z")
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The proleptic Gregorian date; Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
  private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (daysSince1970 + 719_468).floorDivided(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153  // March is 0
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension Int {
  /// Quotient rounded down, and a remainder that is never negative.
  fileprivate func floorDivided(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = self % divisor
    return remainder < 0 ? (self / divisor - 1, remainder + divisor) : (self / divisor, remainder)
  }
}
