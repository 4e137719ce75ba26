import Interchange
import RunStore

extension ResultTable {
  /// Each column as an array: whole numbers; other numbers as the float32 that their decimals were written from, NaN where
  /// there is none; or texts, empty where there is none.
  var namedColumns: [NamedColumn] {
    columns.indices.map { column in
      NamedColumn(name: columns[column], values: Self.values(of: rows.map { $0[column] }))
    }
  }

  private static func values(of cells: [StoreValue]) -> NamedColumn.Values {
    let integers = cells.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    if integers.count == cells.count, !cells.isEmpty { return .integers(integers) }
    return cells.allSatisfy(\.isNumberOrNull) ? .floats(cells.map(float)) : .texts(cells.map(text))
  }

  private static func float(_ value: StoreValue) -> Float {
    switch value {
    case .integer(let value): Float(value)
    // By its decimals: a double that is rounded once more may end beside the float32 that it was written from.
    case .real(let value): Float(String(value)) ?? Float(value)
    case .null, .text, .blob: .nan
    }
  }

  private static func text(_ value: StoreValue) -> String {
    switch value {
    case .text(let text): text
    case .null, .integer, .real, .blob: value.asCSV
    }
  }
}
