import Foundation
import Sequences
import Testing

/// One window as arrays: x [T, B, I] and y [T, B, O], checked not to write beyond their ends.
func filled(_ source: some WindowSource, window index: Int) -> (x: [Float], y: [Float]) {
  let guardValue: Float = 12_345
  let xCount = source.window * source.batchSize * source.inputSize
  let yCount = source.window * source.batchSize * source.outputSize
  var x = [Float](repeating: guardValue, count: xCount + 1)
  var y = [Float](repeating: guardValue, count: yCount + 1)
  x.withUnsafeMutableBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      if let x = x.baseAddress, let y = y.baseAddress { source.fill(window: index, inputs: x, targets: y) }
    }
  }
  #expect(x.removeLast() == guardValue && y.removeLast() == guardValue, "fill wrote beyond the end")
  return (x, y)
}

/// The same bits; `==` on floats would take minus zero for zero.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.map(\.bitPattern) == b.map(\.bitPattern)
}

/// Calls `body` with the path of a file `name` that holds `bytes`, in a folder of its own that goes away afterwards.
func withFile<Result>(
  _ bytes: some Sequence<UInt8>, name: String = "data.csv", _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sequences-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appendingPathComponent(name)
  try Data(bytes).write(to: file)
  return try body(file.path)
}

/// The table that a CSV file with this text gives.
func read(_ text: String, _ columns: [String], _ options: ReadingOptions = ReadingOptions()) throws -> Table {
  try withFile(text.utf8) { try Table.readCSV(path: $0, columns: columns, options: options) }
}

/// The error's message and hint for a CSV file with these bytes, the folder's path left out.
func failure(
  _ bytes: some Sequence<UInt8>, _ columns: [String], _ options: ReadingOptions = ReadingOptions()
) throws -> (message: String, hint: String) {
  try withFile(bytes) { path in
    let error = try #require(throws: SequenceError.self) {
      try Table.readCSV(path: path, columns: columns, options: options)
    }
    return (error.message.replacing(path, with: "data.csv"), error.hint ?? "")
  }
}

/// How a file is read, set as `change` does.
func options(_ change: (inout ReadingOptions) -> Void) -> ReadingOptions {
  var options = ReadingOptions()
  change(&options)
  return options
}

/// Pseudo-random numbers, the same in every run of the tests (SplitMix64).
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
