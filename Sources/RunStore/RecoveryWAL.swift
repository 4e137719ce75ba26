import Foundation

/// The commits of a damaged store's `-wal`, read by its published format (sqlite.org/fileformat2.html#walformat):
/// SQLite itself would not look at it where the database's header is damaged, and says nothing where it drops
/// frames.
struct RecoveryWAL {
  /// The newest committed content of each page, by its number from 1: where it lies in the `-wal`.
  private(set) var pages: [UInt32: Int] = [:]
  /// The page size.
  let pageSize: Int
  /// Pages of the database after the last commit; 0 without a commit.
  private(set) var pageCount = 0
  /// Frames that were written after the last reset of the `-wal`, and that their checksums contradict.
  private(set) var damagedFrames = 0

  private let data: Data
  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// - returns: `nil` when the header is damaged, so that nothing of the file can be trusted.
  init?(_ data: Data) {
    let magic = data.bigEndian(at: 0)
    let size = Int(data.bigEndian(at: 8))
    guard data.count >= Self.headerSize, magic & ~1 == 0x377F_0682, (512...65_536).contains(size),
      size & (size - 1) == 0
    else { return nil }
    self.data = data
    pageSize = size
    let isBigEndian = magic & 1 == 1
    var sum = Checksum(isBigEndian: isBigEndian)
    sum.add(data, 0..<24)
    guard sum.isStored(in: data, at: 24) else { return nil }
    readFrames(&sum)
  }

  /// The newest committed content of a page.
  func content(at offset: Int) -> Data { data.subdata(in: offset..<offset + pageSize) }

  private mutating func readFrames(_ sum: inout Checksum) {
    var uncommitted: [UInt32: Int] = [:]
    var offset = Self.headerSize
    while offset + Self.frameHeaderSize + pageSize <= data.count {
      let content = offset + Self.frameHeaderSize
      // Frames with other salts are left from before the last reset.
      guard data.subdata(in: offset + 8..<offset + 16) == data.subdata(in: 16..<24) else { return }
      sum.add(data, offset..<offset + 8)
      sum.add(data, content..<content + pageSize)
      guard sum.isStored(in: data, at: offset + 16) else { break }
      uncommitted[data.bigEndian(at: offset)] = content
      let pagesAfterCommit = data.bigEndian(at: offset + 4)
      if pagesAfterCommit > 0 {
        pages.merge(uncommitted) { $1 }
        uncommitted = [:]
        pageCount = Int(pagesAfterCommit)
      }
      offset = content + pageSize
    }
    countDamaged(from: offset)
  }

  private mutating func countDamaged(from start: Int) {
    var offset = start
    while offset + Self.frameHeaderSize + pageSize <= data.count,
      data.subdata(in: offset + 8..<offset + 16) == data.subdata(in: 16..<24)
    {
      damagedFrames += 1
      offset += Self.frameHeaderSize + pageSize
    }
  }
}

/// The running checksum of a `-wal`.
private struct Checksum {
  let isBigEndian: Bool
  private var first: UInt32 = 0
  private var second: UInt32 = 0

  init(isBigEndian: Bool) {
    self.isBigEndian = isBigEndian
  }

  /// Adds a range whose length is a multiple of 8.
  mutating func add(_ data: Data, _ range: Range<Int>) {
    data.withUnsafeBytes { bytes in
      for offset in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
        first &+= word(bytes, offset) &+ second
        second &+= word(bytes, offset + 4) &+ first
      }
    }
  }

  func isStored(in data: Data, at offset: Int) -> Bool {
    data.bigEndian(at: offset) == first && data.bigEndian(at: offset + 4) == second
  }

  private func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
    let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
  }
}
