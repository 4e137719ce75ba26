import Crypto

extension Table {
  /// The dataset's name by content: SHA-256, as 64 lowercase hexadecimal digits, over its columns, values and sequences.
  ///
  /// Where the values came from does not matter. The hashed bytes are, in this order, with every number
  /// little-endian:
  ///
  /// | bytes | what |
  /// | --- | --- |
  /// | 17 | `keepstep table 1\n`, ASCII; `… 2\n` where there are several sequences; `… 3\n` where these have names or different lengths, or the rows an index |
  /// | 8 | the number of columns, unsigned |
  /// | 8 + n, for each column | the name's length n in bytes, unsigned; the name in UTF-8 |
  /// | 8 | the number of rows, unsigned |
  /// | 8, unless 1 | the number of sequences, unsigned |
  /// | 8, for each sequence, if 3 | the number of its rows, unsigned |
  /// | 8, if 3 | 1 where the sequences have names, else 0 |
  /// | 8 + n, for each sequence with a name | the name's length n in bytes, unsigned; the name in UTF-8 |
  /// | 8, if 3 | 1 where the rows have an index, else 0 |
  /// | 8 + n, where they do | the index's name, likewise |
  /// | 8 + n, for each row with an index | the label, likewise |
  /// | 4 · rows · columns | the values, float32, row-major |
  ///
  /// It is computed anew at each call, in time proportional to the table's size.
  public var digest: String {
    let version = !isPlain ? 3 : sequenceCount > 1 ? 2 : 1
    var hash = TableHash()
    hash.append("keepstep table \(version)\n".utf8)
    hash.append(columns.count)
    for name in columns { hash.append(text: name) }
    hash.append(rowCount)
    if version > 1 { hash.append(sequenceCount) }
    if version == 3 {
      for length in sequenceLengths { hash.append(length) }
      hash.append(sequenceNames == nil ? 0 : 1)
      for name in sequenceNames ?? [] { hash.append(text: name) }
      hash.append(index == nil ? 0 : 1)
      if let index {
        hash.append(text: index.name)
        for label in index.labels { hash.append(text: label) }
      }
    }
    return hash.finish(with: values)
  }
}

/// SHA-256 over many short pieces, which are gathered so that not each one is a call.
private struct TableHash {
  private static let full = 1 << 16
  private var hash = SHA256()
  private var gathered: [UInt8] = []

  mutating func append(_ bytes: some Sequence<UInt8>) {
    gathered.append(contentsOf: bytes)
    guard gathered.count >= Self.full else { return }
    hash.update(data: gathered)
    gathered.removeAll(keepingCapacity: true)
  }

  mutating func append(_ count: Int) {
    withUnsafeBytes(of: UInt64(count).littleEndian) { append($0) }
  }

  mutating func append(text: String) {
    append(text.utf8.count)
    append(text.utf8)
  }

  mutating func finish(with values: [Float]) -> String {
    hash.update(data: gathered)
    // Swift's platforms are little-endian, so the values in memory are the bytes that the digest is over.
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
