import ArrayFiles
import Foundation
import Recurrent

/// A single tensor as a NumPy array (.npy); the format itself is `ArrayFiles`' `NPYFile`.
public enum NPY {
  /// A file of version 1.0 with the tensor's values as `<f4` in row-major order; the name is not part of it.
  ///
  /// - throws: `InterchangeError` when the shape does not fit the values, or a value is not finite.
  public static func encode(_ tensor: NamedTensor) throws -> Data {
    try TensorCheck.check([tensor])
    return try NPYFile.encode(NamedArray(tensor))
  }

  /// The array that `data` holds, under the name `name`.
  ///
  /// Reads versions 1.0, 2.0 and 3.0, numbers of the types f2, f4, f8, i4 and i8 in both byte orders (all rounded to
  /// float32), row-major and Fortran's order, any number of axes up to 32.
  ///
  /// - Parameter data: the whole file.
  /// - Parameter name: what the tensor is called.
  /// - Parameter source: the file's path, for messages.
  /// - throws: `InterchangeError` for anything else: pickled objects, a size other than the header's, a value that is
  ///   not finite.
  public static func decode(_ data: Data, name: String, source: String) throws -> NamedTensor {
    try TensorCheck.canonical(try NPYFile.decode(data, name: name, source: source), source: source)
  }
}

extension NamedArray {
  /// The tensor as a file has it.
  init(_ tensor: NamedTensor) {
    self.init(name: tensor.name, shape: tensor.shape, values: tensor.values)
  }
}
