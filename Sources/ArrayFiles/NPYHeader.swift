import Foundation

/// What an array file says about itself before its values, checked without them.
struct NPYHeader {
  /// The longest header that is read; NumPy's own have 64 or 128 bytes.
  static let maximalLength = 65_536

  /// Bytes from the file's start to its first value.
  let length: Int
  /// The number type as it is written, `<f4`.
  let descr: String
  let type: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Bytes of the values.
  let valueBytes: Int

  /// Bytes of the whole file.
  var fileSize: Int { length + valueBytes }

  /// The header at the start of `data`, or `nil` when `data` ends before it does.
  ///
  /// - throws: `ArrayFileError` when it is no header, or asks for what is not read.
  init?(startOf data: Data, subject: String) throws {
    guard data.prefix(6).elementsEqual(NPYFile.signature.prefix(data.count)) else {
      throw ArrayFileError(
        message: "\(subject): it does not start as a NumPy array (.npy) does",
        hint: "save it with numpy.save or numpy.savez")
    }
    let bytes = [UInt8](data.prefix(12))
    guard bytes.count >= 8 else { return nil }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw ArrayFileError(
        message: "\(subject): its format version is \(bytes[6]).\(bytes[7]), read are 1.0, 2.0 and 3.0")
    }
    // The header's length has 2 bytes in version 1, 4 later.
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else { return nil }
    let textLength = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + textLength <= Self.maximalLength else {
      throw ArrayFileError(
        message: "\(subject): its header has \(textLength) bytes, at most \(Self.maximalLength - start) are read",
        hint: "the file is damaged or forged")
    }
    guard data.count >= start + textLength else { return nil }
    length = start + textLength

    let text = data.dropFirst(start).prefix(textLength)
    guard let fields = NPYFields(text) else {
      throw ArrayFileError(
        message: "\(subject): its header \(quoted(String(decoding: text, as: UTF8.self))) is not one that NumPy writes "
          + "for numbers",
        hint: "arrays of records or objects are not read; save plain float32 arrays")
    }
    descr = fields.descr
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    (type, isBigEndian) = try Self.type(descr, subject: subject)
    let count = try ArrayShape.count(of: shape, subject: subject)
    valueBytes = count * type.size
    // They become float32, which may take more room than they do in the file.
    try MemoryBudget.check(count * max(type.size, 4), subject: "\(subject), shape \(shape) of \(descr)")
  }

  private static func type(_ descr: String, subject: String) throws -> (ElementType, isBigEndian: Bool) {
    let types: [String: ElementType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "i4": .int32, "i8": .int64,
    ]
    guard let order = descr.first, order == "<" || order == ">", let type = types[String(descr.dropFirst())] else {
      let isObject = descr.hasSuffix("O")
      throw ArrayFileError(
        message: "\(subject): its data type is \(quoted(descr))\(isObject ? ", pickled Python objects" : ""), read are "
          + types.keys.sorted().joined(separator: ", ") + " with < or > before",
        hint: isObject
          ? "unpickling could run code; save plain float32 arrays"
          : "convert the array with .astype('<f4') before saving")
    }
    return (type, order == ">")
  }
}
