import Foundation

extension NPZFile {
  /// The longest comment that is written: libarchive looks for a zip file's end in its last 16 KiB.
  package static let maximalComment = 16_000

  /// The same file with `comment` as the zip file's own, which stands behind its directory.
  ///
  /// No reader of arrays takes it for one: `numpy.load`, MLX and `dict(…)` of either see the arrays alone. Python's
  /// `zipfile.ZipFile(path).comment` and `unzip -z` give it back.
  ///
  /// - precondition: `file` comes from `encode`, and so ends with the length of an empty comment.
  /// - throws: `ArrayFileError` when the comment is longer than `maximalComment`.
  package static func commented(_ file: Data, with comment: Data) throws -> Data {
    guard comment.count <= maximalComment else {
      throw ArrayFileError(
        message: "a comment of \(comment.count) bytes: an npz file takes at most \(maximalComment)",
        hint: "leave something out")
    }
    var commented = file.dropLast(2)
    withUnsafeBytes(of: UInt16(comment.count).littleEndian) { commented.append(contentsOf: $0) }
    return commented + comment
  }
}
