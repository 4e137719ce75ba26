import Foundation

/// A temporary file that has lost its name: it goes when its last handle closes, however the process ends.
enum NamelessFile {
  /// An empty one for reading and writing, in the system's temporary folder.
  ///
  /// - Throws: `FigureError` when that folder takes no file.
  static func open() throws -> FileHandle {
    let folder = FileManager.default.temporaryDirectory.path
    var template = Array("\(folder)/keepstep-figure-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw FigureError(
        "cannot make a temporary file in \(folder): \(String(cString: strerror(errno)))",
        hint: "TMPDIR names another folder for temporary files")
    }
    unlink(template)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
