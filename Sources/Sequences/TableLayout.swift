import Foundation

/// What a table has beside its values and columns: sequences of different lengths, or with names, and the rows' labels.
///
/// A run keeps its `text` beside the values, so that the same table, of the same digest, can be made again:
///
///     let text = try table.layout?.text()
///     …
///     let again = try Table(source: source, columns: columns, values: values, layout: TableLayout(text: text))
public struct TableLayout: Sendable, Equatable {
  /// The rows of each sequence.
  public let sequenceLengths: [Int]
  /// The sequences' names, where they have some.
  public let sequenceNames: [String]?
  /// The rows' labels, where they have some.
  public let index: SeriesIndex?

  private struct Form: Codable {
    let lengths: [Int]
    let names: [String]?
    let index: String?
    /// One a line, as a million texts of their own take long to read.
    let labels: String?
  }

  init(_ table: Table) {
    sequenceLengths = table.sequenceLengths
    sequenceNames = table.sequenceNames
    index = table.index
  }

  /// The layout as JSON text: `{"index":"date","labels":"2024-01\n2024-02","lengths":[2],"names":["north"]}`.
  /// - Throws: `SequenceError` where JSON cannot hold it.
  public func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let form = Form(
      lengths: sequenceLengths, names: sequenceNames, index: index?.name,
      labels: index?.labels.joined(separator: "\n"))
    do {
      return String(decoding: try encoder.encode(form), as: UTF8.self)
    } catch {
      throw SequenceError("the table's layout cannot be written: \(error.localizedDescription)")
    }
  }

  /// The layout that `text` holds; whether it fits a table, that table tells.
  /// - Throws: `SequenceError` where it is no such text.
  public init(text: String) throws {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(text.utf8)),
      (form.index == nil) == (form.labels == nil)
    else {
      throw SequenceError("the table's layout \(quoted(text)) is not one", hint: "it is JSON, as Keepstep writes it")
    }
    sequenceLengths = form.lengths
    sequenceNames = form.names
    index = try form.index.map { name in
      let labels = form.labels ?? ""
      return try SeriesIndex(
        name: name,
        labels: labels.isEmpty ? [] : labels.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
  }
}

extension Table {
  /// Whether the values, the columns and the number of sequences are all that there is.
  var isPlain: Bool { sequenceNames == nil && index == nil && areSequencesEqual }

  /// What there is beside the values, the columns and the number of sequences; nil where there is nothing.
  public var layout: TableLayout? { isPlain ? nil : TableLayout(self) }

  /// A table of `values` [rows, columns], laid out as another one was.
  /// - Throws: `SequenceError`, as the initializer with the layout's parts does.
  public init(source: String, columns: [String], values: [Float], layout: TableLayout) throws {
    try self.init(
      source: source, columns: columns, values: values, sequenceLengths: layout.sequenceLengths,
      sequenceNames: layout.sequenceNames, index: layout.index)
  }
}
