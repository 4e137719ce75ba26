/// Reads the rows of a CSV file into the values of the wanted columns.
struct CSVReader {
  private let header: CSVHeader
  private let options: ReadingOptions
  private let columns: [(name: String, place: Int)]
  private let indexPlace: Int?
  private let seriesPlace: Int?
  private var scanner: CSVScanner
  private let decimals = Decimals()
  private var mark: MarkChoice
  private var fields: [CSVField] = []
  private(set) var missing = MissingCells()
  private(set) var rows: SeriesRows
  private var seriesNames = SeriesNames()

  /// - Throws: `SequenceError` for a header that cannot be read or has not all the columns, each once.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, columns: [String], options: ReadingOptions
  ) throws {
    var scanner = CSVScanner(bytes, delimiter: FieldDelimiter.comma.byte, source: source)
    let special = [options.index, options.series].compactMap { $0 }
    header = try CSVHeader(
      bytes, source: source, wanted: columns + special, delimiter: options.delimiter, scanner: &scanner)
    self.columns = try columns.map { [header] in ($0, try header.place(of: $0)) }
    indexPlace = try options.index.map(header.place)
    seriesPlace = try options.series.map(header.place)
    mark = MarkChoice(given: options.decimal, delimiter: header.delimiter)
    self.scanner = scanner
    self.options = options
    rows = SeriesRows(width: columns.count)
  }

  /// Reads all rows.
  /// - Throws: `SequenceError` for the first row that is not as it must be; for missing values, after the last row.
  mutating func readAll() throws {
    var blankLine: Int?
    while try scanner.next(&fields) {
      if isBlank {
        blankLine = blankLine ?? scanner.line
        continue
      }
      try check(blankLine: blankLine)
      try readRow()
    }
    if options.missing == .refuse { try missing.refuse(source: header.source) }
    rows.names = seriesPlace == nil ? nil : seriesNames.names
  }

  private var isBlank: Bool {
    fields.count == 1 && !fields[0].isQuoted && trimmed(scanner.text(fields[0])).isEmpty
  }

  private func check(blankLine: Int?) throws {
    if let blankLine {
      throw SequenceError(
        "\(header.source), row \(blankLine) is blank", hint: "\(rowsAreLines); delete it or fill it in")
    }
    guard fields.count == header.names.count else {
      let delimiter = header.delimiter
      throw SequenceError(
        "\(header.source), row \(scanner.line) has \(fields.count) \(fields.count == 1 ? "field" : "fields"), the header"
          + " has \(header.names.count)",
        hint: "\(rowsAreLines); fields are separated by \(delimiter.plural), and one with a \(delimiter.rawValue) in it"
          + " stands in quotes")
    }
  }

  private mutating func readRow() throws {
    let before = missing.count
    let start = rows.values.count
    for column in columns {
      let value = try value(of: fields[column.place], column: column.name)
      rows.values.append(value)
    }
    if options.missing == .drop, missing.count > before {
      rows.values.removeLast(rows.values.count - start)
      return
    }
    if let seriesPlace {
      let number = try series(of: fields[seriesPlace])
      rows.series.append(number)
    }
    if let indexPlace {
      let label = try text(of: fields[indexPlace], column: options.index, what: "it names the row")
      rows.labels.append(label)
    }
  }

  /// A cell's value; NaN where it has none.
  private mutating func value(of field: CSVField, column: String) throws -> Float {
    if let byte = mark.byte, let value = decimals.float(scanner.bytes, field.start..<field.end, mark: byte) {
      return value
    }
    let cell = scanner.text(field)
    do throws(CellError) {
      return try parseCell(cell, mark: mark.decided(by: cell, line: scanner.line))
    } catch {
      if case .missing = error {
        missing.append(MissingCell(line: scanner.line, column: column, description: "\(error)"))
        return .nan
      }
      // What comes after a missing value is only counted, as the file is refused for that one already.
      if options.missing == .refuse, missing.count > 0 { return .nan }
      throw SequenceError(
        "\(header.source), row \(scanner.line), column \(quoted(column)): \(error)"
          + mark.contradiction(cell),
        hint: "\(rowsAreLines); \(mark.hint)")
    }
  }

  /// The number of a row's series.
  private mutating func series(of field: CSVField) throws -> Int {
    let bytes = UnsafeBufferPointer(rebasing: scanner.bytes[field.start..<field.end])
    if let last = rows.series.last, seriesNames.isLast(bytes) { return last }
    let name = try text(of: field, column: options.series, what: "it names the row's series")
    return seriesNames.number(of: name, bytes: bytes)
  }

  /// The text of a cell that must have one, of one line.
  private func text(of field: CSVField, column: String?, what: String) throws -> String {
    let text = scanner.trimmedText(field)
    let isGood = !text.isEmpty && !text.utf8.contains { $0 < 0x20 }
    guard isGood else {
      throw SequenceError(
        "\(header.source), row \(scanner.line), column \(quoted(column ?? "")): "
          + (text.isEmpty ? "the cell is empty" : "\(quoted(text)) has a line break or a control character"),
        hint: "\(rowsAreLines); \(what)")
    }
    return text
  }
}
