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
  let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? UInt64 ?? 0
  let memory = ProcessInfo.processInfo.physicalMemory
  // The bytes and the text stand in memory together.
  guard size <= memory / 2 else {
    throw SequenceError(
      "\(path): \(size) bytes are too many to read into the \(memory) bytes of this machine's memory",
      hint: "keep only the columns and rows that you need")
  }
  let data: Data
  do {
    data = try Data(contentsOf: URL(fileURLWithPath: path))
  } catch {
    throw SequenceError("\(path) cannot be read: \(error.localizedDescription)", hint: "see its permissions")
  }
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
