import ArrayFiles

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
public struct DataFile: Sendable {
  /// The file, which messages name as it is written here.
  public let path: String
  /// Nil for a CSV file.
  private let arrays: ArrayFile?

  /// Opens the file at `path`: an `.npy` or `.npz` file by its content or, where this is neither, by its extension, and
  /// else a CSV file.
  /// - Parameter batchFirst: whether arrays of three axes are [sequences, time, features].
  /// - Throws: `SequenceError` when it cannot be read, or its arrays not be trusted.
  public init(path: String, batchFirst: Bool = false) throws {
    self.path = path
    arrays = ArrayFile.isFound(at: path) ? try translated { try ArrayFile(path: path, batchFirst: batchFirst) } : nil
  }

  /// The names of columns that `names` stand for, in their order; those of a CSV file stand for themselves.
  /// - Throws: `SequenceError` when an array file has no such columns.
  public func expanded(_ names: [String]) throws -> [String] {
    guard let arrays else { return names }
    return try translated { try arrays.columns(names).map(\.name) }
  }

  /// The table of the columns that `names` stand for; one that is named twice counts once, in the order of first mention.
  ///
  /// Other columns are not looked at.
  /// - Throws: `SequenceError` when no columns are named, there are no such columns, they do not fit together, or a value
  ///   is not a finite float32; it names the place.
  public func table(columns names: [String]) throws -> Table {
    guard let arrays else { return try Table.readCSV(path: path, columns: names) }
    return try translated { try arrays.table(columns: names) }
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
