import Foundation

/// An array of float32.
struct NumPyArray {
  var name: String
  /// Row-major.
  var values: [Float]
  var shape: [Int]

  /// The same with the first two axes of three swapped.
  var swapped: NumPyArray {
    let (a, b, c) = (shape[0], shape[1], shape[2])
    var swapped: [Float] = []
    for j in 0..<b {
      for i in 0..<a {
        let first = (i * b + j) * c
        swapped += values[first..<first + c]
      }
    }
    return NumPyArray(name: name, values: swapped, shape: [b, a, c])
  }

  /// A part of the first axis.
  func part(_ range: Range<Int>) -> NumPyArray {
    let size = shape.dropFirst().reduce(1, *)
    return NumPyArray(
      name: name, values: Array(values[range.lowerBound * size..<range.upperBound * size]),
      shape: [range.count] + shape.dropFirst())
  }
}

/// Files as `numpy.save` and `numpy.savez` write them.
enum NumPyFile {
  /// An `.npy` file, version 1.0.
  static func npy(_ array: NumPyArray) -> Data {
    let shape = array.shape.map { "\($0), " }.joined()
    let fields = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
    let padding = 64 - (10 + fields.utf8.count + 1) % 64
    let header = Data((fields + String(repeating: " ", count: padding) + "\n").utf8)
    var file = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    file += bytes(UInt16(header.count)) + header
    for value in array.values { file += bytes(value.bitPattern) }
    return file
  }

  /// An `.npz` file: a zip file of `.npy` files that are not compressed.
  static func npz(_ arrays: [NumPyArray]) -> Data {
    var (file, directory) = (Data(), Data())
    for array in arrays {
      let (content, name) = (npy(array), Data("\(array.name).npy".utf8))
      let size = bytes(UInt32(content.count))
      // Version 2.0, no flags, stored, 1980-01-01; then the checksum, both sizes and the lengths of name and extra field.
      let facts = Data([20, 0, 0, 0, 0, 0, 0, 0, 33, 0]) + bytes(crc32(content)) + size + size
      let lengths = bytes(UInt16(name.count)) + bytes(UInt16(0))
      directory += bytes(UInt32(0x0201_4B50)) + Data([20, 0]) + facts + lengths + Data(count: 10)
      directory += bytes(UInt32(file.count)) + name
      file += bytes(UInt32(0x0403_4B50)) + facts + lengths + name + content
    }
    let count = bytes(UInt16(arrays.count))
    let end = bytes(UInt32(0x0605_4B50)) + Data(count: 4) + count + count
    return file + directory + end + bytes(UInt32(directory.count)) + bytes(UInt32(file.count)) + Data(count: 2)
  }

  private static func bytes(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }

  private static func crc32(_ data: Data) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }
}
