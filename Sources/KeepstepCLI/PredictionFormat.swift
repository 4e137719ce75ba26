import ArgumentParser
import Foundation
import Interchange

/// How predictions are written: as results are, or as arrays.
enum PredictionFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, jsonl, npz

  /// The format that the ending of a file's name says; CSV without one.
  ///
  /// - Throws: `CommandError` for another ending.
  init(path: String) throws {
    let ending = (path as NSString).pathExtension.lowercased()
    switch ending {
    case "", "csv": self = .csv
    case "json": self = .json
    case "jsonl", "ndjson": self = .jsonl
    case "npz": self = .npz
    case "txt": self = .table
    default:
      throw CommandError(
        "\(path): the ending .\(ending) is none of .csv, .json, .jsonl, .ndjson, .npz and .txt",
        hint: "--format says what to write into a file of any name")
    }
  }

  /// The form of the lines; `nil` for arrays.
  var lines: ResultFormat? { ResultFormat(rawValue: rawValue) }
}

extension ResultTable {
  /// Writes the rows to a file, which is whole or absent.
  ///
  /// - Throws: `InterchangeError` when it cannot be written, or when two columns of arrays have one name.
  func write(_ format: PredictionFormat, to path: String) throws {
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
}
