import Figures
import Recurrent
import RunStore
import Sequences
import Training

/// The last rows of a run's data, and its forecast of the rows after them.
struct ForecastPicture {
  /// What is forecast.
  struct Request {
    /// Rows ahead.
    var horizon: Int
    /// Known rows in front of them; three times as many as are forecast, and at least 40, without it.
    var rows: Int?
    /// A file with the later rows of inputs that the network does not forecast.
    var dataPath: String?
  }

  /// The picture.
  let picture: Picture

  /// - Throws: what `Forecast` throws, as for a network that does not predict its own inputs' later values.
  init(_ reference: RunReference, in reader: StoreReader, _ request: Request, kernels: Kernels) throws {
    let (record, checkpoint) = try reference.resolve(in: reader)
    let recorded = try RecordedRun.forPrediction(record, in: reader, dataPath: nil)
    let forecaster = try SeriesForecaster(recorded, at: checkpoint, in: reader, kernels: kernels)
    let later = try request.dataPath.map { try forecaster.laterInputs(path: $0) }
    let forecast = try Forecast(forecaster, of: recorded, later: later, horizon: request.horizon)
    guard case .table(let table) = recorded.data else {
      throw CommandError("run \(record.name) has no data to go on from")
    }
    let shown = request.rows ?? max(40, 3 * request.horizon)
    var figure = Figure(
      title: "Forecast of \(record.name)", xLabel: forecast.index ?? "row",
      yLabel: forecast.targets.joined(separator: ", "),
      series: try forecast.series.flatMap { try Self.curves(of: $0, forecast, table, rows: shown) })
    // Series begin and end at different times: their rows are counted, and have names only where there is one.
    if forecast.series.count == 1, let series = forecast.series.first, let labels = series.labels,
      let index = table.index
    {
      let known = index.labels.enumerated().suffix(shown).map { (Double($0.offset), $0.element) }
      let ahead = labels.enumerated().map { (Double(series.firstRow + $0.offset), $0.element) }
      figure.xTicks = AxisNames.ticks(known + ahead)
    }
    picture = .curves(figure)
  }

  /// A series' last rows as a line, and its forecast as an interrupted one that begins where they end.
  private static func curves(
    of series: Forecast.Series, _ forecast: Forecast, _ table: Table, rows: Int
  ) throws -> [Series] {
    let all = table.rows(ofSequence: series.number)
    let isAlone = forecast.series.count == 1 && forecast.targets.count == 1
    return try forecast.targets.enumerated().flatMap { target, name -> [Series] in
      let column = try table.column(name)
      let known = all.suffix(rows).map { row in
        Series.Point(
          x: Double(row - all.lowerBound), y: Double(table.values[row * table.columns.count + column]))
      }
      let ahead = (0..<series.values.count / forecast.targets.count).map { row in
        Series.Point(
          x: Double(series.firstRow + row), y: Double(series.values[row * forecast.targets.count + target]))
      }
      let color = Color.distinct(series.number * forecast.targets.count + target)
      let who = [series.name ?? (forecast.series.count > 1 ? "\(series.number)" : nil), name].compactMap(\.self)
      let label = who.joined(separator: " ")
      return [
        Series(label, points: known, color: isAlone ? .red : color),
        Series(
          isAlone ? "forecast" : "", points: (known.last.map { [$0] } ?? []) + ahead, color: isAlone ? .blue : color,
          style: .dashedLine),
      ]
    }
  }
}
