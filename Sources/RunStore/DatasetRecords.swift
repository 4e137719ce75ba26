/// A dataset to be stored, or found again by its digest.
public struct NewDataset: Sendable {
  /// SHA-256, 64 hexadecimal digits.
  public var sha256: String
  /// Where it came from: a task's name or a file's path.
  public var source: String
  /// The columns' names.
  public var columns: [String]
  /// Rows; 0 for a generator without end.
  public var rows: Int
  /// Row-major [rows, columns]; `nil` keeps the values out of the store.
  public var values: [Float]?

  /// A dataset to be stored.
  public init(sha256: String, source: String, columns: [String], rows: Int, values: [Float]? = nil) {
    self.sha256 = sha256
    self.source = source
    self.columns = columns
    self.rows = rows
    self.values = values
  }
}

/// A row of `datasets`.
public struct DatasetRecord: Hashable, Sendable {
  /// The dataset.
  public var id: Int64
  /// SHA-256, 64 hexadecimal digits.
  public var sha256: String
  /// Where it came from: a task's name or a file's path.
  public var source: String
  /// The columns' names.
  public var columns: [String]
  /// Rows; 0 for a generator without end.
  public var rows: Int
  /// Row-major [rows, columns]; `nil` when they were kept out of the store.
  public var values: [Float]?

  /// A row with all its columns.
  public init(id: Int64, sha256: String, source: String, columns: [String], rows: Int, values: [Float]? = nil) {
    self.id = id
    self.sha256 = sha256
    self.source = source
    self.columns = columns
    self.rows = rows
    self.values = values
  }
}
