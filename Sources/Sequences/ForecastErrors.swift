/// How far forecasts are from what came, in the four measures that forecasters compare.
///
///     var errors = ForecastErrors()
///     errors.add(actual: 12, forecast: 11, scale: 0.5)
///     errors.rootMeanSquare  // 1
///
/// With y what came, f its forecast and q the scale of its series, over n forecasts:
///
/// | measure | definition |
/// | --- | --- |
/// | MAE | mean of \|y - f\| |
/// | RMSE | square root of the mean of (y - f)² |
/// | MASE | mean of \|y - f\| / q; below 1 it is better than the naive forecast was on the rows that q is made from |
/// | sMAPE | mean of 200 · \|y - f\| / (\|y\| + \|f\|), in percent from 0 to 200; 0 where y and f are 0 |
///
/// The scale q is the mean absolute error of the (seasonal) naive forecast one step (one season) ahead in the rows
/// before the test; see `NaiveForecast.scale`. MASE is that of Hyndman and Koehler, "Another look at measures of forecast
/// accuracy", International Journal of Forecasting 22(4), 2006; with seasons, and with this sMAPE, both are those of the
/// M4 competition (Makridakis, Spiliotis and Assimakopoulos, International Journal of Forecasting 36(1), 2020). Sums are
/// float64, in the order in which forecasts are added.
public struct ForecastErrors: Sendable, Equatable {
  /// n, the forecasts that were added.
  public private(set) var count = 0
  private var absolute = 0.0
  private var squared = 0.0
  private var percent = 0.0
  private var scaled = 0.0
  private var isScaled = true

  /// No forecasts yet.
  public init() {}

  /// Takes in one forecast.
  ///
  /// - Parameter y: the value that came.
  /// - Parameter f: the value that was forecast.
  /// - Parameter scale: q of its series, above 0; nil where there is none, and then MASE has no value.
  public mutating func add(actual y: Double, forecast f: Double, scale: Double?) {
    let error = abs(y - f)
    let size = abs(y) + abs(f)
    count += 1
    absolute += error
    squared += error * error
    percent += size > 0 ? 200 * error / size : 0
    if let scale { scaled += error / scale } else { isScaled = false }
  }

  /// Takes in the forecasts of `other`, after its own.
  public mutating func add(_ other: ForecastErrors) {
    count += other.count
    absolute += other.absolute
    squared += other.squared
    percent += other.percent
    scaled += other.scaled
    isScaled = isScaled && other.isScaled
  }

  /// MAE; nil without forecasts, as all of these.
  public var meanAbsolute: Double? { mean(of: absolute) }
  /// RMSE.
  public var rootMeanSquare: Double? { mean(of: squared)?.squareRoot() }
  /// MASE; nil where a series has no scale.
  public var meanAbsoluteScaled: Double? { isScaled ? mean(of: scaled) : nil }
  /// sMAPE, in percent.
  public var symmetricPercentage: Double? { mean(of: percent) }

  private func mean(of sum: Double) -> Double? { count > 0 ? sum / Double(count) : nil }
}
