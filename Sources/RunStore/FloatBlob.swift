import Foundation

/// Blobs of the store: little-endian float32, row-major, with the shape beside them as JSON text.
enum FloatBlob {
  /// The bytes of `values`, 4 for each.
  static func data(_ values: ArraySlice<Float>) -> Data {
    values.withUnsafeBufferPointer { data($0) }
  }

  /// The bytes of `values`, 4 for each.
  static func data(_ values: UnsafeBufferPointer<Float>) -> Data {
    var result = Data()
    withLittleEndianBytes(values) { result = Data($0) }
    return result
  }

  /// Hands out the bytes of `values` without a copy where the machine is little-endian, as all of ours are.
  static func withLittleEndianBytes(_ values: UnsafeBufferPointer<Float>, _ body: (UnsafeRawBufferPointer) -> Void) {
    #if _endian(little)
      body(UnsafeRawBufferPointer(values))
    #else
      values.map { $0.bitPattern.littleEndian }.withUnsafeBytes(body)
    #endif
  }

  /// Appends the numbers of `data` to `values`; its length must be a multiple of 4.
  static func append(_ data: Data, to values: inout [Float]) {
    data.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: 4) {
        let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        values.append(Float(bitPattern: bits))
      }
    }
  }

  /// A shape as JSON without spaces: `[32,1]`. A part of the checkpoint digest, so it may never change.
  static func json(_ shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ",") + "]"
  }

  /// The shape of a JSON text; `nil` when it is no array of whole numbers from 0 on.
  static func shape(_ json: String) -> [Int]? {
    guard let shape = try? JSONDecoder().decode([Int].self, from: Data(json.utf8)) else { return nil }
    return shape.allSatisfy { $0 >= 0 } ? shape : nil
  }

  /// How many numbers a shape holds; `nil` when it is negative somewhere or more than an `Int` can count.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// Whether all numbers are finite; one pass without branches.
  static func isFinite(_ values: [Float]) -> Bool {
    // x - x is 0 for finite x and NaN otherwise; NaN stays in a sum.
    var sum: Float = 0
    for value in values { sum += value - value }
    return sum == 0
  }
}
