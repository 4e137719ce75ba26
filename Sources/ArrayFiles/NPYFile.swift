import Foundation

/// NumPy's format of one array: a magic number, a header that is a Python literal, and the values.
///
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
public enum NPYFile {
  /// The first bytes of such a file.
  package static let signature = Data([0x93] + Array("NUMPY".utf8))

  /// A file of version 1.0 with the array's values as `<f4` in row-major order; the name is not part of it.
  ///
  /// - throws: `ArrayFileError` when the shape does not fit the values.
  public static func encode(_ array: NamedArray) throws -> Data {
    try array.checkShape()
    var values = Data()
    values.append(littleEndian: array.values)
    return file(descr: "<f4", shape: array.shape, values: values)
  }

  /// A file of one axis with `integers` as `<i8`: numbers of rows, of which float32 has only those below 2^24.
  public static func encode(integers: [Int64]) -> Data {
    var values = Data(capacity: 8 * integers.count)
    for integer in integers { withUnsafeBytes(of: integer.littleEndian) { values.append(contentsOf: $0) } }
    return file(descr: "<i8", shape: [integers.count], values: values)
  }

  /// A file of one axis with `texts` as `<U`, NumPy's texts of one length each, filled up by NUL.
  public static func encode(texts: [String]) -> Data {
    let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
    var values = Data(capacity: 4 * length * texts.count)
    for text in texts {
      for scalar in text.unicodeScalars {
        withUnsafeBytes(of: scalar.value.littleEndian) { values.append(contentsOf: $0) }
      }
      values.append(Data(count: 4 * (length - text.unicodeScalars.count)))
    }
    return file(descr: "<U\(length)", shape: [texts.count], values: values)
  }

  private static func file(descr: String, shape: [Int], values: Data) -> Data {
    let axes = shape.map { "\($0)" }.joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(axes),)" : "(\(axes))"
    var header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(tuple), }"
    // Magic number, version and length take 10 bytes; NumPy pads to a multiple of 64 and ends with a line feed.
    let end = (10 + header.utf8.count + 1 + 63) / 64 * 64
    header += String(repeating: " ", count: end - 10 - header.utf8.count - 1) + "\n"
    var data = signature
    data.append(contentsOf: [1, 0])
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    data.append(values)
    return data
  }

  /// The array that `data` holds, under the name `name`.
  ///
  /// Reads versions 1.0, 2.0 and 3.0, numbers of the types f2, f4, f8, i4 and i8 in both byte orders (all rounded to
  /// float32), row-major and Fortran's order, any number of axes up to 32.
  ///
  /// - Parameter data: the whole file.
  /// - Parameter name: what the array is called.
  /// - Parameter source: the file's path, for messages.
  /// - throws: `ArrayFileError` for anything else: pickled objects, a size other than the header's.
  public static func decode(_ data: Data, name: String, source: String) throws -> NamedArray {
    let header = try header(of: data, name: name, source: source)
    guard data.count == header.fileSize else {
      throw ArrayFileError(
        message: "\(subject(name, source)): shape \(header.shape) of \(header.descr) needs \(header.valueBytes) bytes "
          + "of values, there are \(data.count - header.length)",
        hint: "the file is cut off, damaged or forged")
    }
    var values = data.dropFirst(header.length).withUnsafeBytes {
      header.type.floats($0, bigEndian: header.isBigEndian)
    }
    if header.isFortranOrder { values = rowMajor(values, shape: header.shape) }
    return NamedArray(name: name, shape: header.shape, values: values)
  }

  /// The shape of the array at whose start `data` stands, whether or not its values follow.
  ///
  /// - throws: `ArrayFileError` when that is no array that `decode` reads.
  public static func shape(startOf data: Data, name: String, source: String) throws -> [Int] {
    try header(of: data, name: name, source: source).shape
  }

  private static func header(of data: Data, name: String, source: String) throws -> NPYHeader {
    let subject = subject(name, source)
    guard let header = try NPYHeader(startOf: data, subject: subject) else {
      throw ArrayFileError(
        message: "\(subject): it ends inside its header, after \(data.count) bytes", hint: "the file is cut off")
    }
    return header
  }

  private static func subject(_ name: String, _ source: String) -> String {
    "\(source): array \(quoted(name))"
  }

  /// Values that stand with their first axis fastest, put with their last axis fastest.
  private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
    var strides: [Int] = []
    var stride = 1
    for dimension in shape {
      strides.append(stride)
      stride *= dimension
    }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    return values.indices.map { _ in
      let value = values[place]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= shape[axis] * strides[axis]
        index[axis] = 0
      }
      return value
    }
  }
}
