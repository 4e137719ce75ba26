import RunStore
import Training

/// A forecast as rows of results.
struct ForecastTable {
  private let forecast: Forecast

  init(_ forecast: Forecast) {
    self.forecast = forecast
  }

  /// The series where there are several, the index or the row's number in its series, and a column a target.
  var table: ResultTable {
    let series = forecast.seriesColumn.map { [$0] } ?? []
    let columns = series + [forecast.index ?? "row"] + forecast.targets.map { "predicted_\($0)" }
    return ResultTable(columns: columns, rows: forecast.series.flatMap(rows))
  }

  private func rows(_ series: Forecast.Series) -> [[StoreValue]] {
    let (O, name) = (forecast.targets.count, series.name.map { StoreValue.text($0) } ?? .integer(Int64(series.number)))
    return (0..<series.values.count / O).map { row in
      let place = series.labels.map { StoreValue.text($0[row]) } ?? .integer(Int64(series.firstRow + row))
      let values = series.values[row * O..<(row + 1) * O].map { StoreValue($0) }
      return (forecast.seriesColumn == nil ? [] : [name]) + [place] + values
    }
  }
}
