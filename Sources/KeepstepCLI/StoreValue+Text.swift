import Foundation
import Interchange
import RunStore

extension String {
  /// At most so many characters, and how many there were: a table's layout may have a million labels.
  func shortened(to length: Int) -> String {
    count > length ? "\(prefix(length))… (\(count) characters)" : self
  }
}

extension StoreValue {
  var isNumberOrNull: Bool {
    switch self {
    case .integer, .real, .null: true
    case .text, .blob: false
    }
  }

  /// The same, unless it is a long text.
  var shortened: StoreValue {
    if case .text(let text) = self { .text(text.shortened(to: 60)) } else { self }
  }

  /// Five digits, and a blob by its size.
  var forPeople: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): Numbers.short(value)
    case .text(let text): String(text.map { $0.isNewline ? " " : $0 })
    case .blob(let bytes): "<\(bytes.count) bytes>"
    }
  }

  /// All digits; a blob in hexadecimal.
  var asCSV: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let text): CSVCell.text(text)
    case .blob(let bytes): bytes.map { String(format: "%02x", $0) }.joined()
    }
  }

  /// All digits; a blob as hexadecimal text.
  var asJSON: String {
    switch self {
    case .null: "null"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let text): JSONText.string(text)
    case .blob: "\"\(asCSV)\""
    }
  }
}
