import Foundation

/// The whole of a file or of a stream.
enum FileBytes {
  /// What messages call the path `-`.
  static let standardInput = "standard input"

  /// The bytes of the file at `path`.
  /// - Throws: `SequenceError` when there is no such file, it is a folder, cannot be read or would not fit in memory.
  static func read(path: String) throws -> Data {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw SequenceError("\(path): no such file", hint: "give the path of a CSV, .npy or .npz file")
    }
    guard !isFolder.boolValue else {
      throw SequenceError("\(path) is a folder, not a file", hint: "give the path of a CSV, .npy or .npz file")
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? UInt64 ?? 0
    guard size <= limit else {
      throw tooLarge(path, "\(size) bytes are too many to read into the \(memory) bytes of this machine's memory")
    }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      return try read(file, size: Int(size), source: path)
    } catch let error as SequenceError {
      throw error
    } catch {
      throw SequenceError("\(path) cannot be read: \(error.localizedDescription)", hint: "see its permissions")
    }
  }

  /// The bytes of a stream, to its end.
  /// - Throws: `SequenceError` when it cannot be read or has no end in sight.
  static func read(stream: FileHandle) throws -> Data {
    do {
      return try read(stream, size: 0, source: standardInput)
    } catch let error as SequenceError {
      throw error
    } catch {
      throw SequenceError("\(standardInput) cannot be read: \(error.localizedDescription)")
    }
  }

  private static let memory = ProcessInfo.processInfo.physicalMemory
  /// The bytes and what is made of them stand in memory together.
  private static let limit = Int(clamping: memory / 2)

  /// Read piece by piece, so that what has no end, a device or a pipe, is told by what has come of it.
  private static func read(_ file: FileHandle, size: Int, source: String) throws -> Data {
    // What has no size yet is taken for a stream, of which less is enough to doubt.
    let most = size > 0 ? limit : min(limit, 1 << 30)
    var data = Data()
    data.reserveCapacity(size)
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      data.append(piece)
      guard data.count <= most else { throw tooLarge(source, "it goes on after \(most) bytes") }
    }
    return data
  }

  private static func tooLarge(_ source: String, _ what: String) -> SequenceError {
    SequenceError("\(source): \(what)", hint: "keep only the columns and rows that you need")
  }
}

/// Checks that `data` is UTF-8.
/// - Throws: `SequenceError` that names the first line that is not.
func requireUTF8(_ data: Data, source: String) throws {
  let isASCII = data.withUnsafeBytes { bytes in bytes.allSatisfy { $0 < 0x80 } }
  guard !isASCII, String(validating: data, as: UTF8.self) == nil else { return }
  throw SequenceError(
    "\(source), line \(firstBadLine(data)): not UTF-8 text",
    hint: "save it as UTF-8, for instance with: iconv -f ISO-8859-1 -t UTF-8")
}

/// The line, from 1, of the first byte that is not UTF-8.
private func firstBadLine(_ data: Data) -> Int {
  var line = 1
  var bytes = data.makeIterator()
  var decoder = UTF8()
  while case .scalarValue(let scalar) = decoder.decode(&bytes) {
    if scalar == "\n" { line += 1 }
  }
  return line
}
