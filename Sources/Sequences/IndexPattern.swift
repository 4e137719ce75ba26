/// What continues a run of labels: how they are written, and how far they lie apart.
enum IndexPattern {
  case numbers(last: NumberLabel, step: Int, isTrimmed: Bool)
  case dates(last: DateLabel, step: IndexStep)

  /// Why labels cannot be carried on.
  enum Failure: Error {
    /// There are fewer than two.
    case tooFew
    /// The label at this place is written like none that is known, or unlike the first one.
    case unknown(Int)
    /// The label at this place does not come a step after the one before it.
    case irregular(Int)
  }

  init(_ labels: ArraySlice<String>) throws(Failure) {
    guard labels.count >= 2, let first = labels.first else { throw .tooFew }
    // 202405 and 20240531 could be numbers, but where all are months or days they hardly are.
    if let date = DateLabel(first), date.isWrittenAsDate(first), let dates = try Self.dates(labels, date) {
      self = dates
    } else {
      self = try Self.numbers(labels)
    }
  }

  private static func numbers(_ labels: ArraySlice<String>) throws(Failure) -> IndexPattern {
    var numbers: [NumberLabel] = []
    for (place, label) in labels.enumerated() {
      guard let number = NumberLabel(label) else { throw .unknown(place) }
      numbers.append(number)
    }
    let decimals = numbers.map(\.decimals).max() ?? 0
    let isTrimmed = numbers.contains { $0.decimals != decimals }
    var positions: [Int] = []
    for (place, number) in numbers.enumerated() {
      guard let position = number.scaled(toDecimals: decimals) else { throw .unknown(place) }
      positions.append(position)
    }
    let step = try found(RegularStep(positions))
    let last = NumberLabel(
      digits: positions[positions.count - 1], decimals: decimals, width: numbers.map(\.width).max() ?? 1)
    return .numbers(last: last, step: step, isTrimmed: isTrimmed)
  }

  private static func found(_ step: RegularStep) throws(Failure) -> Int {
    switch step {
    case .found(let step): return step
    case .failure(let place): throw .irregular(place)
    }
  }

  /// Nil where the labels are plain numbers, though the first one may be a date.
  private static func dates(_ labels: ArraySlice<String>, _ first: DateLabel) throws(Failure) -> IndexPattern? {
    var dates: [DateLabel] = []
    for (place, label) in labels.enumerated() {
      guard let date = DateLabel(label), date.style == first.style else {
        if first.style.isDigitsOnly { return nil }
        throw .unknown(place)
      }
      dates.append(date)
    }
    let step = try step(of: dates, first)
    return .dates(last: dates[dates.count - 1], step: step)
  }

  private static func step(of dates: [DateLabel], _ first: DateLabel) throws(Failure) -> IndexStep {
    switch first.style.day {
    case .month, .quarter: return .months(try found(RegularStep(dates.map(\.date.monthNumber))), day: 1)
    case .yearFirst, .dayFirst: break
    }
    guard dates.allSatisfy({ $0.ticks == first.ticks && $0.zone == first.zone }) else {
      return .ticks(try found(RegularStep(dates.map(\.instant))), perSecond: first.style.ticksPerSecond)
    }
    let days = dates.map(\.date)
    if let months = months(days) { return months }
    let numbers = days.map(\.number)
    if isWeekdays(numbers) { return .weekdays }
    return .days(try found(RegularStep(numbers)))
  }

  /// The step of days that are each month's same, or its last one.
  private static func months(_ days: [CivilDate]) -> IndexStep? {
    let areEnds = days.allSatisfy { $0.day == CivilDate.days(ofMonth: $0.month, year: $0.year) }
    let anchor = areEnds ? 31 : days.map(\.day).max() ?? 31
    guard days.allSatisfy({ $0.day == min(anchor, CivilDate.days(ofMonth: $0.month, year: $0.year)) }) else {
      return nil
    }
    return RegularStep(days.map(\.monthNumber)).step.map { .months($0, day: anchor) }
  }

  /// Whether days are Mondays to Fridays, mostly one after the other, over at least one weekend.
  private static func isWeekdays(_ days: [Int]) -> Bool {
    guard days.allSatisfy({ CivilDate.weekday($0) < 5 }), let first = days.first, let last = days.last else {
      return false
    }
    func weekdayNumber(_ day: Int) -> Int { (day + 3 - CivilDate.weekday(day)) / 7 * 5 + CivilDate.weekday(day) }
    return RegularStep(days.map(weekdayNumber)).step == 1 && last - first > weekdayNumber(last) - weekdayNumber(first)
  }

  /// The step.
  var step: IndexStep {
    switch self {
    case .numbers(let last, let step, _): .number(step, decimals: last.decimals)
    case .dates(_, let step): step
    }
  }
}

extension DateStyle {
  /// Whether a date so written has digits only.
  var isDigitsOnly: Bool {
    time == nil && (day == .month(separator: nil) || day == .yearFirst(separator: nil))
  }
}

extension DateLabel {
  /// Whether `label` is surely no plain number: of digits only, a date must lie in years that data are of.
  func isWrittenAsDate(_ label: String) -> Bool {
    !style.isDigitsOnly || 1800...2199 ~= date.year
  }
}
