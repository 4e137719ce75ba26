import ArrayFiles
import Foundation
import Testing

/// A folder that exists as long as the test runs in it.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "array-files-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// Runs a program of Python with numpy; a test fails when either is missing (Debian: python3-numpy).
@discardableResult
func python(_ program: String, _ arguments: [String] = []) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  process.arguments = ["-c", program] + arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  try #require(process.terminationStatus == 0, "python3 failed: \(text)")
  return text
}

/// What `body` throws, which must be this room's error.
func refusal(_ body: () throws -> Void) throws -> ArrayFileError {
  do {
    try body()
  } catch let error as ArrayFileError {
    return error
  }
  throw ArrayFileError(message: "nothing was refused")
}

/// Little-endian bytes of an integer.
func littleEndian(_ value: some FixedWidthInteger) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}

/// Little-endian bytes of float32 values.
func littleEndian(_ values: [Float]) -> Data {
  values.reduce(into: Data()) { $0.append(littleEndian($1.bitPattern)) }
}

/// Arrays of every rank that a file may hold: with the smallest, the largest, and many other values, with those that
/// are no numbers, and a name outside ASCII.
let samples: [NamedArray] = {
  var random = SplitMix64(state: 7)
  let matrix = (0..<35).map { _ in Float.random(in: -2...2, using: &random) }
  let extremes: [Float] = [0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1, -1]
  return [
    NamedArray(name: "W_xh", shape: [5, 7], values: matrix),
    NamedArray(name: "b_h", shape: [6], values: extremes),
    NamedArray(name: "scalar", shape: [], values: [0.25]),
    NamedArray(name: "cube", shape: [2, 3, 4], values: (0..<24).map { Float($0) / 8 }),
    NamedArray(name: "größe/é", shape: [1, 1], values: [-3]),
    NamedArray(name: "odd", shape: [4], values: [-0.0, .infinity, -.infinity, .nan]),
  ]
}()

/// Names, shapes and bits, as `==` would take a minus zero for a zero and no NaN for itself.
func bits(_ arrays: [NamedArray]) -> [String] {
  arrays.map { "\($0.name) \($0.shape) \($0.values.map(\.bitPattern))" }
}
