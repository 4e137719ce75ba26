import Interchange
import RunStore

extension ResultTable {
  /// Each column as an array: whole numbers; other numbers as the float32 that their decimals were written from, or as
  /// float64 where one has more digits, NaN where there is none; or texts, empty where there is none.
  var namedColumns: [NamedColumn] {
    columns.indices.map { column in
      NamedColumn(name: columns[column], values: Self.values(of: rows.map { $0[column] }))
    }
  }

  private static func values(of cells: [StoreValue]) -> NamedColumn.Values {
    let integers = cells.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    if integers.count == cells.count, !cells.isEmpty { return .integers(integers) }
    guard cells.allSatisfy(\.isNumberOrNull) else { return .texts(cells.map(text)) }
    let doubles = cells.map(double)
    let floats = doubles.map(float)
    return zip(doubles, floats).allSatisfy { $0.isNaN || Double($1.description) == $0 }
      ? .floats(floats) : .doubles(doubles)
  }

  private static func double(_ value: StoreValue) -> Double {
    switch value {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .null, .text, .blob: .nan
    }
  }

  /// By its decimals: a double that is rounded once more may end beside the float32 that it was written from.
  private static func float(_ value: Double) -> Float { Float(value.description) ?? Float(value) }

  private static func text(_ value: StoreValue) -> String {
    switch value {
    case .text(let text): text
    case .null, .integer, .real, .blob: value.asCSV
    }
  }
}
