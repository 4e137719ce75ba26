/// A table of numbers as colours: blue below zero, light at zero, red above.
public struct HeatMap: Hashable, Sendable {
  /// Stands above it, taken literally.
  public var title: String
  /// What its columns are.
  public var xLabel: String
  /// What its rows are.
  public var yLabel: String
  /// How many columns it has.
  public var columns: Int
  /// [rows, columns], row-major, the first row on top. A number that is not finite stays blank.
  public var values: [Float]
  /// What the first and the last column stand for, as steps.
  public var xRange: ClosedRange<Double>
  /// What the first and the last row stand for.
  public var yRange: ClosedRange<Double>

  /// A map of [rows, columns] numbers; a last row that is not whole is left out.
  ///
  /// - Parameter title: Stands above it.
  /// - Parameter columns: How many columns it has.
  /// - Parameter values: [rows, columns], the first row on top.
  /// - Parameter xLabel: What its columns are.
  /// - Parameter yLabel: What its rows are.
  /// - Parameter xRange: What the first and the last column stand for; their indices by default.
  public init(
    _ title: String, columns: Int, values: [Float], xLabel: String, yLabel: String,
    xRange: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.columns = max(0, columns)
    let rows = columns > 0 ? values.count / columns : 0
    self.values = rows * self.columns == values.count ? values : Array(values.prefix(rows * self.columns))
    self.xRange = xRange ?? 0...Double(max(1, self.columns) - 1)
    yRange = 0...Double(max(1, rows) - 1)
  }

  /// How many rows it has.
  public var rows: Int { columns > 0 ? values.count / columns : 0 }

  /// The greatest magnitude of its finite numbers: the colours go from minus this to this.
  public var magnitude: Float {
    values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }

  /// The same map with no more cells than a picture can show. A cell of it is the number of greatest magnitude among
  /// those that it stands for, so that no spike is lost.
  func thinned(columns most: Int, rows mostRows: Int) -> HeatMap {
    let (width, height) = (min(columns, max(1, most)), min(rows, max(1, mostRows)))
    guard width < columns || height < rows else { return self }
    var thinned = self
    thinned.columns = width
    thinned.values = []
    thinned.values.reserveCapacity(width * height)
    for row in 0..<height {
      for column in 0..<width {
        thinned.values.append(
          extreme(
            rows: row * rows / height..<(row + 1) * rows / height,
            columns: column * columns / width..<(column + 1) * columns / width))
      }
    }
    return thinned
  }

  private func extreme(rows: Range<Int>, columns: Range<Int>) -> Float {
    var extreme = Float.nan
    for row in rows {
      for column in columns {
        let value = values[row * self.columns + column]
        if value.isFinite, !(abs(value) <= abs(extreme)) { extreme = value }
      }
    }
    return extreme
  }
}

/// Heat maps beside and below each other, each with its own bar of colours.
public struct HeatMaps: Hashable, Sendable {
  /// Stands above them, taken literally.
  public var title: String
  /// The maps, in rows from the left.
  public var maps: [HeatMap]
  /// How many stand beside each other.
  public var across: Int
  /// The picture's width in pixels.
  public var width: Int
  /// The picture's height in pixels.
  public var height: Int

  /// Maps in a picture of one size.
  ///
  /// - Parameter title: Stands above all.
  /// - Parameter maps: The maps, row by row.
  /// - Parameter across: How many stand side by side, at least 1.
  /// - Parameter width: The picture's width in pixels.
  /// - Parameter height: 310 pixels a row of maps unless it is given.
  public init(title: String, maps: [HeatMap], across: Int, width: Int = 960, height: Int? = nil) {
    self.title = title
    self.maps = maps
    self.across = max(1, min(across, maps.count))
    self.width = width
    self.height = height ?? 0
    if height == nil { self.height = heightOfRows(310) }
  }

  /// How many rows of maps there are.
  public var down: Int { (maps.count + across - 1) / max(1, across) }

  /// The picture's height when each row of maps has so many pixels: no more than a picture may have.
  public func heightOfRows(_ pixels: Int) -> Int {
    min(Figure.sizes.upperBound, 60 + max(1, down) * pixels)
  }

  /// The same picture without maps that have no number to draw.
  ///
  /// - Throws: `FigureError` when none is left.
  var drawable: HeatMaps {
    get throws {
      var drawable = self
      drawable.maps = maps.filter { $0.values.contains(where: \.isFinite) }
      guard !drawable.maps.isEmpty else {
        throw FigureError("nothing to draw: \(maps.count) heat maps, none of them with a finite number")
      }
      drawable.across = min(across, drawable.maps.count)
      return drawable
    }
  }
}
