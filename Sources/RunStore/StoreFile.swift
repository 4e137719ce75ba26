import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The database file as the file system shows it. Looks at it with `stat` and `access` alone: opening and closing
/// the file outside SQLite would drop SQLite's own locks on it.
struct StoreFile {
  /// As the user wrote it, for messages.
  let path: String
  /// From the root and without symbolic links, as SQLite finds it: so that no later change of the working folder and no
  /// "file:" in front leads elsewhere, and all names of a store lead to one lock file.
  let absolutePath: String
  /// Did somebody insist on a network file system?
  let allowsNetworkFileSystem: Bool

  init(path: String, allowsNetworkFileSystem: Bool) {
    self.path = path
    self.allowsNetworkFileSystem = allowsNetworkFileSystem
    absolutePath = Self.resolved(URL(fileURLWithPath: path).path)
  }

  /// Follows the links of the path's folder, and those of its last name even where they lead to nothing yet.
  private static func resolved(_ path: String) -> String {
    var url = URL(fileURLWithPath: path)
    // As many links as the system itself follows.
    for _ in 0..<40 {
      guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: url.path) else { break }
      url = URL(fileURLWithPath: target, relativeTo: url.deletingLastPathComponent())
    }
    guard let folder = realpath(url.deletingLastPathComponent().path, nil) else { return url.path }
    defer { free(folder) }
    return URL(fileURLWithPath: String(cString: folder)).appendingPathComponent(url.lastPathComponent).path
  }

  /// What a first look at a database finds.
  enum Content {
    case empty, store
  }

  var exists: Bool { size(of: absolutePath) != nil }
  var walSize: Int? { size(of: absolutePath + "-wal") }
  var hasRollbackJournal: Bool { size(of: absolutePath + "-journal") != nil }
  var folder: String { URL(fileURLWithPath: absolutePath).deletingLastPathComponent().path }
  var isFolderWritable: Bool { Self.refusal(folder, W_OK) == nil }
  var hasLockFile: Bool { size(of: StoreLock.path(of: absolutePath)) != nil }

  /// Why the system refuses access to a path, or `nil` when it does not.
  private static func refusal(_ path: String, _ mode: Int32) -> String? {
    access(path, mode) == 0 ? nil : String(cString: strerror(errno))
  }

  private func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Refuses what cannot be read: nothing there, a folder, no permission.
  func requireReadable() throws {
    guard exists else {
      throw StoreError(
        .missing, "there is no store at \(path)", hint: "keepstep train creates one; --store names another")
    }
    try requireFile()
    try requireLocalFileSystem()
    if let reason = Self.refusal(absolutePath, R_OK) {
      throw StoreError(.database, "cannot read \(path): \(reason)", hint: permissionHint)
    }
  }

  /// Refuses what cannot be written or created: no folder to lie in, a read-only file or folder.
  func requireWritable() throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw StoreError(
        .missing, "cannot create \(path): there is no folder \(folder)", hint: "create the folder, or choose another")
    }
    if exists { try requireFile() }
    try requireLocalFileSystem()
    if exists {
      if let reason = Self.refusal(absolutePath, R_OK | W_OK) {
        throw StoreError(.database, "cannot write \(path): \(reason)", hint: permissionHint)
      }
    }
    // SQLite needs to create its -wal beside the file.
    if let reason = Self.refusal(folder, W_OK) {
      throw StoreError(
        .database, "cannot write \(path): its folder \(folder) cannot be written: \(reason)", hint: permissionHint)
    }
  }

  /// Refuses a store that other machines may reach, as SQLite's shared memory does not.
  private func requireLocalFileSystem() throws {
    guard !allowsNetworkFileSystem, let fileSystem = FileSystem.of(exists ? absolutePath : folder), fileSystem.isNetwork
    else { return }
    throw StoreError(
      .database,
      "\(path) lies on a network file system, \(fileSystem.name): SQLite's locks and shared memory do not reach from one "
        + "machine to another, and two that open the store at once would damage it",
      hint: "keep the store on a local disk, and copy it when its runs have ended; where no other machine opens it, "
        + "--allow-network-filesystem or KEEPSTEP_ALLOW_NETWORK_FILESYSTEM=1 insists")
  }

  private var permissionHint: String { "change the permissions, or choose another store" }

  private func requireFile() throws {
    var status = stat()
    guard stat(absolutePath, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(.notAStore, "\(path) is a folder or a device, not a store", hint: "name a file")
    }
    try requireOneName(status)
  }

  /// Refuses a file with hard links. SQLite's `-wal` and the lock file stand beside one of its names: under another the
  /// newest commits are missing, and two trainers under two names would not know of each other
  /// (<https://www.sqlite.org/howtocorrupt.html>, 2.4).
  private func requireOneName(_ status: stat) throws {
    guard status.st_nlink > 1, !(status.st_nlink == 2 && isDraft(status)) else { return }
    throw StoreError(
      .notAStore,
      "\(path) is one of \(status.st_nlink) names of one file (hard links); its newest commits and its locks belong to "
        + "one of the names, and a store used under two of them is damaged",
      hint: "`find FOLDER -samefile \(path)` finds the others: remove all but the one that it was trained under; "
        + "where a second store was meant, `keepstep backup` makes one, and a symbolic link is a name that does no harm"
    )
  }

  /// Is the file's other name that of a `RecoveryDraft`, which was killed between giving the file its name and removing
  /// the draft's? Nobody opens that one.
  private func isDraft(_ status: stat) -> Bool {
    var draft = stat()
    return stat(absolutePath + "-partial", &draft) == 0
      && (draft.st_dev, draft.st_ino) == (status.st_dev, status.st_ino)
  }

  /// Looks at an existing file without a lock and without a trace, and refuses another program's database.
  ///
  /// Immutable access sees the main file only. While the newest state is still in the `-wal` that may be `empty`, but
  /// never another program's: a store's first transaction writes its `application_id` together with its tables. And while
  /// the `-wal` is being folded into it, or when a process died doing so, the main file by itself is malformed.
  func firstLook() throws -> Content {
    try inspecting {
      let hadWAL = walSize != nil
      do {
        let queue = try DatabaseQueue(path: immutableURI, configuration: Self.configuration(.reading))
        defer { try? queue.close() }
        return try queue.read(content)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT && (hadWAL || walSize != nil) {
        return .empty
      } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB && journalIsOfAnEmptyDatabase {
        return .empty
      }
    }
  }

  /// When the power goes while a store's first page is being written, the file may have grown without its header. Then
  /// the journal beside it says that the database had no page before, and whoever may write makes it empty again.
  ///
  /// The journal's head is eight bytes of magic, a count and a nonce, and at byte 16 the database's size in pages before
  /// (<https://www.sqlite.org/fileformat2.html#the_rollback_journal>). SQLite locks no journal, so it may be read.
  private var journalIsOfAnEmptyDatabase: Bool {
    let journal = absolutePath + "-journal"
    var status = stat()
    guard stat(journal, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let head = try? FileHandle(forReadingFrom: URL(fileURLWithPath: journal)).read(upToCount: 28), head.count == 28
    else { return false }
    let magic: [UInt8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
    return head.prefix(8).elementsEqual(magic) && head.dropFirst(16).prefix(4).allSatisfy { $0 == 0 }
  }

  /// What an open database is; refuses another program's, and a newer version's store.
  func content(of db: Database) throws -> Content {
    let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard applicationID != Migrations.applicationID else {
      guard version <= Migrations.currentVersion else {
        throw StoreError(
          .newerStore,
          "\(path) is a store of version \(version); this program knows versions up to \(Migrations.currentVersion)",
          hint: "use a newer Keepstep")
      }
      return .store
    }
    let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard applicationID == 0, version == 0, objects == 0 else {
      throw StoreError(
        .notAStore,
        "\(path) is another program's database (application_id \(applicationID), \(objects) tables and indexes; "
          + "a store has application_id \(Migrations.applicationID))",
        hint: "choose another store")
    }
    return .empty
  }

  /// A store has a rollback journal only until it is made, before its first commit. When the power goes then, the journal's
  /// removal may not have reached the disk, and a reader may not roll it back.
  private var hotJournal: StoreError {
    guard (size(of: absolutePath) ?? 0) <= 65_536 else {
      return StoreError(
        .database, "\(path) was left in the middle of a write by another program: there is \(path)-journal",
        hint: "open it once with sqlite3, which rolls that back")
    }
    return StoreError(
      .notAStore, "\(path) is empty, not a store: it was being made when the power went",
      hint: "keepstep train makes it one; --store names another")
  }

  /// Runs `body` and gives SQLite's errors the words of someone who looks at a file for the first time.
  func inspecting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw StoreError(.notAStore, "\(path) is not a SQLite database", hint: "choose another store")
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
      throw hotJournal
    } catch {
      throw StoreError.wrapping(error, "open", path: path)
    }
  }

  /// Reads the main file alone: no locks, no `-wal`, no `-shm`.
  var immutableURI: String {
    let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "?#%"))
    let escaped = absolutePath.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolutePath
    return "file://\(escaped)?immutable=1"
  }
}
