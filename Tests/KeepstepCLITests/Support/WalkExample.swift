import Foundation

/// Six sequences of twelve rows: x of three features, y to learn, and a class c.
enum WalkExample {
  static let (sequences, rows) = (6, 12)

  /// x [6, 12, 3].
  static let x = NumPyArray(
    name: "x",
    values: (0..<sequences * rows * 3).map { index in
      let number = (index * index * 7 + index * 5) % 23 - 11
      return Float(number) / 8
    }, shape: [sequences, rows, 3])
  /// y [6, 12, 1], the mean of x's first two features.
  static let y = target("y") { ($0[0] + $0[1]) / 2 }
  /// c [6, 12, 1]: 0, 1 or 2, how many of x's first two features are positive.
  static let c = target("c") { ($0[0] > 0 ? 1 : 0) + ($0[1] > 0 ? 1 : 0) }

  private static func target(_ name: String, _ value: (ArraySlice<Float>) -> Float) -> NumPyArray {
    let values = (0..<sequences * rows).map { row in
      let features = x.values[row * 3..<row * 3 + 3]
      return value(ArraySlice(Array(features)))
    }
    return NumPyArray(name: name, values: values, shape: [sequences, rows, 1])
  }

  /// The options that learn y from x.
  static let train = "train --inputs x --targets y --window 4 --hidden-size 5 --steps 24 --checkpoint-every 6"

  /// A folder with `walks.npz`, [sequences, time, features], and `time.npz`, [time, sequences, features].
  static func place() throws -> Workplace {
    let place = try Workplace()
    try NumPyFile.npz([x, y, c]).write(to: place.url("walks.npz"))
    try NumPyFile.npz([x.swapped, y.swapped, c.swapped]).write(to: place.url("time.npz"))
    return place
  }
}
