import Foundation

/// What a disk holds of one folder's files while processes write them, and what is left of it when the power goes.
///
/// The model is that of a file system that keeps what it has promised, and nothing else:
///
/// - `fsync` and `fdatasync` of a file put all its bytes and its size on the disk.
/// - Of what was written since, any sectors of 512 bytes may be there, in any order: a write may be torn between two
///   sectors, never within one. A file that grew may have grown, with zeros where sectors are missing; one that was cut
///   may be cut or not.
/// - Names belong to the folder: a file's creation, removal or new name may be there or not, each by itself, until `fsync` of
///   the folder. A file without a name is gone, however well it was synced.
/// - A `-shm` is memory. It never survives.
struct PowerCutDisk {
  /// What becomes of that which was not synced.
  enum Unsynced {
    /// It is there: the process died, the machine did not.
    case kept
    case lost
    /// Each sector, size and name by itself is there or not.
    case partly
  }

  private enum Change {
    case write(offset: Int, bytes: Data)
    case truncate(size: Int)
  }

  private enum NameChange {
    case link(name: String, file: Int)
    case unlink(name: String)
  }

  private struct File {
    var synced = Data()
    var pending: [Change] = []
  }

  private static let sector = 512
  private var files: [File] = []
  /// The file that an inode is now; a number is used again when its file is gone.
  private var fileOfInode: [UInt64: Int] = [:]
  private var names: [String: Int] = [:]
  private var syncedNames: [String: Int] = [:]
  private var pendingNames: [NameChange] = []

  /// A disk that holds these files, all synced.
  init(_ content: [String: Data] = [:]) {
    for (name, bytes) in content {
      names[name] = files.count
      files.append(File(synced: bytes))
    }
    syncedNames = names
  }

  mutating func apply(_ event: PowerCutEvent) {
    switch event {
    case .open(let name, let inode): open(name, inode)
    case .write(let inode, let offset, let bytes): change(inode, .write(offset: offset, bytes: bytes))
    case .truncate(let inode, let size): change(inode, .truncate(size: size))
    case .sync(let inode):
      guard let file = fileOfInode[inode] else { return }
      files[file].synced = content(of: files[file]) { true }
      files[file].pending = []
    case .syncFolder:
      syncedNames = names
      pendingNames = []
    case .unlink(let name):
      if let file = names.removeValue(forKey: name) { fileOfInode = fileOfInode.filter { $0.value != file } }
      pendingNames.append(.unlink(name: name))
    case .rename(let name, let newName):
      guard let file = names.removeValue(forKey: name) else { return }
      names[newName] = file
      pendingNames += [.link(name: newName, file: file), .unlink(name: name)]
    case .acknowledged: break
    }
  }

  private mutating func open(_ name: String, _ inode: UInt64) {
    if let file = names[name] {
      // A file of the beginning shows its inode when it is opened first.
      fileOfInode[inode] = file
      return
    }
    fileOfInode[inode] = files.count
    names[name] = files.count
    pendingNames.append(.link(name: name, file: files.count))
    files.append(File())
  }

  private mutating func change(_ inode: UInt64, _ change: Change) {
    guard let file = fileOfInode[inode] else { return }
    files[file].pending.append(change)
  }

  // MARK: - The power goes

  /// The files that are there after the power went.
  func remains(_ unsynced: Unsynced, using random: inout SeededRandom) -> [String: Data] {
    // Sometimes most survives, sometimes nearly nothing.
    let share = Double.random(in: 0...1, using: &random)
    func survives() -> Bool {
      switch unsynced {
      case .kept: true
      case .lost: false
      case .partly: Double.random(in: 0..<1, using: &random) < share
      }
    }
    var names = syncedNames
    for change in pendingNames where survives() {
      switch change {
      case .link(let name, let file): names[name] = file
      case .unlink(let name): names[name] = nil
      }
    }
    var remains: [String: Data] = [:]
    for (name, file) in names.sorted(by: { $0.key < $1.key }) where !name.hasSuffix("-shm") {
      remains[name] = content(of: files[file], survives)
    }
    return remains
  }

  private func content(of file: File, _ survives: () -> Bool) -> Data {
    var bytes = file.synced
    for change in file.pending {
      switch change {
      case .truncate(let size):
        if survives() { Self.resize(&bytes, to: size) }
      case .write(let offset, let data):
        var start = offset
        while start < offset + data.count {
          let end = min((start / Self.sector + 1) * Self.sector, offset + data.count)
          if survives() {
            Self.put(data[data.startIndex + start - offset..<data.startIndex + end - offset], at: start, in: &bytes)
          }
          start = end
        }
      }
    }
    return bytes
  }

  private static func put(_ piece: Data, at offset: Int, in bytes: inout Data) {
    if bytes.count < offset + piece.count { resize(&bytes, to: offset + piece.count) }
    bytes.replaceSubrange(offset..<offset + piece.count, with: piece)
  }

  private static func resize(_ bytes: inout Data, to size: Int) {
    if bytes.count > size {
      bytes.removeLast(bytes.count - size)
    } else {
      bytes.append(Data(count: size - bytes.count))
    }
  }
}
