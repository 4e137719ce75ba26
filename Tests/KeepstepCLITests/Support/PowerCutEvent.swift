import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// Something that a process did to the disk, as Fixtures/disk.c has logged it.
enum PowerCutEvent {
  /// A file was opened, or created where no file of that name and inode was.
  case open(name: String, inode: UInt64)
  case write(inode: UInt64, offset: Int, bytes: Data)
  case truncate(inode: UInt64, size: Int)
  /// All that was written to a file is on the disk.
  case sync(inode: UInt64)
  /// All names of the folder are on the disk.
  case syncFolder
  case unlink(name: String)
  case rename(name: String, to: String)
  /// The store lock was given back: what was written under it is acknowledged.
  case acknowledged
}

/// The log of one or more processes at work in one folder.
struct PowerCutLog {
  let file: URL

  /// The environment that makes a process in `place` log what it does to the disk.
  func environment(in place: Workplace) throws -> [String: String] {
    ["LD_PRELOAD": try Self.library.get().path, "DISK_FOLDER": place.folder.path, "DISK_LOG": file.path]
  }

  /// All events, in the order in which they took place.
  ///
  /// - Throws: `Missing` for a log that disk.c did not write.
  func events() throws -> [PowerCutEvent] {
    let bytes = try Data(contentsOf: file)
    var events: [PowerCutEvent] = []
    var at = 0
    while at < bytes.count {
      guard at + 40 <= bytes.count else { throw Missing("the log of the disk is cut off at byte \(at)") }
      let head = (0..<5).map { index in
        bytes.withUnsafeBytes {
          UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: at + 8 * index, as: UInt64.self))
        }
      }
      let nameEnd = at + 40 + Int(head[3])
      let end = nameEnd + Int(head[4])
      guard end <= bytes.count else { throw Missing("the log of the disk is cut off at byte \(at)") }
      let name = String(decoding: bytes[at + 40..<nameEnd], as: UTF8.self)
      events.append(try Self.event(head[0], inode: head[1], offset: Int(head[2]), name, Data(bytes[nameEnd..<end])))
      at = end
    }
    return events
  }

  private static func event(
    _ what: UInt64, inode: UInt64, offset: Int, _ name: String, _ data: Data
  ) throws -> PowerCutEvent {
    switch what {
    case 1: .open(name: name, inode: inode)
    case 2: .write(inode: inode, offset: offset, bytes: data)
    case 3: .truncate(inode: inode, size: offset)
    case 4: .sync(inode: inode)
    case 5: .syncFolder
    case 6: .unlink(name: name)
    case 7: .rename(name: name, to: String(decoding: data, as: UTF8.self))
    case 8: .acknowledged
    default: throw Missing("the log of the disk has an event \(what)")
    }
  }

  /// The library is compiled once, by the clang that Swift brings along.
  private static let library = Result { () throws -> URL in
    let folder = try TestFolders.make("disk")
    let library = folder.appendingPathComponent("disk.so")
    let outcome = try RunningProgram(
      try Binary.system("clang", package: "clang"),
      ["-std=gnu11", "-O1", "-shared", "-fPIC", Repository.fixture("disk.c").path, "-o", library.path, "-ldl"],
      in: folder, environment: Workplace.environment
    ).wait()
    guard outcome.status == 0 else { throw Missing("clang cannot build disk.c: \(outcome.errors)") }
    return library
  }
}
