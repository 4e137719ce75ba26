import Foundation

/// Round numbers along an axis.
enum AxisTicks {
  /// At most `most` multiples of 1, 2 or 5 times a power of ten within a range; its lower end where none is.
  static func linear(_ range: ClosedRange<Double>, most: Int) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite, most > 0 else { return [range.lowerBound] }
    var power = pow(10, (log10(span / Double(most))).rounded(.down))
    guard power > 0, power.isFinite else { return [range.lowerBound] }
    var places: [Double] = []
    for factor in [1.0, 2, 5, 10, 20, 50] {
      let step = power * factor
      let (first, last) = ((range.lowerBound / step).rounded(.up), (range.upperBound / step).rounded(.down))
      guard last - first + 1 <= Double(most), last >= first else { continue }
      places = stride(from: first, through: last, by: 1).map { $0 * step }
      power = step
      break
    }
    // A sum of tenths is no tenth: 0.30000000000000004.
    let rounded = places.map { power < 1 ? ($0 / power).rounded() / (1 / power).rounded() : $0 }
    return rounded.isEmpty ? [range.lowerBound] : rounded
  }

  /// At most `most` powers of ten within a range above zero; where it has fewer than two, numbers of the linear axis.
  static func logarithmic(_ range: ClosedRange<Double>, most: Int) -> [Double] {
    guard range.lowerBound > 0, most > 0 else { return [] }
    let (first, last) = (log10(range.lowerBound).rounded(.up), log10(range.upperBound).rounded(.down))
    guard last - first >= 1 else { return linear(range, most: most) }
    let every = ((last - first + 1) / Double(most)).rounded(.up)
    return stride(from: last, through: first, by: -max(1, every)).map { pow(10, $0) }.reversed()
  }

  /// A number beside an axis: `0.5`, `20000`, `1e-07`.
  static func text(_ value: Double) -> String {
    String(format: abs(value) >= 1e6 ? "%.4g" : "%.6g", value)
  }
}
