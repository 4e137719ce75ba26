/// The forecasts that a network must beat to be worth its training.
///
/// | forecast | of row r + h, made at row r |
/// | --- | --- |
/// | naive | the value of row r |
/// | seasonal naive | the value of the last row, up to r, that lies whole seasons of m rows before row r + h |
///
/// The naive forecast is that of a season of one row.
public struct NaiveForecast: Sendable, Equatable {
  /// m, the rows of a season; 1 or more.
  public let season: Int

  /// Tomorrow is like today.
  public static let naive = NaiveForecast(season: 1)

  /// A season is like the one before it.
  /// - Precondition: a season has at least 1 row.
  public init(season m: Int) {
    precondition(m >= 1)
    season = m
  }

  /// The row whose value is the forecast of the row `step` rows after `origin`, the last one that is known.
  /// - Precondition: `step` is at least 1.
  public func row(origin: Int, step h: Int) -> Int {
    // The last row of the season that ends at the origin is the origin itself.
    origin - (season - 1) + (h - 1) % season
  }

  /// q: the mean absolute error that this forecast has one season ahead within the rows of one series, by which MASE
  /// divides.
  ///
  /// - Parameters:
  ///   - values: the series' values that are known before the test, in their order.
  /// - Returns: nil where there are no more rows than one season has, or the error is 0.
  public func scale(of values: [Float]) -> Double? {
    guard values.count > season else { return nil }
    var sum = 0.0
    for row in season..<values.count { sum += abs(Double(values[row]) - Double(values[row - season])) }
    let scale = sum / Double(values.count - season)
    return scale > 0 ? scale : nil
  }
}
