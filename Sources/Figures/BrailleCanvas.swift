/// A drawing area of characters, each of 2 × 4 dots, as the braille patterns of Unicode have them; on a terminal without
/// Unicode a character has one symbol.
struct BrailleCanvas {
  /// Characters across and down.
  let columns: Int
  let rows: Int

  private struct Cell {
    var dots: UInt8 = 0
    var symbol: Character?
    var color: Color?
    var isFaint = false
  }

  private var cells: [Cell]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  /// Sets the dot x from the left and y from the top.
  mutating func set(_ x: Int, _ y: Int, color: Color, isFaint: Bool) {
    guard x >= 0, y >= 0, x < 2 * columns, y < 4 * rows else { return }
    // The patterns' bits: 1 2 3 7 down the left, 4 5 6 8 down the right.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    let cell = y / 4 * columns + x / 2
    cells[cell].dots |= bits[x % 2][y % 4]
    cells[cell].color = color
    cells[cell].isFaint = isFaint
  }

  /// Puts a symbol into the character of a dot, over whatever is there.
  mutating func put(_ symbol: Character, _ x: Int, _ y: Int, color: Color) {
    guard x >= 0, y >= 0, x < 2 * columns, y < 4 * rows else { return }
    cells[y / 4 * columns + x / 2] = Cell(symbol: symbol, color: color)
  }

  /// Draws a line between two dots; with a symbol that stands for the curve, in characters rather than dots.
  mutating func line(
    from a: (x: Int, y: Int), to b: (x: Int, y: Int), color: Color, isFaint: Bool = false, symbol: Character? = nil
  ) {
    let length = max(abs(b.x - a.x), abs(b.y - a.y))
    for step in 0...max(1, length) {
      let part = Double(step) / Double(max(1, length))
      let x = a.x + Int((Double(b.x - a.x) * part).rounded())
      let y = a.y + Int((Double(b.y - a.y) * part).rounded())
      if let symbol { put(symbol, x, y, color: color) } else { set(x, y, color: color, isFaint: isFaint) }
    }
  }

  /// The characters of a row.
  func line(_ row: Int, _ style: TerminalStyle) -> String {
    var line = ""
    var column = 0
    while column < columns {
      // Neighbours of one colour share an escape sequence.
      let first = cells[row * columns + column]
      var text = ""
      while column < columns {
        let cell = cells[row * columns + column]
        guard cell.color == first.color, cell.isFaint == first.isFaint else { break }
        text.append(cell.symbol ?? Self.pattern(cell.dots))
        column += 1
      }
      line += style.colored(text, first.color, isFaint: first.isFaint)
    }
    return line
  }

  private static func pattern(_ dots: UInt8) -> Character {
    guard dots > 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return " " }
    return Character(scalar)
  }
}
