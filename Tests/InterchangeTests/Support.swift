import Foundation
import Interchange
import Recurrent
import Testing

/// A folder that exists as long as the test runs in it.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "interchange-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// Runs a program of Python with numpy; a test fails when either is missing (Debian: python3-numpy).
@discardableResult
func python(_ program: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  process.arguments = ["-c", program] + arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
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
func refusal(_ body: () throws -> Void) throws -> InterchangeError {
  do {
    try body()
  } catch let error as InterchangeError {
    return error
  }
  throw InterchangeError(message: "nothing was refused")
}

/// Little-endian bytes of an integer.
func littleEndian(_ value: some FixedWidthInteger) -> Data {
  withUnsafeBytes(of: value.littleEndian) { Data($0) }
}

/// Little-endian bytes of float32 values.
func littleEndian(_ values: [Float]) -> Data {
  values.reduce(into: Data()) { $0.append(littleEndian($1.bitPattern)) }
}

/// Steele, Lea and Flood's SplitMix64: the same mutations in every test run.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Tensors of a network, and of every rank that a file may hold: with the smallest, the largest, and many other
/// values, and a name outside ASCII.
let samples: [NamedTensor] = {
  var random = SplitMix64(state: 7)
  let matrix = (0..<35).map { _ in Float.random(in: -2...2, using: &random) }
  let extremes: [Float] = [0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1, -1]
  return [
    NamedTensor(name: "W_xh", shape: [5, 7], values: matrix),
    NamedTensor(name: "b_h", shape: [6], values: extremes),
    NamedTensor(name: "scalar", shape: [], values: [0.25]),
    NamedTensor(name: "cube", shape: [2, 3, 4], values: (0..<24).map { Float($0) / 8 }),
    NamedTensor(name: "größe/é", shape: [1, 1], values: [-3]),
  ]
}()

/// Bits, as `==` would take a minus zero for a zero.
func bits(_ tensors: [NamedTensor]) -> [[UInt32]] {
  tensors.map { $0.values.map(\.bitPattern) }
}
