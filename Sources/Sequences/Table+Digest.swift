import Crypto

extension Table {
  /// The dataset's name by content: SHA-256, as 64 lowercase hexadecimal digits, over its columns, values and sequences.
  ///
  /// Where the values came from does not matter. The hashed bytes are, in this order, with every number
  /// little-endian:
  ///
  /// | bytes | what |
  /// | --- | --- |
  /// | 17 | `keepstep table 1\n`, ASCII; `keepstep table 2\n` where there are several sequences |
  /// | 8 | the number of columns, unsigned |
  /// | 8 + n, for each column | the name's length n in bytes, unsigned; the name in UTF-8 |
  /// | 8 | the number of rows, unsigned |
  /// | 8, where there are several | the number of sequences, unsigned |
  /// | 4 · rows · columns | the values, float32, row-major |
  ///
  /// It is computed anew at each call, in time proportional to the table's size.
  public var digest: String {
    var hash = SHA256()
    hash.update(data: Array("keepstep table \(sequenceCount > 1 ? 2 : 1)\n".utf8))
    update(&hash, with: columns.count)
    for name in columns {
      let bytes = Array(name.utf8)
      update(&hash, with: bytes.count)
      hash.update(data: bytes)
    }
    update(&hash, with: rowCount)
    if sequenceCount > 1 { update(&hash, with: sequenceCount) }
    // Swift's platforms are little-endian, so the values in memory are the bytes that the table above asks for.
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private func update(_ hash: inout SHA256, with count: Int) {
    withUnsafeBytes(of: UInt64(count).littleEndian) { hash.update(bufferPointer: $0) }
  }
}
