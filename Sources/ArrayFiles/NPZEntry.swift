import CArchive
import Foundation

/// One array in a zip file that is being read.
struct NPZEntry {
  private static let chunkSize = 65_536

  /// The entry's name without `.npy`.
  let name: String
  /// The file's path, for messages.
  let source: String
  private let archive: OpaquePointer
  private let entry: OpaquePointer

  /// Calls `body` with each entry, in the file's order; within the call, its bytes may be read once.
  ///
  /// - throws: `ArrayFileError` when the zip is damaged or an entry is no array by its name, and what `body` throws.
  static func forEach(in data: Data, source: String, _ body: (NPZEntry) throws -> Void) throws {
    // libarchive does not know an empty zip file, a directory's end of 22 bytes, from no zip file.
    if data.count == 22, data.starts(with: NPZFile.emptySignature) { return }
    try data.withUnsafeBytes { buffer in
      guard let archive = archive_read_new() else { throw NPZFile.outOfMemory }
      defer { archive_read_free(archive) }
      // Only by its directory, as Python reads a zip: what a truncated file starts with is not taken for the whole.
      guard archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK,
        archive_read_open_memory(archive, buffer.baseAddress, buffer.count) == ARCHIVE_OK
      else { throw damaged(archive, source) }
      try NPZFile.withUTF8Names {
        while let entry = try NPZEntry(nextOf: archive, source: source) { try body(entry) }
      }
    }
  }

  /// `nil` at the archive's end.
  private init?(nextOf archive: OpaquePointer, source: String) throws {
    var next: OpaquePointer?
    let status = archive_read_next_header(archive, &next)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let next else { throw Self.damaged(archive, source) }
    self.archive = archive
    self.source = source
    entry = next
    name = try Self.arrayName(of: next, source: source)
  }

  private static func arrayName(of entry: OpaquePointer, source: String) throws -> String {
    guard let raw = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else {
      throw ArrayFileError(message: "\(source): an entry of the zip file has no readable name")
    }
    let path = String(cString: raw)
    guard path.hasSuffix(NPZFile.suffix), path.count > NPZFile.suffix.count else {
      let isCheckpoint = path.hasSuffix("data.pkl")
      throw ArrayFileError(
        message: "\(source): the zip file holds \(quoted(path)), which is no array (.npy)",
        hint: isCheckpoint
          ? "this is a pickled PyTorch file; save weights with safetensors.torch.save_file, data with numpy.savez"
          : "write the file with numpy.savez")
    }
    return String(path.dropLast(NPZFile.suffix.count))
  }

  /// All its bytes, as many as the array's header justifies.
  func unpack() throws -> Data {
    var data = Data()
    var header: NPYHeader?
    while let chunk = try nextChunk() {
      data.append(chunk)
      // The header is shorter than two chunks; it is found or refused by then.
      if header == nil { header = try NPYHeader(startOf: data, subject: subject) }
      if let header, data.count > header.fileSize {
        throw ArrayFileError(
          message:
            "\(subject): shape \(header.shape) of \(header.descr) needs \(header.valueBytes) bytes of values, the "
            + "file holds more",
          hint: "the file is damaged or forged")
      }
    }
    return data
  }

  /// Its array's shape, from its first bytes.
  func shape() throws -> [Int] {
    var data = Data()
    while let chunk = try nextChunk() {
      data.append(chunk)
      if let header = try NPYHeader(startOf: data, subject: subject) { return header.shape }
    }
    return try NPYFile.shape(startOf: data, name: name, source: source)
  }

  /// The next bytes, or `nil` at the end.
  private func nextChunk() throws -> Data? {
    guard archive_entry_is_encrypted(entry) == 0 else {
      throw ArrayFileError(
        message: "\(source): entry \(quoted(name + NPZFile.suffix)) is encrypted", hint: "write it without a password")
    }
    var chunk = Data(count: Self.chunkSize)
    let count = chunk.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw Self.damaged(archive, subject) }
    return count > 0 ? chunk.prefix(count) : nil
  }

  private var subject: String { "\(source): array \(quoted(name))" }

  private static func damaged(_ archive: OpaquePointer, _ subject: String) -> ArrayFileError {
    ArrayFileError(
      message: "\(subject): the zip file cannot be read: \(NPZFile.message(of: archive))",
      hint: "the file is cut off or damaged, or uses a compression that libarchive does not know")
  }
}
