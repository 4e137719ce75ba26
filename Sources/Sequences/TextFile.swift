import Foundation

/// The whole of a UTF-8 file.
/// - Throws: `SequenceError` when there is no such file, it is a folder, cannot be read, would not fit in memory or
///   is not UTF-8.
func readText(path: String) throws -> String {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
    throw SequenceError("\(path): no such file", hint: "give the path of a CSV, .npy or .npz file")
  }
  guard !isFolder.boolValue else {
    throw SequenceError("\(path) is a folder, not a file", hint: "give the path of a CSV, .npy or .npz file")
  }
  let data = try readBytes(path: path)
  guard let text = String(validating: data, as: UTF8.self) else {
    throw SequenceError(
      "\(path), line \(firstBadLine(data)): not UTF-8 text",
      hint: "save it as UTF-8, for instance with: iconv -f ISO-8859-1 -t UTF-8")
  }
  return text
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

/// The bytes of a file, read piece by piece, so that one without an end, a device or a pipe, is told by what has come of it.
private func readBytes(path: String) throws -> Data {
  // The bytes and the text stand in memory together.
  let memory = ProcessInfo.processInfo.physicalMemory
  let limit = Int(clamping: memory / 2)
  let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? UInt64 ?? 0
  guard size <= limit else {
    throw tooLarge(path, "\(size) bytes are too many to read into the \(memory) bytes of this machine's memory")
  }
  // What has no size yet is taken for a stream, of which less is enough to doubt.
  let most = size > 0 ? limit : min(limit, 1 << 30)
  var data = Data()
  do {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    data.reserveCapacity(Int(size))
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      data.append(piece)
      guard data.count <= most else { throw tooLarge(path, "it goes on after \(most) bytes") }
    }
  } catch let error as SequenceError {
    throw error
  } catch {
    throw SequenceError("\(path) cannot be read: \(error.localizedDescription)", hint: "see its permissions")
  }
  return data
}

private func tooLarge(_ path: String, _ what: String) -> SequenceError {
  SequenceError("\(path): \(what)", hint: "keep only the columns and rows that you need")
}
