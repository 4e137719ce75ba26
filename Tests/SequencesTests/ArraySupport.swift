import ArrayFiles
import Foundation
import Sequences
import Testing

/// 0, 1, 2, … in an array of this shape, from `first` on.
func counting(_ name: String, _ shape: [Int], from first: Int = 0) -> NamedArray {
  NamedArray(name: name, shape: shape, values: (0..<shape.reduce(1, *)).map { Float(first + $0) })
}

/// Calls `body` with the path of an .npy file that holds `array`.
func withNPY<Result>(_ array: NamedArray, _ body: (String) throws -> Result) throws -> Result {
  try withFile(try NPYFile.encode(array), name: "data.npy", body)
}

/// Calls `body` with the path of an .npz file that holds `arrays`.
func withNPZ<Result>(_ arrays: [NamedArray], _ body: (String) throws -> Result) throws -> Result {
  try withFile(try NPZFile.encode(arrays), name: "data.npz", body)
}

/// The table of an .npz file with `arrays`.
func read(_ arrays: [NamedArray], _ columns: [String], batchFirst: Bool = false) throws -> Table {
  try withNPZ(arrays) { try Table.read(path: $0, columns: columns, batchFirst: batchFirst) }
}

/// The error's message and hint for a file with these bytes, the folder's path left out.
func failure(
  _ bytes: some Sequence<UInt8>, name: String, _ columns: [String], batchFirst: Bool = false
) throws -> (message: String, hint: String) {
  try withFile(bytes, name: name) { path in
    let error = try #require(throws: SequenceError.self) {
      try Table.read(path: path, columns: columns, batchFirst: batchFirst)
    }
    return (error.message.replacing(path, with: name), error.hint ?? "")
  }
}

/// The error for an .npz file with `arrays`.
func failure(
  _ arrays: [NamedArray], _ columns: [String], batchFirst: Bool = false
) throws -> (message: String, hint: String) {
  try failure(try NPZFile.encode(arrays), name: "data.npz", columns, batchFirst: batchFirst)
}
