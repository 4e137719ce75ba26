import CArchive
import Foundation
import Recurrent

/// NumPy's zip of arrays, one `NAME.npy` a tensor, through libarchive and in memory.
///
/// Python's `numpy.load` opens what `encode` writes; `decode` reads what `numpy.savez` and `numpy.savez_compressed`
/// write.
public enum NPZ {
  /// The first bytes of a zip file with an entry.
  static let signature = Data([0x50, 0x4B, 3, 4])
  /// The first bytes of a zip file without one.
  static let emptySignature = Data([0x50, 0x4B, 5, 6])

  /// A file with `tensors` in the order given, stored without compression: float32 weights hardly shrink, and the bytes
  /// then depend on nothing but the arguments.
  ///
  /// - throws: `InterchangeError` when two names are equal, a shape does not fit its values, or a value is not finite.
  public static func encode(_ tensors: [NamedTensor]) throws -> Data {
    try TensorCheck.check(tensors)
    let arrays = try tensors.map { (name: $0.name + ".npy", data: try NPY.encode($0)) }
    // An entry's two headers take less than 256 bytes and its name twice, the end of the file less than 1,024.
    let capacity = arrays.reduce(1024) { $0 + $1.data.count + 2 * $1.name.utf8.count + 256 }
    var file = Data(count: capacity)
    let used = try withUTF8Names { try file.withUnsafeMutableBytes { try write(arrays, to: $0) } }
    return file.prefix(used)
  }

  /// Writes a zip file into `buffer` and returns its size.
  private static func write(
    _ arrays: [(name: String, data: Data)], to buffer: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    guard let archive = archive_write_new() else { throw outOfMemory }
    defer { archive_write_free(archive) }
    var used = 0
    try check(archive_write_set_format_zip(archive), archive)
    try check(archive_write_set_options(archive, "zip:compression=store,zip:hdrcharset=UTF-8"), archive)
    // Without padding to a tape's blocks.
    try check(archive_write_set_bytes_per_block(archive, 1), archive)
    try check(archive_write_set_bytes_in_last_block(archive, 1), archive)
    try check(archive_write_open_memory(archive, buffer.baseAddress, buffer.count, &used), archive)
    for array in arrays { try write(array.data, name: array.name, to: archive) }
    try check(archive_write_close(archive), archive)
    return used
  }

  private static func write(_ data: Data, name: String, to archive: OpaquePointer) throws {
    guard let entry = archive_entry_new() else { throw outOfMemory }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname_utf8(entry, name)
    archive_entry_set_filetype(entry, regularFile)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_size(entry, Int64(data.count))
    // Before zip's first year, so that every time zone writes 1 January 1980, as NumPy does.
    archive_entry_set_mtime(entry, 0, 0)
    try check(archive_write_header(archive, entry), archive)
    let written = data.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == data.count else { throw failure(archive) }
  }

  private static func check(_ status: Int32, _ archive: OpaquePointer) throws {
    guard status == ARCHIVE_OK else { throw failure(archive) }
  }

  private static func failure(_ archive: OpaquePointer) -> InterchangeError {
    InterchangeError(message: "weights: the npz file cannot be made: \(message(of: archive))")
  }

  /// libarchive's AE_IFREG, a macro with a cast that Swift does not import.
  private static let regularFile: UInt32 = 0o100000
  static let outOfMemory = InterchangeError(message: "libarchive finds no memory")

  /// Runs `body` in a locale whose encoding is UTF-8, on this thread alone: libarchive turns names outside ASCII into
  /// the locale's encoding, and a program that never called setlocale has ASCII.
  static func withUTF8Names<Result>(_ body: () throws -> Result) rethrows -> Result {
    let utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
    // Without such a locale this changes nothing, and ASCII names still work.
    let before = uselocale(utf8)
    defer {
      uselocale(before)
      if let utf8 { freelocale(utf8) }
    }
    return try body()
  }

  /// libarchive's words for what went wrong last.
  static func message(of archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0) } ?? "libarchive gives no reason"
  }
}
