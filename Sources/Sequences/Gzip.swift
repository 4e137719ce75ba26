import ArrayFiles
import CZlib
import Foundation

/// Files that gzip made smaller, unpacked in memory by zlib.
///
/// libarchive, which reads the house's zip files, lets a gzip file's wrong checksum pass; zlib refuses it.
enum Gzip {
  /// Whether `data` begins as such a file does.
  static func isFound(in data: Data) -> Bool {
    data.starts(with: [0x1F, 0x8B])
  }

  /// All bytes that `data` holds, of one or several members, as `gzip -d` gives them.
  /// - Throws: `SequenceError` when it is damaged, cut off, followed by other bytes, or more than a quarter of the
  ///   machine's memory.
  static func unpack(_ data: Data, source: String) throws -> Data {
    var stream = z_stream()
    guard keepstep_inflate_gzip_init(&stream) == Z_OK else {
      throw SequenceError("\(source): there is no memory to unpack it")
    }
    defer { inflateEnd(&stream) }
    var unpacked = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        try unpackMember(&rest, &stream, &chunk, into: &unpacked, source)
        inflateReset(&stream)
      }
    }
    return unpacked
  }

  private static func unpackMember(
    _ rest: inout Slice<UnsafeRawBufferPointer>, _ stream: inout z_stream, _ chunk: inout [UInt8],
    into unpacked: inout Data, _ source: String
  ) throws {
    var status = Z_OK
    while status == Z_OK {
      let (taken, given) = try inflateOnce(rest, &stream, &chunk, &status, source)
      rest = rest.dropFirst(taken)
      unpacked.append(contentsOf: chunk.prefix(given))
      do {
        try MemoryBudget.check(unpacked.count, subject: "\(source), unpacked")
      } catch let error as ArrayFileError {
        throw SequenceError(error.message, hint: error.hint)
      }
    }
  }

  /// One call of zlib: the bytes that it took of `rest` and gave to `chunk`.
  private static func inflateOnce(
    _ rest: Slice<UnsafeRawBufferPointer>, _ stream: inout z_stream, _ chunk: inout [UInt8], _ status: inout Int32,
    _ source: String
  ) throws -> (taken: Int, given: Int) {
    // zlib counts in 32 bits.
    let offered = min(rest.count, 1 << 30)
    let given = chunk.withUnsafeMutableBufferPointer { chunk in
      stream.next_in = UnsafeMutablePointer(
        mutating: UnsafeRawBufferPointer(rebasing: rest).baseAddress?.assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(offered)
      stream.next_out = chunk.baseAddress
      stream.avail_out = UInt32(chunk.count)
      status = inflate(&stream, Z_NO_FLUSH)
      return chunk.count - Int(stream.avail_out)
    }
    let taken = offered - Int(stream.avail_in)
    guard status == Z_OK || status == Z_STREAM_END else {
      let isCutOff = status == Z_BUF_ERROR
      let reason = isCutOff ? "it ends too early" : stream.msg.map { String(cString: $0) } ?? "zlib's error \(status)"
      throw SequenceError(
        "\(source): the gzip file cannot be unpacked: \(reason)", hint: "it is cut off or damaged; gzip -t checks it")
    }
    return (taken, given)
  }
}
