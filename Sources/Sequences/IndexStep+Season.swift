extension IndexStep {
  /// The rows that a year, a week or a day has at this step: what people mostly mean by a season.
  ///
  /// | step | rows of a season |
  /// | --- | --- |
  /// | month, quarter, half a year | 12, 4, 2: a year |
  /// | week | 52: a year, but for a day |
  /// | day; weekday | 7; 5: a week |
  /// | hour, or whole parts of a day down to a second | a day |
  ///
  /// Nil for other steps, and for plain numbers.
  public var season: Int? {
    switch self {
    case .number: return nil
    case .months(let months, _): return months < 12 && 12 % months == 0 ? 12 / months : nil
    case .days(7): return 52
    case .days(1): return 7
    case .days: return nil
    case .weekdays: return 5
    case .ticks(let ticks, let perSecond):
      let (day, overflow) = perSecond.multipliedReportingOverflow(by: 86_400)
      guard !overflow, ticks >= perSecond else { return nil }
      switch ticks {
      case day: return 7
      case _ where ticks % 7 == 0 && ticks / 7 == day: return 52
      default: return ticks < day && day % ticks == 0 ? day / ticks : nil
      }
    }
  }
}

extension Table {
  /// The rows of a season that all series' labels tell of; nil where there is no index, or they tell of none.
  public var season: Int? {
    guard let index else { return nil }
    let seasons = (0..<sequenceCount).map { try? index.step(of: rows(ofSequence: $0)).season }
    guard let first = seasons.first, let season = first, seasons.allSatisfy({ $0 == season }) else { return nil }
    return season
  }
}
