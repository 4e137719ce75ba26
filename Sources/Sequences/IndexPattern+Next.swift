extension IndexPattern {
  /// The label `count` steps after the last one; nil where no label can be written for it.
  func label(after count: Int) -> String? {
    switch self {
    case .numbers(let last, let step, let isTrimmed):
      let (product, overflow) = step.multipliedReportingOverflow(by: count)
      let (digits, alsoOverflow) = last.digits.addingReportingOverflow(product)
      guard !overflow, !alsoOverflow else { return nil }
      let number = NumberLabel(digits: digits, decimals: last.decimals, width: last.width)
      return (isTrimmed ? number.trimmed : number).text
    case .dates(var label, let step):
      guard let date = label.moved(by: step, times: count) else { return nil }
      label = date
      return label.text
    }
  }
}

extension DateLabel {
  /// The label `count` steps later, on the same clock; nil beyond the year 9999.
  fileprivate func moved(by step: IndexStep, times count: Int) -> DateLabel? {
    var label = self
    switch step {
    case .number: return nil
    case .months(let months, let day):
      guard let target = sum(date.monthNumber, months, count), let date = CivilDate(monthNumber: target, day: day)
      else { return nil }
      label.date = date
    case .days(let days):
      guard let target = sum(date.number, days, count), let date = CivilDate(number: target) else { return nil }
      label.date = date
    case .weekdays:
      let weekday = CivilDate.weekday(date.number)
      guard let days = sum(weekday, 1, count), let target = sum(date.number - weekday, 7, days / 5),
        let date = CivilDate(number: target + days % 5)
      else { return nil }
      label.date = date
    case .ticks(let ticks, let perSecond):
      guard let target = sum(date.number * 86_400 * perSecond + self.ticks, ticks, count) else { return nil }
      let day = 86_400 * perSecond
      guard let date = CivilDate(number: (target - (target % day + day) % day) / day) else { return nil }
      label.date = date
      label.ticks = (target % day + day) % day
    }
    return label
  }

  /// `a + b · count`, or nil beyond Int's range.
  private func sum(_ a: Int, _ b: Int, _ count: Int) -> Int? {
    let (product, overflow) = b.multipliedReportingOverflow(by: count)
    let (sum, alsoOverflow) = a.addingReportingOverflow(product)
    return overflow || alsoOverflow ? nil : sum
  }
}
