/// A day of the Gregorian calendar, extended to all years 1 … 9999, as ISO 8601 does.
struct CivilDate: Equatable {
  static let years = 1...9999
  var year: Int
  var month: Int
  var day: Int

  /// Nil where there is no such day.
  init?(year: Int, month: Int, day: Int) {
    guard Self.years ~= year, 1...12 ~= month, day >= 1, day <= Self.days(ofMonth: month, year: year) else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day that lies `number` days after 1970-01-01; nil beyond the years.
  init?(number: Int) {
    guard abs(number) < 4_000_000 else { return nil }
    // Howard Hinnant's civil_from_days: years begin in March, so that a leap day comes last; eras have 400 years.
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    guard Self.years ~= year else { return nil }
  }

  /// Days since 1970-01-01.
  var number: Int {
    let fromMarch = month > 2 ? year : year - 1
    let era = fromMarch / 400
    let yearOfEra = fromMarch - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Months since January of year 0.
  var monthNumber: Int { year * 12 + month - 1 }

  /// The day `day` of a month, or its last one where it has fewer; nil beyond the years.
  init?(monthNumber: Int, day: Int) {
    guard Self.years.lowerBound * 12...Self.years.upperBound * 12 + 11 ~= monthNumber else { return nil }
    let (year, month) = (monthNumber / 12, monthNumber % 12 + 1)
    self.init(year: year, month: month, day: min(day, Self.days(ofMonth: month, year: year)))
  }

  static func days(ofMonth month: Int, year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// The day of the week of a day's number, 0 for Monday.
  static func weekday(_ number: Int) -> Int {
    // 1970-01-01 was a Thursday.
    ((number + 3) % 7 + 7) % 7
  }
}
