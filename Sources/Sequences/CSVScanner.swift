/// Where one field of a row stands among the bytes, without the quotes around it.
struct CSVField {
  var start: Int
  var end: Int
  var isQuoted = false
  /// Whether it holds doubled quotes, which stand for one.
  var hasQuotes = false
}

/// The rows of a CSV file (RFC 4180, any delimiter), as places among its bytes: nothing is copied, so that a million rows
/// take a fraction of a second.
///
/// Lines end in LF, CRLF or CR. A quote may only stand around a whole field, or doubled within such a one.
struct CSVScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let delimiter: UInt8
  let source: String
  /// The line, from 1, on which the row that was read last begins.
  private(set) var line = 1
  private var nextLine = 1
  private var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8, source: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.source = source
    // A byte order mark is no part of the first name.
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Reads the next row's fields, and returns whether there was one.
  /// - Throws: `SequenceError` for a quote where none may be, or one that is never closed.
  mutating func next(_ fields: inout [CSVField]) throws -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    line = nextLine
    nextLine += 1
    repeat {
      let isQuoted = position < bytes.count && bytes[position] == quote
      fields.append(isQuoted ? try quoted() : try plain())
    } while try endsInDelimiter()
    return true
  }

  private mutating func plain() throws -> CSVField {
    let start = position
    var place = start
    while place < bytes.count {
      let byte = bytes[place]
      if byte == delimiter || byte == newline || byte == carriageReturn { break }
      guard byte != quote else { throw badQuote }
      place += 1
    }
    position = place
    return CSVField(start: start, end: place)
  }

  private mutating func quoted() throws -> CSVField {
    var field = CSVField(start: position + 1, end: 0, isQuoted: true)
    var place = position + 1
    while place < bytes.count {
      switch bytes[place] {
      case quote:
        guard place + 1 < bytes.count, bytes[place + 1] == quote else {
          field.end = place
          position = place + 1
          return field
        }
        field.hasQuotes = true
        place += 1
      case newline where bytes[place - 1] != carriageReturn: nextLine += 1
      case carriageReturn: nextLine += 1
      default: break
      }
      place += 1
    }
    throw SequenceError("\(source), row \(line): a quote is opened and never closed", hint: rowsAreLines)
  }

  /// Takes what follows a field, and returns whether that is another one.
  private mutating func endsInDelimiter() throws -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    position += 1
    if byte == delimiter { return true }
    if byte == newline { return false }
    guard byte == carriageReturn else { throw badQuote }
    if position < bytes.count, bytes[position] == newline { position += 1 }
    return false
  }

  /// A field's text as it stands there.
  func text(_ field: CSVField) -> String {
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[field.start..<field.end]), as: UTF8.self)
    return field.hasQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// A field's text without the blanks around it.
  func trimmedText(_ field: CSVField) -> String {
    let text = text(field)
    let inner = trimmed(text)
    return inner.utf8.count == text.utf8.count ? text : String(inner)
  }

  private var badQuote: SequenceError {
    SequenceError(
      "\(source), row \(line): a quote stands where none may be",
      hint: "\(rowsAreLines); a field with quotes in it stands in quotes itself, and they are doubled")
  }
}

/// What a row's number counts, for the hints.
let rowsAreLines = "rows are numbered by the lines of the file, the header being line 1"

private let quote = UInt8(ascii: "\"")
private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
