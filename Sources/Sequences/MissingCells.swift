/// A cell without a value.
struct MissingCell {
  let line: Int
  let column: String
  /// Completes the sentence that begins with the cell's place.
  let description: String
}

/// The cells of a file without values: how many, and the first ones.
struct MissingCells {
  private static let shown = 5
  private(set) var count = 0
  private var first: [MissingCell] = []

  mutating func append(_ cell: MissingCell) {
    count += 1
    if first.count < Self.shown { first.append(cell) }
  }

  /// - Throws: `SequenceError` that names the first ones and their number, where there are any.
  func refuse(source: String) throws {
    guard let cell = first.first else { return }
    let others = first.dropFirst().map { "row \($0.line), column \(quoted($0.column))" }
    let more = count > first.count ? "; …" : ""
    let also = others.isEmpty ? "" : "; \(count) values are missing, also \(others.joined(separator: "; "))\(more)"
    throw SequenceError(
      "\(source), row \(cell.line), column \(quoted(cell.column)): \(cell.description)\(also)",
      hint: "\(rowsAreLines); --missing interpolate fills gaps, --missing drop leaves such rows out")
  }
}
