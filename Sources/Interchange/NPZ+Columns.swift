import ArrayFiles
import Foundation

/// A column of a table that is written as an array.
public struct NamedColumn: Hashable, Sendable {
  /// What stands in its rows.
  public enum Values: Hashable, Sendable {
    /// Whole numbers, such as numbers of rows: `<i8`.
    case integers([Int64])
    /// Numbers, NaN where there is none: `<f4`.
    case floats([Float])
    /// Texts: `<U`.
    case texts([String])
  }

  /// The array's name.
  public var name: String
  /// A value a row.
  public var values: Values

  /// A column.
  public init(name: String, values: Values) {
    self.name = name
    self.values = values
  }
}

extension NPZ {
  /// A file with an array [rows] of each column, in the order given. `numpy.load` needs no pickle for any of them.
  ///
  /// - throws: `InterchangeError` when two columns have one name, or one has none.
  public static func encode(columns: [NamedColumn]) throws -> Data {
    var seen: Set<String> = []
    for column in columns where !seen.insert(column.name).inserted {
      throw InterchangeError(
        message: "there are two columns \(ArrayFileError.quoted(column.name)), and an .npz file tells its arrays apart "
          + "by their names alone",
        hint: "give the data's column another name, or write CSV")
    }
    return try NPZFile.encode(npy: try columns.map { (name: $0.name, npy: try encode($0)) })
  }

  private static func encode(_ column: NamedColumn) throws -> Data {
    switch column.values {
    case .integers(let integers): NPYFile.encode(integers: integers)
    case .floats(let floats):
      try NPYFile.encode(NamedArray(name: column.name, shape: [floats.count], values: floats))
    case .texts(let texts): NPYFile.encode(texts: texts)
    }
  }
}
