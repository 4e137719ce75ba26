import ArgumentParser
import Foundation

/// How the rows of a command that may write a file are written: as results are, or as arrays.
enum FileFormat: String, ExpressibleByArgument, CaseIterable {
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

/// `-o` and `--format` of a command whose rows go to standard output or to a file.
struct FileOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file instead.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "csv, json, jsonl (a JSON object a line) or npz (each column an array) for programs, table for people. "
        + "(default: what the file's ending says)"))
  var format: FileFormat?

  mutating func validate() throws {
    if format == .npz, output == nil {
      throw ValidationError("--format npz is no text, and needs a file to be written to: -o predictions.npz")
    }
  }

  /// The format: the one that was given, or that of the file's ending, or the one for standard output.
  ///
  /// - Throws: `CommandError` when the file's ending says none.
  func format(onStandardOutput printed: FileFormat) throws -> FileFormat {
    try format ?? output.map(FileFormat.init(path:)) ?? printed
  }
}
