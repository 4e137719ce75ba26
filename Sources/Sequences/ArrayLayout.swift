import ArrayFiles

/// How an array's axes are sequences, rows and features.
struct ArrayLayout: Sendable {
  /// A row of more values is a transposed array rather than data; their names alone would fill the memory.
  private static let maximalFeatures = 65_536

  let shape: [Int]
  /// 1 where the array has less than three axes.
  let sequences: Int
  /// The rows of one sequence.
  let rows: Int
  /// 1 where the array has one axis.
  let features: Int
  private let batchFirst: Bool

  /// - Parameter subject: the file and the array, for the message.
  /// - Throws: `SequenceError` for none or more than three axes, or too many features.
  init(shape: [Int], batchFirst: Bool, subject: String) throws {
    self.shape = shape
    self.batchFirst = batchFirst
    switch shape.count {
    case 1: (sequences, rows, features) = (1, shape[0], 1)
    case 2: (sequences, rows, features) = (1, shape[0], shape[1])
    case 3 where batchFirst: (sequences, rows, features) = (shape[0], shape[1], shape[2])
    case 3: (sequences, rows, features) = (shape[1], shape[0], shape[2])
    default:
      throw SequenceError(
        "\(subject): shape \(shape) has \(shape.count) axes; data has one, two or three",
        hint: "the axes are [rows], [rows, features], or \(Self.threeAxes(batchFirst)); see numpy.reshape")
    }
    guard features <= Self.maximalFeatures else {
      throw SequenceError(
        "\(subject): shape \(shape) has \(features) features; at most \(Self.maximalFeatures) are read",
        hint: "its axes are \(axes); numpy.swapaxes puts them in this order")
    }
  }

  /// The axes' meaning, in the array's order.
  var axes: String {
    switch shape.count {
    case 1: "[rows]"
    case 2: "[rows, features]"
    default: Self.threeAxes(batchFirst)
    }
  }

  /// The meaning of three axes.
  static func threeAxes(_ batchFirst: Bool) -> String {
    batchFirst ? "[sequences, time, features]" : "[time, sequences, features]"
  }

  /// Where a row's features begin among the array's values.
  func place(sequence: Int, row: Int) -> Int {
    let isTimeFirst = shape.count == 3 && !batchFirst
    return (isTimeFirst ? row * sequences + sequence : sequence * rows + row) * features
  }

  /// The index of a value in the array, as NumPy counts.
  func index(sequence: Int, row: Int, feature: Int) -> [Int] {
    ArrayShape.index(of: place(sequence: sequence, row: row) + feature, in: shape)
  }
}
