import Figures

/// Labels of rows, as dates, along a picture's axis.
enum AxisNames {
  /// More are never drawn.
  private static let most = 60

  /// Some of the rows' labels, evenly chosen.
  static func ticks(_ rows: [(place: Double, label: String)]) -> [Figure.Tick] {
    let every = max(1, (rows.count + most - 1) / most)
    return rows.enumerated().filter { $0.offset % every == 0 }.map { Figure.Tick($0.element.place, $0.element.label) }
  }
}
