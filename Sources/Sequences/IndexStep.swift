/// How far the labels of a regular index lie apart.
public enum IndexStep: Sendable, Equatable, CustomStringConvertible {
  /// Plain numbers, `count` units of their last decimal apart: a quarter is 25 with 2 decimals.
  case number(Int, decimals: Int)
  /// So many months, on this day of the month or, where a month is shorter, its last one; 31 is the month's end.
  case months(Int, day: Int)
  /// So many days.
  case days(Int)
  /// From Monday to Friday, a day at a time. Holidays are not known.
  case weekdays
  /// So many parts of a second, of which `perSecond` make up one.
  case ticks(Int, perSecond: Int)

  /// As a person says it: `3 months`, `1 weekday`, `0.25`.
  public var description: String {
    func counted(_ count: Int, _ unit: String) -> String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
    switch self {
    case .number(let count, let decimals): return NumberLabel(digits: count, decimals: decimals, width: 1).text
    case .months(let count, _): return count % 12 == 0 ? counted(count / 12, "year") : counted(count, "month")
    case .days(let count): return counted(count, "day")
    case .weekdays: return "1 weekday"
    case .ticks(let count, let perSecond):
      guard count % perSecond == 0 else { return "\(Double(count) / Double(perSecond)) seconds" }
      let seconds = count / perSecond
      if seconds % 86_400 == 0 { return counted(seconds / 86_400, "day") }
      if seconds % 3600 == 0 { return counted(seconds / 3600, "hour") }
      return seconds % 60 == 0 ? counted(seconds / 60, "minute") : counted(seconds, "second")
    }
  }
}

/// The step of ascending positions: the least distance of two neighbours, if at least half of the neighbours have it and
/// the others are whole multiples of it, gaps. (Dropped rows leave some, holidays do.)
///
/// Where there is none, `failure` is the place of the first label that contradicts.
enum RegularStep {
  case found(Int)
  case failure(at: Int)

  init(_ positions: [Int]) {
    let distances = zip(positions.dropFirst(), positions).map { $0.subtractingReportingOverflow($1) }
    if let bad = distances.firstIndex(where: { $0.overflow || $0.partialValue <= 0 }) {
      self = .failure(at: bad + 1)
      return
    }
    guard let step = distances.lazy.map(\.partialValue).min() else {
      self = .failure(at: 0)
      return
    }
    let equal = distances.count { $0.partialValue == step }
    let odd = distances.firstIndex { $0.partialValue % step != 0 }
    if let odd = odd ?? (2 * equal < distances.count ? distances.firstIndex { $0.partialValue != step } : nil) {
      self = .failure(at: odd + 1)
    } else {
      self = .found(step)
    }
  }

  var step: Int? {
    if case .found(let step) = self { step } else { nil }
  }
}
