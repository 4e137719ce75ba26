import Crypto
import Foundation

/// The digest of a checkpoint: SHA-256 over its tensors, their names and their shapes.
///
/// The tensors are taken in ascending order of (kind, name), compared byte for byte. Of each, the digest takes
/// `kind`, a zero byte, `name`, a zero byte, the shape as JSON without spaces (`[32,1]`), a zero byte, all in UTF-8, and
/// then the values as little-endian float32. This is a public part of the schema and never changes.
public enum CheckpointDigest {
  /// The digest as 64 lower-case hexadecimal digits. The order of `tensors` does not matter.
  public static func sha256(of tensors: [CheckpointTensor]) -> String {
    var hash = SHA256()
    for tensor in tensors.sorted(by: precedes) {
      let head = "\(tensor.kind.rawValue)\0\(tensor.name)\0\(FloatBlob.json(tensor.shape))\0"
      hash.update(data: Data(head.utf8))
      tensor.values.withUnsafeBufferPointer { values in
        FloatBlob.withLittleEndianBytes(values) { hash.update(bufferPointer: $0) }
      }
    }
    return Hexadecimal.text(hash.finalize())
  }

  /// The order of the digest, SQLite's and Python's: by bytes, not by a language's rules.
  private static func precedes(_ a: CheckpointTensor, _ b: CheckpointTensor) -> Bool {
    if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
    return a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
  }
}
