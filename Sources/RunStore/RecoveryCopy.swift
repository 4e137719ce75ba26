import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A private copy of a damaged store that SQLite can read: the commits of its `-wal` are folded in, and its first page,
/// with the header and the schema, is made anew. The store itself is only read.
struct RecoveryCopy {
  /// The tables, and where they begin.
  private(set) var schema: RecoverySchema
  /// What was found about the file as a whole.
  private(set) var notes: [String] = []
  /// Whether commits are lost, beyond what can be told by rows.
  private(set) var hasLostCommits = false
  /// Its size.
  private(set) var bytes = 0

  private let file: StoreFile
  private let copy: StoreFile
  private var pageSize = RecoverySchema.pageSize

  /// Makes the copy at `path`.
  ///
  /// - throws: `StoreError` when the store cannot be read at all, is another program's, or the copy cannot be written.
  init(of file: StoreFile, at path: String) throws {
    self.file = file
    copy = StoreFile(path: path, allowsNetworkFileSystem: true)
    schema = try RecoverySchema()
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw unwritable() }
    defer { close(descriptor) }
    try copyFile(to: descriptor)
    try foldWAL(into: descriptor)
    try renewFirstPage(descriptor, try lookAtSchema())
  }

  /// Opens it for reading.
  func queue() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.prepareDatabase { db in
      // Of StoreDefences only this: the others have SQLite refuse a whole page for one damaged cell. No function of a
      // schema can be called either: rows are read by a schema of our own, which has none.
      try db.execute(sql: "PRAGMA mmap_size = 0")
    }
    return try DatabaseQueue(path: copy.immutableURI, configuration: configuration)
  }

  // MARK: - The file

  private mutating func copyFile(to descriptor: Int32) throws {
    let source = open(file.absolutePath, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else {
      throw StoreError(.database, "cannot read \(file.path): \(String(cString: strerror(errno)))")
    }
    defer { close(source) }
    let size = Int(lseek(source, 0, SEEK_END))
    var unreadable = 0
    var offset = 0
    while offset < size {
      let length = min(1 << 20, size - offset)
      if let data = Self.read(source, offset, length) {
        try write(data, to: descriptor, at: offset)
      } else {
        for page in stride(from: offset, to: offset + length, by: 4096) {
          let part = min(4096, size - page)
          if Self.read(source, page, part) == nil { unreadable += part }
          try write(Self.read(source, page, part) ?? Data(count: part), to: descriptor, at: page)
        }
      }
      offset += length
    }
    if unreadable > 0 { notes.append("the disk does not give back \(unreadable) bytes of the file") }
  }

  private mutating func foldWAL(into descriptor: Int32) throws {
    guard let size = file.walSize, size > 0 else { return }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file.absolutePath + "-wal")),
      let wal = RecoveryWAL(data)
    else {
      // SQLite leaves a -wal of zeros where it had begun none.
      notes.append("the header of the -wal is damaged: what was committed since it was last folded in is lost")
      hasLostCommits = true
      return
    }
    if wal.damagedFrames > 0 {
      notes.append(
        "the -wal ends with \(wal.damagedFrames) damaged or unfinished pages: what was committed with them is lost")
      hasLostCommits = true
    }
    guard !wal.pages.isEmpty else { return }
    pageSize = wal.pageSize
    for (page, offset) in wal.pages where page > 0 && page <= wal.pageCount {
      try write(wal.content(at: offset), to: descriptor, at: (Int(page) - 1) * pageSize)
    }
    if ftruncate(descriptor, off_t(wal.pageCount * pageSize)) != 0 { throw unwritable() }
  }

  private static func read(_ descriptor: Int32, _ offset: Int, _ length: Int) -> Data? {
    var data = Data(count: length)
    let count = data.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, length, off_t(offset)) }
    return count == length ? data : nil
  }

  private func write(_ data: Data, to descriptor: Int32, at offset: Int) throws {
    try data.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = pwrite(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written, off_t(offset + written))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw unwritable() }
        written += count
      }
    }
  }

  private func unwritable() -> StoreError {
    StoreError(
      .database, "cannot write \(copy.path): \(String(cString: strerror(errno)))",
      hint: "recovering needs the room of two copies of the store beside the new one")
  }

  // MARK: - The schema

  /// What SQLite reads of the schema as it is; `nil` where it reads too little.
  private func lookAtSchema() throws -> (pageSize: Int, roots: [String: Int])? {
    guard let queue = try? queue() else { return nil }
    defer { try? queue.close() }
    let names = Set(schema.tables.map(\.name))
    let found = try? queue.read { db in
      (
        try Row.fetchAll(db, sql: "SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"),
        try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0, try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      )
    }
    guard let (rows, pageSize, applicationID) = found else { return nil }
    var roots: [String: Int] = [:]
    for row in rows {
      if let name = try? row.text(0), names.contains(name) { roots[name] = try? row.int(1) }
    }
    if roots.isEmpty, applicationID != Migrations.applicationID, !rows.isEmpty {
      throw StoreError(
        .notAStore, "\(file.path) is another program's database: none of its \(rows.count) tables is a store's",
        hint: "choose another store")
    }
    return 2 * roots.count >= names.count ? (pageSize, roots) : nil
  }

  private mutating func renewFirstPage(_ descriptor: Int32, _ layout: (pageSize: Int, roots: [String: Int])?) throws {
    if let layout {
      pageSize = layout.pageSize
      // One root elsewhere is a flipped bit; most of them elsewhere, and somebody had SQLite rebuild the file.
      let moved = schema.tables.filter { layout.roots[$0.name] != $0.rootPage }
      if 2 * moved.count > schema.tables.count {
        for index in schema.tables.indices {
          schema.tables[index].rootPage = layout.roots[schema.tables[index].name] ?? schema.tables[index].rootPage
        }
      } else if !moved.isEmpty {
        notes.append("the schema is damaged; its tables are where they are in every store")
      }
    } else {
      notes.append("the header or the schema is damaged; the tables are where they are in every store")
    }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    // A file that ends within a page, or before a table begins, is filled up with zeros.
    let pages = max((size + pageSize - 1) / pageSize, schema.tables.map(\.rootPage).max() ?? 1)
    bytes = pages * pageSize
    if ftruncate(descriptor, off_t(bytes)) != 0 { throw unwritable() }
    try write(try schema.firstPage(pageSize: pageSize, pageCount: pages), to: descriptor, at: 0)
  }
}
