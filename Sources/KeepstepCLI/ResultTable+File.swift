extension ResultTable {
  /// Writes the rows to a file, which is whole or absent, or prints them where none is named.
  func emit(_ format: PredictionFormat, to path: String?) throws {
    if let path {
      try write(format, to: path)
    } else if let text = format.lines {
      try lines(text) { try Output.record($0) }
    }
  }
}
