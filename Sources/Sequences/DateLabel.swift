/// How a date is written.
struct DateStyle: Equatable {
  enum Day: Equatable {
    /// `2024-05-31`, `2024/05/31` or `20240531`.
    case yearFirst(separator: UInt8?)
    /// `31.05.2024`
    case dayFirst
    /// `2024-05`, `2024/05` or `202405`.
    case month(separator: UInt8?)
    /// `2024Q2` or `2024-Q2`.
    case quarter(hasDash: Bool)
  }

  struct Time: Equatable {
    /// `T` or a blank.
    var separator: UInt8
    var hasSeconds: Bool
    /// The digits after the seconds' point; 0 to 9.
    var decimals: Int
    /// Whether `Z` or an offset such as `+01:00` follows.
    var hasZone: Bool
  }

  var day: Day
  var time: Time?

  /// The smallest parts of a second that it writes, of which a second has as many.
  var ticksPerSecond: Int { (0..<(time?.decimals ?? 0)).reduce(1) { ticks, _ in ticks * 10 } }
}

/// A label that is a date, with or without a time (ISO 8601 and its kin).
struct DateLabel {
  var style: DateStyle
  /// The day, or the first one of a month or quarter.
  var date: CivilDate
  /// Since midnight, as the label's clock shows it.
  var ticks = 0
  /// `Z`, `+01:00` or nothing.
  var zone = ""
  /// Seconds by which the label's clock is ahead of UTC.
  var offset = 0

  /// Ticks since 1970 in UTC.
  var instant: Int { (date.number * 86_400 - offset) * style.ticksPerSecond + ticks }

  /// Nil where `label` is not written in any of the known ways.
  init?(_ label: String) {
    var scanner = LabelScanner(label)
    guard let (day, date) = Self.day(&scanner) else { return nil }
    style = DateStyle(day: day)
    self.date = date
    guard !scanner.isAtEnd else { return }
    switch day {
    case .yearFirst, .dayFirst: break
    case .month, .quarter: return nil
    }
    guard takeTime(&scanner), takeZone(&scanner), scanner.isAtEnd else { return nil }
  }

  private static func day(_ scanner: inout LabelScanner) -> (DateStyle.Day, CivilDate)? {
    let start = scanner
    guard let year = scanner.number(4) else {
      scanner = start
      guard let day = scanner.number(2), scanner.take(".") != nil, let month = scanner.number(2),
        scanner.take(".") != nil, let year = scanner.number(4)
      else { return nil }
      return CivilDate(year: year, month: month, day: day).map { (.dayFirst, $0) }
    }
    let separator = scanner.take("-/")
    if separator != UInt8(ascii: "/"), scanner.take("Q") != nil {
      guard let quarter = scanner.number(1), 1...4 ~= quarter else { return nil }
      return CivilDate(year: year, month: quarter * 3 - 2, day: 1).map { (.quarter(hasDash: separator != nil), $0) }
    }
    guard let month = scanner.number(2) else { return nil }
    if scanner.isAtEnd { return CivilDate(year: year, month: month, day: 1).map { (.month(separator: separator), $0) } }
    if let separator, scanner.take(separator == UInt8(ascii: "-") ? "-" : "/") == nil { return nil }
    guard let day = scanner.number(2) else { return nil }
    return CivilDate(year: year, month: month, day: day).map { (.yearFirst(separator: separator), $0) }
  }

  private mutating func takeTime(_ scanner: inout LabelScanner) -> Bool {
    guard let separator = scanner.take("T "), let hour = scanner.number(2), hour < 24, scanner.take(":") != nil,
      let minute = scanner.number(2), minute < 60
    else { return false }
    var time = DateStyle.Time(separator: separator, hasSeconds: false, decimals: 0, hasZone: false)
    var second = 0
    var fraction = 0
    if scanner.take(":") != nil {
      guard let seconds = scanner.number(2), seconds < 60 else { return false }
      (second, time.hasSeconds) = (seconds, true)
      if scanner.take(".") != nil {
        let digits = scanner.digits()
        guard 1...9 ~= digits.count else { return false }
        time.decimals = digits.count
        fraction = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
      }
    }
    style.time = time
    ticks = (hour * 3600 + minute * 60 + second) * style.ticksPerSecond + fraction
    return true
  }

  private mutating func takeZone(_ scanner: inout LabelScanner) -> Bool {
    guard let sign = scanner.take("Z+-") else { return true }
    style.time?.hasZone = true
    guard sign != UInt8(ascii: "Z") else {
      zone = "Z"
      return true
    }
    guard let hours = scanner.number(2), hours < 24 else { return false }
    let hasColon = scanner.take(":") != nil
    let minutes = scanner.number(2)
    guard minutes ?? 0 < 60, !hasColon || minutes != nil else { return false }
    let isAhead = sign == UInt8(ascii: "+")
    offset = (hours * 3600 + (minutes ?? 0) * 60) * (isAhead ? 1 : -1)
    zone = (isAhead ? "+" : "-") + padded(hours, 2) + (hasColon ? ":" : "") + (minutes.map { padded($0, 2) } ?? "")
    return true
  }

  /// The label as it is written.
  var text: String {
    let (year, month, day) = (padded(date.year, 4), padded(date.month, 2), padded(date.day, 2))
    func joined(_ parts: [String], _ separator: UInt8?) -> String {
      parts.joined(separator: separator.map { String(UnicodeScalar($0)) } ?? "")
    }
    let written =
      switch style.day {
      case .yearFirst(let separator): joined([year, month, day], separator)
      case .dayFirst: "\(day).\(month).\(year)"
      case .month(let separator): joined([year, month], separator)
      case .quarter(let hasDash): "\(year)\(hasDash ? "-" : "")Q\((date.month + 2) / 3)"
      }
    guard let time = style.time else { return written }
    let (seconds, fraction) = ticks.quotientAndRemainder(dividingBy: style.ticksPerSecond)
    var clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2))"
    if time.hasSeconds { clock += ":" + padded(seconds % 60, 2) }
    if time.decimals > 0 { clock += "." + padded(fraction, time.decimals) }
    return "\(written)\(UnicodeScalar(time.separator))\(clock)\(zone)"
  }
}
