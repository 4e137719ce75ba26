/// How a file of data is read: which of its columns say where a row belongs, and how its cells are written.
///
///     var options = ReadingOptions()
///     options.index = "date"
///     options.series = "station"
///     options.missing = .interpolate
///     let table = try DataFile(path: "rivers.csv.gz", options: options).table(columns: ["flow", "rain"])
public struct ReadingOptions: Sendable, Equatable {
  /// Whether arrays of three axes are [sequences, time, features].
  public var batchFirst = false
  /// The column whose cells name the rows: dates, years, numbers or other texts. CSV only.
  public var index: String?
  /// The column that tells the series in one file apart: the rows with one value of it are one sequence. CSV only.
  public var series: String?
  /// What becomes of cells without a value.
  public var missing = MissingValues.refuse
  /// What stands between a CSV file's fields; nil finds it in the header.
  public var delimiter: FieldDelimiter?
  /// What stands before a number's decimals; nil is a point, and in a file whose fields are not separated by commas
  /// whichever of the two its first decimal number has.
  public var decimal: DecimalMark?

  /// One sequence of plain rows, complete, as it is found.
  public init(batchFirst: Bool = false) {
    self.batchFirst = batchFirst
  }
}

/// What becomes of cells that hold no value: blank ones, `-`, `NA`, `N/A`, `NaN` and `null`, in small letters too; NaN
/// in arrays.
public enum MissingValues: String, Sendable, CaseIterable {
  /// An error that names the first ones.
  case refuse
  /// A line between the neighbours in the same series, by the row's number; at a series' ends, the nearest value.
  case interpolate
  /// A row with one in any column that is used is left out.
  case drop
}

/// What stands between the fields of a CSV file.
public enum FieldDelimiter: String, Sendable, CaseIterable {
  /// A comma, as in RFC 4180.
  case comma
  /// A semicolon, as spreadsheets write where numbers have decimal commas.
  case semicolon
  /// A tabulator.
  case tab
  /// A vertical bar.
  case pipe

  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .pipe: UInt8(ascii: "|")
    }
  }

  /// As a hint says it.
  var plural: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .pipe: "vertical bars"
    }
  }
}

/// What stands before a number's decimals.
public enum DecimalMark: String, Sendable, CaseIterable {
  /// `1.5`
  case point
  /// `1,5`
  case comma

  var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
}
