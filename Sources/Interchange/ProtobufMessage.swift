import Foundation

/// A message of Protocol Buffers that is being written: fields in the order in which they are added.
///
/// <https://protobuf.dev/programming-guides/encoding/>. Just the two wire types that ONNX's integers, texts and messages
/// need. Repeated numbers are not packed, as in ONNX's own files (proto2); every reader takes both forms.
struct ProtobufMessage {
  private(set) var data = Data()

  /// An integer, a Boolean or an enumeration.
  mutating func add(_ field: Int, _ value: Int) {
    add(varint: UInt64(field) << 3)
    add(varint: UInt64(bitPattern: Int64(value)))
  }

  /// A repeated integer.
  mutating func add(_ field: Int, _ values: [Int]) {
    for value in values { add(field, value) }
  }

  /// Bytes.
  mutating func add(_ field: Int, _ bytes: Data) {
    add(varint: UInt64(field) << 3 | 2)
    add(varint: UInt64(bytes.count))
    data.append(bytes)
  }

  /// A text.
  mutating func add(_ field: Int, _ text: String) {
    add(field, Data(text.utf8))
  }

  /// A message.
  mutating func add(_ field: Int, _ message: ProtobufMessage) {
    add(field, message.data)
  }

  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  private mutating func add(varint value: UInt64) {
    var rest = value
    while rest > 0x7f {
      data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }
}
