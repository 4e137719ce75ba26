import Foundation
import Interchange

extension ResultTable {
  /// Prints the rows, or writes them to a file, which is whole or absent.
  ///
  /// - Throws: `InterchangeError` when the file cannot be written, or when two columns of arrays have one name;
  ///   `CommandError` when two columns of JSON have one.
  func write(_ format: FileFormat, to path: String?) throws {
    if format == .json || format == .jsonl { try requireOwnNames() }
    guard let path else {
      if let lines = format.lines { try self.lines(lines) { try Output.record($0) } }
      return
    }
    guard let lines = format.lines else { return try AtomicFile.write(try NPZ.encode(columns: namedColumns), to: path) }
    try AtomicFile.write(to: path) { append in
      var text = ""
      try self.lines(lines) { line in
        text += line + "\n"
        guard text.utf8.count > 1 << 16 else { return }
        try append(Data(text.utf8))
        text = ""
      }
      try append(Data(text.utf8))
    }
  }

  private func requireOwnNames() throws {
    var seen: Set<String> = []
    for column in columns where !seen.insert(column).inserted {
      throw CommandError(
        "there are two columns \"\(column)\", and JSON tells values apart by their names alone",
        hint: "give the data's column another name, or write CSV")
    }
  }
}
