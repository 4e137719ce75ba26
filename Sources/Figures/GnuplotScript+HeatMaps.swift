extension GnuplotScript {
  /// Colours of a map: ColorBrewer's RdBu, which people who see no green tell apart, too.
  private static let palette =
    "set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#f7f7f7', 0.5 '#f4a582', 1 '#b2182b') maxcolors 63"
  /// Room around a map for its texts and its bar, in pixels.
  private static let margins = (left: 74, right: 92, top: 46, bottom: 74)
  /// Room for the picture's title, in pixels.
  private static let head = 50

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
      let values = map.values[row * map.columns..<(row + 1) * map.columns].map { $0.isFinite ? "\($0)" : "NaN" }
      // gnuplot draws no image of one row or one column: its cells are then two halves.
      let line = (map.columns == 1 ? values + values : values).joined(separator: " ") + "\n"
      lines += map.rows == 1 ? line + line : line
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
    let (x, y) = (Places(map.xRange, thin.columns), Places(map.yRange, thin.rows))
    func label(_ name: String, _ text: String, _ pixels: Double) -> String {
      "set \(name) \(quoted(text, limit: Int(pixels) / characterWidth)) noenhanced textcolor rgb '\(ink)'"
    }
    return [
      "set lmargin at screen \((left + Double(margins.left)) / width)",
      "set rmargin at screen \((left + panelWidth - Double(margins.right)) / width)",
      "set tmargin at screen \((top - Double(margins.top)) / height)",
      "set bmargin at screen \((top - panelHeight + Double(margins.bottom)) / height)",
      // A bar of one width, whatever the map's.
      "set colorbox user origin screen \((left + panelWidth - Double(margins.right) + 10) / width),screen "
        + "\((top - panelHeight + Double(margins.bottom)) / height) size screen \(14 / width),screen "
        + "\((panelHeight - Double(margins.top + margins.bottom)) / height)",
      label("title", map.title, panelWidth), label("xlabel", map.xLabel, panelWidth) + " offset 0,0.3",
      label("ylabel", map.yLabel, panelHeight) + " offset 1,0", "set cbrange [\(-magnitude):\(magnitude)]",
      "set cbtics (\([-1, -0.5, 0, 0.5, 1].map { "\($0 * magnitude)" }.joined(separator: ", ")))",
      "set xrange [\(x.range.lowerBound):\(x.range.upperBound)]",
      "set yrange [\(y.range.upperBound):\(y.range.lowerBound)]",
      tics("x", map.xRange, most: Int(panelWidth) / 130), tics("y", map.yRange, most: Int(panelHeight) / 70),
      "plot $map\(number) matrix using (\(x.first)+$1*\(x.step)):(\(y.first)+$2*\(y.step)):3 with image",
    ]
  }

  /// Where columns or rows stand on their axis, of which a cell covers as much before as behind its number.
  private struct Places {
    let first: Double
    let step: Double
    let range: ClosedRange<Double>

    init(_ ends: ClosedRange<Double>, _ count: Int) {
      let isSpread = count > 1 && ends.upperBound > ends.lowerBound
      let cell = isSpread ? (ends.upperBound - ends.lowerBound) / Double(count - 1) : 1
      range = ends.lowerBound - cell / 2...(isSpread ? ends.upperBound : ends.lowerBound) + cell / 2
      // One cell is drawn as two halves.
      first = isSpread ? ends.lowerBound : ends.lowerBound - 0.25
      step = isSpread ? cell : 0.5
    }
  }

  /// Tics at whole numbers: rows and columns are counted.
  private static func tics(_ axis: String, _ range: ClosedRange<Double>, most: Int) -> String {
    let places = AxisTicks.linear(range, most: max(2, most)).filter { $0 == $0.rounded() }
    let listed = places.isEmpty ? [range.lowerBound] : places
    return "set \(axis)tics (\(listed.map { "\($0)" }.joined(separator: ", ")))"
  }
}
