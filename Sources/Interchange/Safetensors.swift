import ArrayFiles
import Foundation
import Recurrent

/// The safetensors format: 8 bytes with the header's length, a JSON header, and the values behind it.
///
/// <https://huggingface.co/docs/safetensors>: little-endian, row-major, no holes. The header maps each name to `dtype`,
/// `shape` and `data_offsets` [begin, end), counted from the header's end; `__metadata__` maps texts to texts.
public enum Safetensors {
  /// The header key that is no tensor.
  static let metadataKey = "__metadata__"
  /// The format's own limit of a header's length.
  static let maximalHeader = 100_000_000

  /// A file with `tensors` as F32, their values in the order given. Equal arguments give equal bytes.
  ///
  /// - throws: `InterchangeError` when two names are equal, a shape does not fit its values, or a value is not finite.
  public static func encode(_ tensors: [NamedTensor], metadata: [String: String]) throws -> Data {
    try TensorCheck.check(tensors)
    var entries: [String: HeaderEntry] = [:]
    if !metadata.isEmpty { entries[metadataKey] = .metadata(metadata) }
    var offset = 0
    for tensor in tensors {
      guard tensor.name != metadataKey else {
        throw InterchangeError(message: "weights: \(metadataKey) is no name for a tensor in a safetensors file")
      }
      let end = offset + 4 * tensor.values.count
      entries[tensor.name] = .tensor(shape: tensor.shape, offsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = try encoder.encode(entries)
    // The values start at a multiple of 8, so that a reader may map them; the format pads with spaces.
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    var data = Data(capacity: 8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(header)
    for tensor in tensors { data.append(littleEndian: tensor.values) }
    return data
  }

  /// Whether `data` starts as such a file does: eight bytes, then an object.
  static func isLikely(_ data: Data) -> Bool {
    data.count >= 10 && data[data.startIndex + 8] == UInt8(ascii: "{")
  }
}

/// What stands behind a name in a header that is written.
private enum HeaderEntry: Encodable {
  case metadata([String: String])
  case tensor(shape: [Int], offsets: [Int])

  private enum CodingKeys: String, CodingKey {
    case dtype
    case shape
    case offsets = "data_offsets"
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .metadata(let texts): try texts.encode(to: encoder)
    case .tensor(let shape, let offsets):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode("F32", forKey: .dtype)
      try container.encode(shape, forKey: .shape)
      try container.encode(offsets, forKey: .offsets)
    }
  }
}
