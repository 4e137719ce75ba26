import CArchive
import Foundation

/// NumPy's zip of arrays, one `NAME.npy` an array, through libarchive and in memory.
///
/// Python's `numpy.load` opens what `encode` writes; `decode` reads what `numpy.savez` and `numpy.savez_compressed`
/// write.
public enum NPZFile {
  /// The first bytes of a zip file with an entry.
  package static let signature = Data([0x50, 0x4B, 3, 4])
  /// The first bytes of a zip file without one.
  package static let emptySignature = Data([0x50, 0x4B, 5, 6])

  /// A file with `arrays` in the order given, stored without compression: float32 values hardly shrink, and the bytes
  /// then depend on nothing but the arguments.
  ///
  /// - throws: `ArrayFileError` when a name is empty, holds NUL or stands twice, or a shape does not fit its values.
  public static func encode(_ arrays: [NamedArray]) throws -> Data {
    try encode(npy: try arrays.map { (name: $0.name, npy: try NPYFile.encode($0)) })
  }

  /// A file of arrays that `NPYFile` has encoded, under their names and in the order given.
  ///
  /// - throws: `ArrayFileError` when a name is empty, holds NUL or stands twice.
  public static func encode(npy arrays: [(name: String, npy: Data)]) throws -> Data {
    try checkNames(arrays.map(\.name))
    let entries = arrays.map { (name: $0.name + suffix, data: $0.npy) }
    // An entry's two headers take less than 256 bytes and its name twice, the end of the file less than 1,024.
    let capacity = entries.reduce(1024) { $0 + $1.data.count + 2 * $1.name.utf8.count + 256 }
    var file = Data(count: capacity)
    let used = try withUTF8Names { try file.withUnsafeMutableBytes { try write(entries, to: $0) } }
    return file.prefix(used)
  }

  private static func checkNames(_ names: [String]) throws {
    var seen: Set<String> = []
    for name in names {
      guard !name.isEmpty, !name.utf8.contains(0) else {
        throw ArrayFileError(
          message: "\(quoted(name)) is no name for an array", hint: "a name has at least one letter, and no NUL")
      }
      guard seen.insert(name).inserted else {
        throw ArrayFileError(
          message: "there are two arrays of the name \(quoted(name))",
          hint: "the arrays of an .npz file are told apart by their names alone")
      }
    }
  }

  /// Writes a zip file into `buffer` and returns its size.
  private static func write(
    _ entries: [(name: String, data: Data)], to buffer: UnsafeMutableRawBufferPointer
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
    for entry in entries { try write(entry.data, name: entry.name, to: archive) }
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

  private static func failure(_ archive: OpaquePointer) -> ArrayFileError {
    ArrayFileError(message: "the npz file cannot be made: \(message(of: archive))")
  }

  static let suffix = ".npy"
  /// libarchive's AE_IFREG, a macro with a cast that Swift does not import.
  private static let regularFile: UInt32 = 0o100000
  static let outOfMemory = ArrayFileError(message: "libarchive finds no memory")

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
