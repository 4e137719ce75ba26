import ArrayFiles
import Foundation
import Recurrent

extension Safetensors {
  /// The tensors of a file, in the order of their values, and its metadata.
  ///
  /// Reads F32, and rounds F64, F16, BF16, I64 and I32 to float32. Nothing in the header is taken on trust: names are
  /// unique, every offset fits its shape, and the tensors cover the rest of the file without hole or overlap.
  ///
  /// - Parameter data: the whole file.
  /// - Parameter source: the file's path, for messages.
  /// - throws: `InterchangeError` for anything else.
  public static func decode(
    _ data: Data, source: String
  ) throws -> (tensors: [NamedTensor], metadata: [String: String]) {
    let header = try header(of: data, source: source)
    let values = data.dropFirst(8 + header.count)
    let (metadata, entries) = try Header.parse(header, source: source)
    try checkCover(entries, bytes: values.count, source: source)
    let tensors = try values.withUnsafeBytes { buffer in
      try entries.map { entry in
        let slice = UnsafeRawBufferPointer(rebasing: buffer[entry.begin..<entry.end])
        return try TensorCheck.canonical(
          name: entry.name, shape: entry.shape, values: entry.type.floats(slice, bigEndian: false), source: source)
      }
    }
    return (tensors, metadata)
  }

  private static func header(of data: Data, source: String) throws -> Data {
    guard data.count >= 8 else {
      throw InterchangeError(
        message: "\(source): a safetensors file starts with 8 bytes of length, this one has \(data.count) bytes",
        hint: "the file is cut off or in another format")
    }
    let length = data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(data.count - 8) else {
      throw InterchangeError(
        message: "\(source): its header says it has \(length) bytes, there are \(data.count - 8)",
        hint: "the file is cut off or no safetensors file")
    }
    guard length <= UInt64(maximalHeader) else {
      throw InterchangeError(message: "\(source): its header has \(length) bytes, at most \(maximalHeader) are read")
    }
    return data.dropFirst(8).prefix(Int(length))
  }

  /// Checks that `entries`, sorted by their begin, cover `bytes` bytes exactly.
  private static func checkCover(_ entries: [Header.Entry], bytes: Int, source: String) throws {
    var cursor = 0
    for entry in entries {
      let subject = "\(source): tensor \(quoted(entry.name))"
      guard entry.end <= bytes else {
        throw InterchangeError(
          message: "\(subject): its values end at byte \(entry.end), the file's values at \(bytes)",
          hint: "the file is cut off or forged")
      }
      guard entry.begin >= cursor else {
        throw InterchangeError(
          message: "\(subject): its values begin at byte \(entry.begin), inside the tensor that ends at \(cursor)",
          hint: "the file is forged")
      }
      guard entry.begin == cursor else {
        throw InterchangeError(
          message:
            "\(source): bytes \(cursor)..<\(entry.begin) before tensor \(quoted(entry.name)) belong to no tensor",
          hint: "the file is damaged, or one tensor's name stands there twice")
      }
      cursor = entry.end
    }
    guard cursor == bytes else {
      throw InterchangeError(
        message: "\(source): the last tensor ends at byte \(cursor), the file's values at \(bytes)",
        hint: "the file is damaged: bytes follow its end")
    }
  }
}
