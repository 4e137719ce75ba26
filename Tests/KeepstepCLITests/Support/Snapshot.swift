import Foundation

/// All that is in a folder, to see that a refused command changed nothing.
///
/// Files are compared by their bytes, databases by their content: SQLite counts its openings for writing in a file's
/// header and keeps free pages for later, which is no change of what is stored.
struct Snapshot: Equatable, CustomStringConvertible {
  private var content: [String: Data] = [:]

  init(_ place: Workplace) throws {
    for case let name as String in FileManager.default.enumerator(atPath: place.folder.path) ?? .init() {
      content[name] = try Self.content(of: name, in: place)
    }
  }

  private static func content(of name: String, in place: Workplace) throws -> Data {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: place.url(name).path, isDirectory: &isFolder)
    if isFolder.boolValue { return Data("folder".utf8) }
    let bytes = try place.data(name)
    guard bytes.starts(with: Data("SQLite format 3".utf8)) else { return bytes }
    return Data(try place.sqlite3("PRAGMA user_version; PRAGMA application_id", ".dump", store: name).utf8)
  }

  var description: String {
    content.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.count) bytes" }.joined(separator: ", ")
  }
}
