import ArrayFiles
import Foundation
import Recurrent

/// Weights as NumPy's zip of arrays (.npz), one `NAME.npy` a tensor; the format itself is `ArrayFiles`' `NPZFile`.
public enum NPZ {
  /// A file with `tensors` in the order given, stored without compression: float32 weights hardly shrink, and the bytes
  /// then depend on nothing but the arguments.
  ///
  /// - throws: `InterchangeError` when two names are equal, a shape does not fit its values, or a value is not finite.
  public static func encode(_ tensors: [NamedTensor]) throws -> Data {
    try TensorCheck.check(tensors)
    return try NPZFile.encode(tensors.map(NamedArray.init))
  }

  /// The arrays of a file, in its order, each named as its entry without `.npy`.
  ///
  /// An entry is unpacked in small pieces and never beyond the size that its own header justifies; all together may not
  /// pass a quarter of the machine's memory.
  ///
  /// - Parameter data: the whole file.
  /// - Parameter source: the file's path, for messages.
  /// - throws: `InterchangeError` when the zip is damaged or encrypted, an entry is no array, an array is not read, two
  ///   have one name, or a value is not finite.
  public static func decode(_ data: Data, source: String) throws -> [NamedTensor] {
    let tensors = try NPZFile.decode(data, source: source).map { try TensorCheck.canonical($0, source: source) }
    try TensorCheck.checkUnique(tensors.map(\.name), source: source)
    return tensors
  }
}
