extension Table {
  /// Reads the named columns of a CSV file (RFC 4180, UTF-8, commas; the first line is the header).
  ///
  ///     let table = try Table.readCSV(path: "data/sunspots.csv", columns: ["sunspots"])
  ///
  /// Fields may stand in quotes, lines may end in CRLF, a byte order mark may come first and blank lines last. Each
  /// cell becomes the float32 nearest to its decimal number, whatever the locale; other columns are not looked at.
  /// - Parameters:
  ///   - path: the file, which messages name as it is written here.
  ///   - columns: the names to keep; a name given twice counts once, in the order of first mention.
  /// - Throws: `SequenceError`, naming row and column, for whatever is not as said.
  public static func readCSV(path: String, columns: [String]) throws -> Table {
    var seen: Set<String> = []
    let columns = columns.filter { seen.insert($0).inserted }
    guard !columns.isEmpty else {
      throw SequenceError("no columns of \(path) are named", hint: "name them with --inputs and --targets")
    }
    let rows = try CSVRows(path: path, text: readText(path: path))
    let fieldIndices = try columns.map { try fieldIndex(of: $0, in: rows) }
    var values: [Float] = []
    try rows.enumerate { fields, line in
      for (name, index) in zip(columns, fieldIndices) {
        do throws(CellError) {
          values.append(try parseCell(fields[index]))
        } catch {
          throw SequenceError(
            "\(path), row \(line), column \(quoted(name)): \(error)",
            hint: "\(rowsAreLines); every cell of a named column is a number such as -12.5 or 3e-4")
        }
      }
    }
    guard !values.isEmpty else {
      throw SequenceError("\(path) has a header but no rows", hint: "each line after the header is a row")
    }
    return try Table(source: path, columns: columns, values: values)
  }

  /// Where a row has the column called `name`.
  private static func fieldIndex(of name: String, in rows: CSVRows) throws -> Int {
    let header = rows.header
    guard let index = header.firstIndex(of: name) else {
      if header.count == 1, header[0].contains(where: { $0 == ";" || $0 == "\t" }) {
        throw SequenceError(
          "\(rows.path) has no column \(quoted(name)); its header is one field, \(quoted(header[0]))",
          hint: "fields are separated by commas; save the file so")
      }
      throw noColumn(name, in: rows.path, columns: header)
    }
    guard header.lastIndex(of: name) == index else {
      throw SequenceError(
        "\(rows.path) has two columns \(quoted(name))", hint: "give each column that is used a name of its own")
    }
    return index
  }
}
