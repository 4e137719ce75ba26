extension GnuplotScript {
  /// Colours of a map: ColorBrewer's RdBu, which people who see no green tell apart, too.
  private static let palette =
    "set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#f7f7f7', 0.5 '#f4a582', 1 '#b2182b') maxcolors 63"
  /// Room around a map for its texts and its bar, in pixels.
  private static let margins = (left: 70, right: 105, top: 44, bottom: 62)
  /// Room for the picture's title, in pixels.
  private static let head = 44

  /// The script that draws heat maps.
  ///
  /// - Throws: `FigureError` when there is no number to draw.
  init(_ given: HeatMaps, format: FigureFormat, hasBackground: Bool = true) throws {
    let maps = try given.drawable
    var lines = Self.opening(
      title: "", width: maps.width, height: maps.height, format: format, hasBackground: hasBackground)
    lines += [
      Self.palette, "unset key", "set border 15 linecolor rgb '#999999' linewidth 1",
      "set tics nomirror out scale 0.5 textcolor rgb '\(Self.ink)'", "set format cb '%.2g'", "set format x '%.12g'",
    ]
    let texts = maps.maps.enumerated().map { Self.block($1, in: maps, number: $0) }
    let title = Self.quoted(maps.title, limit: maps.width / Self.characterWidth)
    lines += [
      "set multiplot",
      "set label 1 \(title) noenhanced at screen 0.5,screen \(1 - 22 / Double(maps.height)) center "
        + "font ',\(format.titleSize)' textcolor rgb '\(Self.ink)'",
    ]
    for (number, map) in maps.maps.enumerated() {
      lines += Self.panel(map, in: maps, number: number)
      if number == 0 { lines.append("unset label 1") }
    }
    lines.append("unset multiplot")
    text = texts.joined() + lines.joined(separator: "\n") + "\n"
  }

  /// How many pixels a map of the picture has.
  private static func cells(in maps: HeatMaps) -> (columns: Int, rows: Int) {
    (
      max(1, maps.width / maps.across - margins.left - margins.right),
      max(1, (maps.height - head) / max(1, maps.down) - margins.top - margins.bottom)
    )
  }

  /// A map's numbers as a block of data: a line a row.
  private static func block(_ map: HeatMap, in maps: HeatMaps, number: Int) -> String {
    let cells = cells(in: maps)
    let map = map.thinned(columns: cells.columns, rows: cells.rows)
    var lines = ""
    for row in 0..<map.rows {
      let values = map.values[row * map.columns..<(row + 1) * map.columns]
      lines += values.map { $0.isFinite ? "\($0)" : "NaN" }.joined(separator: " ") + "\n"
    }
    return "$map\(number) << EOD\n\(lines)EOD\n"
  }

  private static func panel(_ map: HeatMap, in maps: HeatMaps, number: Int) -> [String] {
    let (row, column) = number.quotientAndRemainder(dividingBy: maps.across)
    let (width, height) = (Double(maps.width), Double(maps.height))
    let (panelWidth, panelHeight) = (width / Double(maps.across), (height - Double(head)) / Double(max(1, maps.down)))
    let left = Double(column) * panelWidth
    let top = height - Double(head) - Double(row) * panelHeight
    let magnitude = map.magnitude > 0 ? Double(map.magnitude) : 1
    let cells = cells(in: maps)
    let thin = map.thinned(columns: cells.columns, rows: cells.rows)
    let (dx, dy) = (step(map.xRange, thin.columns), step(map.yRange, thin.rows))
    func label(_ name: String, _ text: String, _ pixels: Double) -> String {
      "set \(name) \(quoted(text, limit: Int(pixels) / characterWidth)) noenhanced textcolor rgb '\(ink)'"
    }
    return [
      "set lmargin at screen \((left + Double(margins.left)) / width)",
      "set rmargin at screen \((left + panelWidth - Double(margins.right)) / width)",
      "set tmargin at screen \((top - Double(margins.top)) / height)",
      "set bmargin at screen \((top - panelHeight + Double(margins.bottom)) / height)",
      label("title", map.title, panelWidth), label("xlabel", map.xLabel, panelWidth),
      label("ylabel", map.yLabel, panelHeight), "set cbrange [\(-magnitude):\(magnitude)]",
      "set xrange [\(map.xRange.lowerBound - dx / 2):\(map.xRange.upperBound + dx / 2)]",
      "set yrange [\(map.yRange.upperBound + dy / 2):\(map.yRange.lowerBound - dy / 2)]",
      tics("x", map.xRange, most: Int(panelWidth) / 130), tics("y", map.yRange, most: Int(panelHeight) / 70),
      "plot $map\(number) matrix using (\(map.xRange.lowerBound)+$1*\(dx)):(\(map.yRange.lowerBound)+$2*\(dy)):3 "
        + "with image",
    ]
  }

  /// What a column or a row stands for more than the one before it.
  private static func step(_ range: ClosedRange<Double>, _ count: Int) -> Double {
    guard count > 1, range.upperBound > range.lowerBound else { return 1 }
    return (range.upperBound - range.lowerBound) / Double(count - 1)
  }

  /// Tics at whole numbers: rows and columns are counted.
  private static func tics(_ axis: String, _ range: ClosedRange<Double>, most: Int) -> String {
    let places = AxisTicks.linear(range, most: max(2, most)).filter { $0 == $0.rounded() }
    let listed = places.isEmpty ? [range.lowerBound] : places
    return "set \(axis)tics (\(listed.map { "\($0)" }.joined(separator: ", ")))"
  }
}
