import ArrayFiles
import Foundation

/// A file of data, opened: its columns have names, and become a table.
///
///     let file = try DataFile(path: "walks.npz")
///     let inputs = try file.expanded(["x"])  // ["x.0", "x.1", "x.2"], where x has three features
///     let targets = try file.expanded(["y"])
///     let table = try file.table(columns: inputs + targets)
///
/// | file | its columns |
/// | --- | --- |
/// | CSV | as its header names them |
/// | `.npy` | `0`, `1`, …: the features of its array |
/// | `.npz` | `x` for an array x of one feature, else `x.0`, `x.1`, …, for all of which `x` may stand |
///
/// An array's axes are [rows], [rows, features] or [time, sequences, features], the last one [sequences, time,
/// features] under `batchFirst`, as in PyTorch. An array of three axes makes a table of as many sequences. NumPy's types
/// f2, f4, f8, i4 and i8 are read and rounded to float32.
///
/// Each may be packed by gzip, and come from standard input, whose path is `-`.
public struct DataFile: Sendable {
  private enum Content {
    case arrays(ArrayFile)
    case csv(CSVFile)
  }

  /// The file, as messages and tables name it: as its path is written, or `standard input`.
  public let path: String
  private let content: Content
  private let options: ReadingOptions

  /// Opens the file at `path`: an `.npy` or `.npz` file by its content or, where this is neither, by its extension, and
  /// else a CSV file.
  /// - Parameter path: the file.
  /// - Parameter batchFirst: whether arrays of three axes are [sequences, time, features].
  /// - Throws: `SequenceError` when it cannot be read, or its arrays not be trusted.
  public init(path: String, batchFirst: Bool = false) throws {
    try self.init(path: path, options: ReadingOptions(batchFirst: batchFirst))
  }

  /// Opens the file at `path`, or reads all of `standardInput` where that is `-`.
  /// - Throws: `SequenceError` when it cannot be read, its arrays not be trusted, or the options are not for such a file.
  public init(path: String, options: ReadingOptions, standardInput: FileHandle = .standardInput) throws {
    self.path = path == "-" ? FileBytes.standardInput : path
    self.options = options
    if path != "-", ArrayFile.isFound(at: path) {
      content = .arrays(try translated { try ArrayFile(path: path, batchFirst: options.batchFirst) })
    } else {
      let packed = try path == "-" ? FileBytes.read(stream: standardInput) : FileBytes.read(path: path)
      let data = Gzip.isFound(in: packed) ? try Gzip.unpack(packed, source: self.path) : packed
      content = try Self.content(of: data, source: self.path, options)
    }
    if case .arrays = content {
      try requireNoColumns(options)
      try requireNoMarks(options)
    }
  }

  /// What bytes that are no file's own are by their beginning.
  private static func content(of data: Data, source: String, _ options: ReadingOptions) throws -> Content {
    guard ArrayFile.isFound(in: data) else { return .csv(CSVFile(data: data, source: source, options: options)) }
    return .arrays(
      try translated { try ArrayFile(data: data, path: source, batchFirst: options.batchFirst) })
  }

  private func requireNoColumns(_ options: ReadingOptions) throws {
    let given = [("--index", options.index), ("--series", options.series)].first { $0.1 != nil }
    guard let given, let column = given.1 else { return }
    throw SequenceError(
      "\(path) holds arrays, and \(given.0) \(quoted(column)) names a column of a CSV file",
      hint: "an array's rows are numbered; one of three axes has several sequences")
  }

  private func requireNoMarks(_ options: ReadingOptions) throws {
    guard options.delimiter != nil || options.decimal != nil else { return }
    throw SequenceError(
      "\(path) holds arrays, and \(options.delimiter == nil ? "--decimal" : "--delimiter") is about a CSV file's text",
      hint: "leave it out: an array's numbers are told by its type")
  }

  /// The names of columns that `names` stand for, in their order; those of a CSV file stand for themselves.
  /// - Throws: `SequenceError` when an array file has no such columns.
  public func expanded(_ names: [String]) throws -> [String] {
    guard case .arrays(let arrays) = content else { return names }
    return try translated { try arrays.columns(names).map(\.name) }
  }

  /// The table of the columns that `names` stand for; one that is named twice counts once, in the order of first mention.
  ///
  /// Other columns are not looked at.
  /// - Throws: `SequenceError` when no columns are named, there are no such columns, they do not fit together, or a value
  ///   is not a finite float32; it names the place.
  public func table(columns names: [String]) throws -> Table {
    switch content {
    case .csv(let csv): try csv.table(columns: names)
    case .arrays(let arrays): try translated { try arrays.table(columns: names, missing: options.missing) }
    }
  }
}

extension Table {
  /// The table of a CSV, `.npy` or `.npz` file's columns; see `DataFile`.
  /// - Throws: `SequenceError`, as `DataFile` does.
  public static func read(path: String, columns: [String], batchFirst: Bool = false) throws -> Table {
    try DataFile(path: path, batchFirst: batchFirst).table(columns: columns)
  }

  /// The table of an `.npy` or `.npz` file's columns, whatever it is called; see `DataFile`.
  /// - Throws: `SequenceError`, as `DataFile` does, also for a CSV file.
  public static func readArrays(path: String, columns: [String], batchFirst: Bool = false) throws -> Table {
    try translated { try ArrayFile(path: path, batchFirst: batchFirst).table(columns: columns) }
  }
}

/// Runs `body`, whose errors about a file of arrays become this room's.
private func translated<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ArrayFileError {
    throw SequenceError(error.message, hint: error.hint)
  }
}
