import Foundation

extension Table {
  /// Reads the named columns of a CSV file (RFC 4180, UTF-8; the first line is the header), or of one that gzip packed.
  ///
  ///     let table = try Table.readCSV(path: "data/sunspots.csv", columns: ["sunspots"])
  ///
  /// Fields may stand in quotes, lines may end in CRLF, a byte order mark may come first and blank lines last. Each
  /// cell becomes the float32 nearest to its decimal number, whatever the locale; other columns are not looked at.
  ///
  /// With `options.series`, the rows of each series are put together: the series in order of first appearance, their
  /// rows in the file's order.
  /// - Parameters:
  ///   - options: how it is written, and which columns say where a row belongs.
  ///   - path: the file, which messages name as it is written here.
  ///   - columns: the names to keep; a name given twice counts once, in the order of first mention.
  /// - Throws: `SequenceError`, naming row and column, for whatever is not as said.
  public static func readCSV(path: String, columns: [String], options: ReadingOptions = ReadingOptions()) throws
    -> Table
  {
    try CSVFile(data: CSVFile.bytes(path: path), source: path, options: options).table(columns: columns)
  }
}

/// A CSV file in memory.
struct CSVFile: Sendable {
  let data: Data
  let source: String
  let options: ReadingOptions

  /// The file's bytes, unpacked.
  static func bytes(path: String) throws -> Data {
    let data = try FileBytes.read(path: path)
    return Gzip.isFound(in: data) ? try Gzip.unpack(data, source: path) : data
  }

  /// The table of the named columns, each once.
  func table(columns names: [String]) throws -> Table {
    var seen: Set<String> = []
    let columns = names.filter { seen.insert($0).inserted }
    guard !columns.isEmpty else {
      throw SequenceError("no columns of \(source) are named", hint: "name them with --inputs and --targets")
    }
    try requireUTF8(data, source: source)
    var rows = try rows(columns)
    rows.group()
    let lengths = rows.lengths
    if options.missing == .interpolate,
      let bare = Interpolation.fill(&rows.values, width: columns.count, lengths: lengths)
    {
      let series = rows.names.map { ", series \(quoted($0[bare.series]))" } ?? ""
      throw SequenceError(
        "\(source)\(series), column \(quoted(columns[bare.column])): there is no value at all, so gaps can't be filled",
        hint: "leave the column or the series out")
    }
    return try Table(
      source: source, columns: columns, values: rows.values, sequenceLengths: lengths, sequenceNames: rows.names,
      index: options.index.map { SeriesIndex(checked: $0, labels: rows.labels) })
  }

  private func rows(_ columns: [String]) throws -> SeriesRows {
    try data.withUnsafeBytes { bytes in
      var reader = try CSVReader(
        bytes.assumingMemoryBound(to: UInt8.self), source: source, columns: columns, options: options)
      try reader.readAll()
      guard reader.rows.count > 0 else {
        guard reader.missing.count == 0 else {
          throw SequenceError("\(source): no row has values in all the columns that are used", hint: "see --missing")
        }
        throw SequenceError("\(source) has a header but no rows", hint: "each line after the header is a row")
      }
      return reader.rows
    }
  }
}
