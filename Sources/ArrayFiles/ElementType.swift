/// The number types that arrays are read from; each is rounded to float32 as IEEE 754 says.
package enum ElementType: Sendable {
  case float64
  case float32
  case float16
  case bfloat16
  case int64
  case int32

  /// Bytes of one number.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16: 2
    }
  }

  /// The numbers that `bytes` hold; a number beyond float32's range becomes an infinity.
  ///
  /// - precondition: `bytes.count` is a multiple of `size`.
  package func floats(_ bytes: UnsafeRawBufferPointer, bigEndian: Bool) -> [Float] {
    switch self {
    case .float64: convert(bytes, bigEndian) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: convert(bytes, bigEndian) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: convert(bytes, bigEndian) { (bits: UInt16) in Self.half(bits) }
    case .bfloat16: convert(bytes, bigEndian) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .int64: convert(bytes, bigEndian) { (bits: UInt64) in Float(Int64(bitPattern: bits)) }
    case .int32: convert(bytes, bigEndian) { (bits: UInt32) in Float(Int32(bitPattern: bits)) }
    }
  }

  private func convert<Bits: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ bigEndian: Bool, _ float: (Bits) -> Float
  ) -> [Float] {
    (0..<bytes.count / size).map { index in
      let bits = bytes.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
      return float(bigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
    }
  }

  /// The value of IEEE 754's binary16, which fits float32 exactly. (Swift's `Float16` does not exist on every machine.)
  private static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
