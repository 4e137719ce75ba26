/// The first row of a CSV file: the delimiter that it shows, and the columns that it names.
struct CSVHeader {
  let delimiter: FieldDelimiter
  /// The columns' names, without the blanks around them.
  let names: [String]
  let source: String

  /// Reads the header from `scanner`'s bytes, and leaves `scanner` at the first row after it.
  ///
  /// A delimiter that is not given is the first of comma, semicolon, tab and bar by which all the `wanted` columns are
  /// there, or else the one that makes the most columns.
  /// - Throws: `SequenceError` when the file is empty, its header blank, or its quotes do not match.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, source: String, wanted: [String], delimiter given: FieldDelimiter?,
    scanner: inout CSVScanner
  ) throws {
    guard bytes.contains(where: { $0 != 10 && $0 != 13 }) else {
      throw Self.empty(source)
    }
    var candidates: [(delimiter: FieldDelimiter, names: [String], scanner: CSVScanner)] = []
    var failure: (any Error)?
    for delimiter in given.map({ [$0] }) ?? FieldDelimiter.allCases {
      do {
        var scanner = CSVScanner(bytes, delimiter: delimiter.byte, source: source)
        let names = try Self.names(&scanner)
        candidates.append((delimiter, names, scanner))
        if Set(wanted).isSubset(of: names) { break }
      } catch {
        failure = failure ?? error
      }
    }
    let best = candidates.last.flatMap { Set(wanted).isSubset(of: $0.names) ? $0 : nil }
    guard let chosen = best ?? candidates.reversed().max(by: { $0.names.count < $1.names.count }) else {
      throw failure ?? SequenceError("\(source) has no header")
    }
    // Nothing but a byte order mark.
    guard !chosen.names.isEmpty else { throw Self.empty(source) }
    guard chosen.names != [""] else {
      throw SequenceError("\(source), row 1 is blank", hint: "the first line of the file names the columns")
    }
    (delimiter, names, scanner) = chosen
    self.source = source
  }

  private static func empty(_ source: String) -> SequenceError {
    SequenceError("\(source) is empty", hint: "its first line names the columns, each further line is a row")
  }

  private static func names(_ scanner: inout CSVScanner) throws -> [String] {
    var fields: [CSVField] = []
    _ = try scanner.next(&fields)
    return fields.map { String(trimmed(scanner.text($0))) }
  }

  /// Where a row has the column called `name`.
  /// - Throws: `SequenceError` when there is none or more than one.
  func place(of name: String) throws -> Int {
    guard let index = names.firstIndex(of: name) else {
      let others = FieldDelimiter.allCases.filter { $0 != delimiter && names[0].utf8.contains($0.byte) }
      if names.count == 1, let other = others.first {
        throw SequenceError(
          "\(source) has no column \(quoted(name)); its header is one field, \(quoted(names[0]))",
          hint: "its fields are not separated by \(delimiter.plural); try --delimiter \(other.rawValue)")
      }
      throw noColumn(name, in: source, columns: names)
    }
    guard names.lastIndex(of: name) == index else {
      throw SequenceError(
        "\(source) has two columns \(quoted(name))", hint: "give each column that is used a name of its own")
    }
    return index
  }
}
