import Foundation

extension Data {
  /// Appends float32 values in little-endian order, 4 bytes each.
  package mutating func append(littleEndian values: [Float]) {
    values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { append(contentsOf: $0) }
  }
}
