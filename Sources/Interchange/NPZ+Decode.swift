import CArchive
import Foundation
import Recurrent

extension NPZ {
  private static let chunkSize = 65_536
  private static let suffix = ".npy"

  /// The arrays of a file, in its order, each named as its entry without `.npy`.
  ///
  /// An entry is unpacked in small pieces and never beyond the size that its own header justifies; all together may not
  /// pass a quarter of the machine's memory.
  ///
  /// - Parameter source: the file's path, for messages.
  /// - throws: `InterchangeError` when the zip is damaged or encrypted, an entry is no array, or an array is not read.
  public static func decode(_ data: Data, source: String) throws -> [NamedTensor] {
    // libarchive does not know an empty zip file, a directory's end of 22 bytes, from no zip file.
    if data.count == 22, data.starts(with: emptySignature) { return [] }
    return try data.withUnsafeBytes { buffer in
      guard let archive = archive_read_new() else { throw outOfMemory }
      defer { archive_read_free(archive) }
      // Only by its directory, as Python reads a zip: what a truncated file starts with is not taken for the whole.
      guard archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK,
        archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK
      else { throw damaged(archive, source) }
      return try withUTF8Names { try tensors(in: archive, source: source) }
    }
  }

  private static func tensors(in archive: OpaquePointer, source: String) throws -> [NamedTensor] {
    var tensors: [NamedTensor] = []
    var unpacked = 0
    var entry: OpaquePointer?
    while true {
      let status = archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF { break }
      guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw damaged(archive, source) }
      let name = try arrayName(of: entry, source: source)
      let array = try unpack(archive, name: name, source: source)
      unpacked += array.count
      try MemoryBudget.check(unpacked, subject: "\(source): the arrays up to \(quoted(name))")
      tensors.append(try NPY.decode(array, name: name, source: source))
    }
    try TensorCheck.checkUnique(tensors.map(\.name), source: source)
    return tensors
  }

  private static func arrayName(of entry: OpaquePointer, source: String) throws -> String {
    guard let raw = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else {
      throw InterchangeError(message: "\(source): an entry of the zip file has no readable name")
    }
    let path = String(cString: raw)
    guard path.hasSuffix(suffix), path.count > suffix.count else {
      let isCheckpoint = path.hasSuffix("data.pkl")
      throw InterchangeError(
        message: "\(source): the zip file holds \(quoted(path)), which is no array (.npy)",
        hint: isCheckpoint
          ? "this is a pickled PyTorch file; save the weights with safetensors.torch.save_file"
          : "write the file with numpy.savez")
    }
    guard archive_entry_is_encrypted(entry) == 0 else {
      throw InterchangeError(
        message: "\(source): entry \(quoted(path)) is encrypted", hint: "write it without a password")
    }
    return String(path.dropLast(suffix.count))
  }

  /// The current entry's bytes, as many as the array's header justifies.
  private static func unpack(_ archive: OpaquePointer, name: String, source: String) throws -> Data {
    let subject = "\(source): array \(quoted(name))"
    var data = Data()
    var header: NPYHeader?
    var chunk = [UInt8](repeating: 0, count: chunkSize)
    while true {
      let count = chunk.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw damaged(archive, subject) }
      guard count > 0 else { return data }
      data.append(contentsOf: chunk[..<count])
      // The header is shorter than two chunks; it is found or refused by then.
      if header == nil { header = try NPYHeader(startOf: data, subject: subject) }
      if let header, data.count > header.fileSize {
        throw InterchangeError(
          message:
            "\(subject): shape \(header.shape) of \(header.descr) needs \(header.valueBytes) bytes of values, the "
            + "file holds more",
          hint: "the file is damaged or forged")
      }
    }
  }

  private static func damaged(_ archive: OpaquePointer, _ subject: String) -> InterchangeError {
    InterchangeError(
      message: "\(subject): the zip file cannot be read: \(message(of: archive))",
      hint: "the file is cut off or damaged, or uses a compression that libarchive does not know")
  }
}
