import ArrayFiles
import Foundation
import Sequences
import Testing

@Suite struct GzipTests {
  /// gzip.compress(b'a,b\n1,2\n3,4\n', mtime=0)
  static let packed: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 212, 73, 226, 50, 212, 49, 226, 50, 214, 49, 225, 2, 0, 229, 233, 214, 206, 12,
    0, 0, 0,
  ]

  /// `bytes` as gzip stores them without making them smaller (RFC 1952), in members of at most `size` bytes.
  static func stored(_ bytes: [UInt8], size: Int = 65_535) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: size).flatMap { start -> [UInt8] in
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      let count = UInt16(piece.count)
      let header: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 1]
      let lengths = littleEndian(count) + littleEndian(~count)
      return header + lengths + piece + littleEndian(checksum(piece)) + littleEndian(UInt32(piece.count))
    }
  }

  private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 {
        let half = crc >> 1
        crc = crc & 1 == 1 ? half ^ 0xEDB8_8320 : half
      }
    }
    return ~crc
  }

  @Test(arguments: ["data.csv.gz", "data.csv", "data"])
  func contentDecides(name: String) throws {
    let table = try withFile(Self.packed, name: name) { try Table.read(path: $0, columns: ["a", "b"]) }
    #expect(table.values == [1, 2, 3, 4])
    #expect(try withFile(Self.packed, name: name) { try Table.readCSV(path: $0, columns: ["b"]) }.values == [2, 4])
    #expect(table.digest == (try read("a,b\n1,2\n3,4\n", ["a", "b"]).digest))
  }

  @Test func manyMembersAreOneFile() throws {
    let text = "a\n" + (0..<100_000).map { "\($0)\n" }.joined()
    for size in [4096, 65_535] {
      let table = try withFile(Self.stored(Array(text.utf8), size: size)) { try Table.read(path: $0, columns: ["a"]) }
      #expect(table.values == (0..<100_000).map { Float($0) })
    }
  }

  @Test func arraysMayBePackedToo() throws {
    let npy = Self.stored(Array(try NPYFile.encode(counting("", [4, 2]))))
    #expect(try withFile(npy, name: "data.npy.gz") { try Table.read(path: $0, columns: ["1"]) }.values == [1, 3, 5, 7])
    let npz = Self.stored(Array(try NPZFile.encode([counting("x", [3])])))
    #expect(try withFile(npz, name: "data.gz") { try Table.read(path: $0, columns: ["x"]) }.values == [0, 1, 2])
  }

  /// Each byte changed and each length cut off: an error or, where only the header's unused fields changed, the same table.
  @Test func damagedFilesNeverReadDifferently() throws {
    for count in 2..<Self.packed.count {
      let error = try failure(Self.packed.prefix(count), ["a"])
      #expect(error.message.hasPrefix("data.csv: the gzip file cannot be unpacked: "), "\(count)")
    }
    for place in 2..<Self.packed.count {
      var bytes = Self.packed
      bytes[place] ^= 0x11
      let values = try withFile(bytes) { path in try? Table.readCSV(path: path, columns: ["a", "b"]).values }
      #expect(values == nil || values == [1, 2, 3, 4], "byte \(place)")
      if place >= Self.packed.count - 8 { #expect(values == nil) }
    }
    #expect(try failure(Self.packed + [0, 0], ["a"]).message.contains("cannot be unpacked"))
  }
}
