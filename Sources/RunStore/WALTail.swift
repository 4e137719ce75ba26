import Foundation
import GRDB

/// The end of a `-wal` as SQLite sees it: at the first frame whose checksum does not hold it stops, and whatever was
/// committed after that is dropped without a word.
///
/// A crash leaves such an end as well, but in the middle of one commit only, as the next begins when that one is on the disk.
/// So a commit that begins after the end proves that the one at the end was whole once: the file is damaged.
///
/// The format: sqlite.org/fileformat2.html#walformat. Reading this file beside SQLite is harmless: its locks are on others.
struct WALTail {
  /// Frames before the end.
  private(set) var frames = 0
  /// Frames of the same `-wal` after the end.
  private(set) var lostFrames = 0
  /// Commits among them; 1 may be the one that a crash interrupted.
  private(set) var lostCommits = 0
  /// Frames before the end that no commit follows: SQLite drops them too.
  private(set) var openFrames = 0
  /// Whether a commit was begun after one that is not whole.
  private(set) var isDamaged = false

  /// Whether there is anything after the end.
  var isWhole: Bool { lostFrames == 0 && openFrames == 0 }

  private static let headerLength = 32
  private static let frameHeaderLength = 24

  /// - returns: `nil` when there is no such file, or nothing of a `-wal` in it.
  init?(path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let header = Self.read(file, Self.headerLength), let reader = FrameReader(header: header) else { return nil }
    let length = Self.frameHeaderLength + reader.pageSize
    var checksum = reader.checksum
    var salts = reader.isSound ? reader.salts : nil
    var isOpen = reader.isSound
    while let frame = Self.read(file, length) {
      let isOfThisLog = salts.map { $0 == reader.salts(of: frame) } ?? true
      if isOpen, isOfThisLog, let next = reader.checksum(of: frame, after: checksum) {
        checksum = next
        frames += 1
        openFrames = reader.isCommit(frame) ? 0 : openFrames + 1
        continue
      }
      isOpen = false
      // A header that does not hold had been synced before any frame was written; its frames share their salts.
      if salts == nil { salts = reader.salts(of: frame) }
      guard salts == reader.salts(of: frame) else { continue }
      if lostCommits > 0 || !reader.isSound { isDamaged = true }
      lostFrames += 1
      if reader.isCommit(frame) { lostCommits += 1 }
    }
  }

  private static func read(_ file: FileHandle, _ count: Int) -> [UInt8]? {
    guard let data = try? file.read(upToCount: count), data.count == count else { return nil }
    return [UInt8](data)
  }
}

/// The numbers in a `-wal`: all big-endian, but for the words that its checksum is made of.
private struct FrameReader {
  let pageSize: Int
  let salts: UInt64
  /// Of the header: two words.
  let checksum: (UInt32, UInt32)
  let isSound: Bool
  private let isBigEndian: Bool

  init?(header: [UInt8]) {
    let magic = Self.word(header, 0)
    isBigEndian = magic & 1 == 1
    let size = Int(Self.word(header, 8))
    salts = Self.salts(header, 16)
    checksum = Self.checksum(header[0..<24], after: (0, 0), isBigEndian)
    let hasMagic = magic & ~1 == 0x377F_0682 && Self.word(header, 4) == 3_007_000
    let hasSize = (512...65_536).contains(size) && size & (size - 1) == 0
    isSound = hasMagic && hasSize && checksum == (Self.word(header, 24), Self.word(header, 28))
    // Where the header's size is damaged, it is SQLite's usual one.
    pageSize = hasSize ? size : 4096
  }

  func salts(of frame: [UInt8]) -> UInt64 { Self.salts(frame, 8) }

  /// Whether a frame ends a transaction.
  func isCommit(_ frame: [UInt8]) -> Bool { Self.word(frame, 4) != 0 }

  /// The checksum up to and with a frame, or `nil` when it is not what the frame says.
  func checksum(of frame: [UInt8], after former: (UInt32, UInt32)) -> (UInt32, UInt32)? {
    let head = Self.checksum(frame[0..<8], after: former, isBigEndian)
    let whole = Self.checksum(frame[24...], after: head, isBigEndian)
    return whole == (Self.word(frame, 16), Self.word(frame, 20)) ? whole : nil
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func salts(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    UInt64(word(bytes, offset)) << 32 | UInt64(word(bytes, offset + 4))
  }

  private static func checksum(
    _ bytes: ArraySlice<UInt8>, after former: (UInt32, UInt32), _ isBigEndian: Bool
  ) -> (UInt32, UInt32) {
    var (s0, s1) = former
    bytes.withUnsafeBytes { raw in
      func word(_ offset: Int) -> UInt32 {
        let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
      }
      for offset in stride(from: 0, to: raw.count, by: 8) {
        s0 &+= word(offset) &+ s1
        s1 &+= word(offset + 4) &+ s0
      }
    }
    return (s0, s1)
  }
}

extension StoreReader {
  /// What is wrong with the `-wal`, and what may be.
  func walFindings(_ db: Database) throws -> (findings: [CheckFinding], notes: [String]) {
    let wal = file.absolutePath + "-wal"
    if file.walSize == nil, !isImmutable, try hasDeadRun(db) {
      return (
        [],
        [
          "a trainer died, and there is no \(path)-wal, where its last commits were: if no other program has opened the store "
            + "since, the file is missing and they are lost with it; resume trains their steps again"
        ]
      )
    }
    guard let tail = WALTail(path: wal), !tail.isWhole else { return ([], []) }
    guard tail.isDamaged else {
      return (
        [],
        [
          "\(path)-wal ends with a commit that is not whole, after frame \(tail.frames): a crash interrupted it, or it was the "
            + "last one and is damaged since; resume trains its steps again"
        ]
      )
    }
    // A trainer that commits while this reads looks the same, once.
    Thread.sleep(forTimeInterval: 0.05)
    guard let again = WALTail(path: wal), again.isDamaged, again.frames == tail.frames else { return ([], []) }
    return (
      [
        CheckFinding(
          subject: "the -wal",
          message:
            "it is damaged at frame \(tail.frames + 1): SQLite drops the \(max(tail.lostCommits, 1)) commits from there "
            + "on; resume trains their steps again, what else they held is lost")
      ], []
    )
  }

  private func hasDeadRun(_ db: Database) throws -> Bool {
    try Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE status = 'running'").contains { hold(on: $0) == .free }
  }
}
