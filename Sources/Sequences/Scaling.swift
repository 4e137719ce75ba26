/// How a table's columns are moved and stretched before a network sees them, and moved back after it has predicted.
///
///     let split = try Split(validation: 0.2, test: 0.1)
///     let scaling = Scaling(.standard, of: table, rows: split.rows(.training, of: table))
///     let scaled = try scaling.applied(to: table)
///     let prediction = try scaling.undone(outputs, columns: ["co2"])
///
/// A value becomes `(x - offset) / scale`, and a prediction `y · scale + offset`: computed in float64, and rounded once to
/// float32. So NumPy does the same to the bit: `((x.astype('f8') - offset) / scale).astype('f4')`. Undoing what was
/// applied gives back a value to within float32's rounding of the scaled one.
///
/// | method | offset | scale |
/// | --- | --- | --- |
/// | `none` | 0 | 1: columns are left alone |
/// | `standard` | the mean | the standard deviation, the one that divides by the number of rows |
/// | `minmax` | the least value | the greatest value less the least |
///
/// A column that is constant in the fitted rows has that constant for its offset, and the scale 1. Sums are float64 and
/// go through the rows in their order, twice: for the mean, then for the squares of the distances from it.
public struct Scaling: Sendable, Hashable {
  /// What the numbers are made from.
  public enum Method: String, Sendable, CaseIterable, Codable {
    /// Nothing is scaled.
    case none
    /// To mean 0 and standard deviation 1.
    case standard
    /// To 0 … 1.
    case minmax
  }

  /// One column's numbers.
  public struct Column: Sendable, Hashable, Codable {
    /// The column's name.
    public let name: String
    /// What is taken off; finite.
    public let offset: Double
    /// What the rest is divided by; finite and above 0.
    public let scale: Double
  }

  /// What the numbers were made from.
  public let method: Method
  /// The columns that are scaled; others are left alone.
  public let columns: [Column]

  /// Nothing is scaled.
  public static let none = Scaling(method: .none, columns: [])

  init(method: Method, columns: [Column]) {
    self.method = method
    self.columns = columns
  }

  /// The numbers of a table's columns, from some of its rows only: those that a network is trained on.
  /// - Parameters:
  ///   - method: the numbers that are sought.
  ///   - table: the values.
  ///   - rows: the rows to go by, one range a sequence.
  ///   - exceptions: columns to be left alone, such as classes.
  /// - Precondition: the rows are there.
  public init(_ method: Method, of table: Table, rows: [Range<Int>], except exceptions: Set<String> = []) {
    let places = table.columns.indices.filter { method != .none && !exceptions.contains(table.columns[$0]) }
    self.init(
      method: method,
      columns: places.map { place in
        let values = ColumnValues(values: table.values, width: table.columns.count, column: place, rows: rows)
        let (offset, scale) = method == .standard ? values.standard : values.minmax
        return Column(name: table.columns[place], offset: offset, scale: scale)
      })
  }

  /// The scaled table; its digest is another one.
  /// - Throws: `SequenceError` where a scaled value is beyond float32.
  public func applied(to table: Table) throws -> Table {
    guard !columns.isEmpty else { return table }
    let width = table.columns.count
    let places = self.places(of: table.columns)
    var values = table.values
    for (place, column) in places {
      for row in 0..<table.rowCount {
        let x = values[row * width + place]
        // Zero is never minus zero.
        let scaled = Float((Double(x) - column.offset) / column.scale) + 0
        guard scaled.isFinite else {
          throw SequenceError(
            "\(table.place(ofRow: row, column: place)): \(x) is too far from the rows that the scaling was fitted to (offset"
              + " \(column.offset), scale \(column.scale))",
            hint: "look whether it is an outlier, or choose --scale none")
        }
        values[row * width + place] = scaled
      }
    }
    return Table(
      checked: table.source, columns: table.columns, values: values, sequenceLengths: table.sequenceLengths,
      sequenceNames: table.sequenceNames, index: table.index)
  }

  /// Scaled values, from those [rows, names] in the table's own units; NaN stays, and what is beyond float32 is infinite.
  /// - Precondition: the values fill rows of `names`.
  public func applied(_ values: [Float], columns names: [String]) -> [Float] {
    var values = values
    for (place, column) in places(of: names) {
      for flat in stride(from: place, to: values.count, by: names.count) {
        // Zero is never minus zero.
        values[flat] = Float((Double(values[flat]) - column.offset) / column.scale) + 0
      }
    }
    return values
  }

  /// One pair of numbers for each of `names`; 0 and 1 for a column that is left alone.
  public func numbers(of names: [String]) -> [(offset: Double, scale: Double)] {
    var numbers = [(offset: Double, scale: Double)](repeating: (0, 1), count: names.count)
    for (place, column) in places(of: names) { numbers[place] = (column.offset, column.scale) }
    return numbers
  }

  /// Values in the table's own units, from scaled ones [rows, names]; NaN stays, and what is beyond float32 is infinite.
  /// - Precondition: the values fill rows of `names`.
  public func undone(_ values: [Float], columns names: [String]) -> [Float] {
    var values = values
    for (place, column) in places(of: names) {
      for flat in stride(from: place, to: values.count, by: names.count) {
        values[flat] = Float(Double(values[flat]) * column.scale + column.offset)
      }
    }
    return values
  }

  /// Which of `names` are scaled, and how.
  private func places(of names: [String]) -> [(Int, Column)] {
    let known = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
    return names.enumerated().compactMap { place, name in known[name].map { (place, $0) } }
  }
}

/// The values of one column in some rows.
private struct ColumnValues {
  let values: [Float]
  let width: Int
  let column: Int
  let rows: [Range<Int>]

  /// The sum of a function of the values, in the rows' order.
  private func sum(_ term: (Double) -> Double) -> Double {
    var sum = 0.0
    for range in rows {
      for row in range { sum += term(Double(values[row * width + column])) }
    }
    return sum
  }

  private var extremes: (least: Double, greatest: Double)? {
    var extremes: (Float, Float)?
    for range in rows {
      for row in range {
        let value = values[row * width + column]
        extremes = extremes.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
      }
    }
    return extremes.map { (Double($0.0), Double($0.1)) }
  }

  var minmax: (offset: Double, scale: Double) {
    guard let (least, greatest) = extremes else { return (0, 1) }
    return (least, greatest > least ? greatest - least : 1)
  }

  var standard: (offset: Double, scale: Double) {
    // The mean of equal values may miss them by a rounding, and the deviation is then that, not 0.
    guard let (least, greatest) = extremes, greatest > least else { return minmax }
    let count = Double(rows.reduce(0) { $0 + $1.count })
    let mean = sum { $0 } / count
    let variance = sum { ($0 - mean) * ($0 - mean) } / count
    return (mean, variance.squareRoot())
  }
}
