import Foundation

extension NPZFile {
  /// The arrays of a file, in its order, each named as its entry without `.npy`; a forged file may use a name twice.
  ///
  /// An entry is unpacked in small pieces and never beyond the size that its own header justifies; all together may not
  /// pass a quarter of the machine's memory.
  ///
  /// - Parameters:
  ///   - data: the whole file.
  ///   - source: the file's path, for messages.
  ///   - isWanted: which arrays to read, by their names; no others are looked at.
  /// - throws: `ArrayFileError` when the zip is damaged or encrypted, an entry is no array, or an array is not read.
  public static func decode(
    _ data: Data, source: String, isWanted: (String) -> Bool = { _ in true }
  ) throws -> [NamedArray] {
    var arrays: [NamedArray] = []
    var unpacked = 0
    try NPZEntry.forEach(in: data, source: source) { entry in
      guard isWanted(entry.name) else { return }
      let array = try entry.unpack()
      unpacked += array.count
      try MemoryBudget.check(unpacked, subject: "\(source): the arrays up to \(quoted(entry.name))")
      arrays.append(try NPYFile.decode(array, name: entry.name, source: source))
    }
    return arrays
  }

  /// The names of a file's arrays, in its order, as in `decode`.
  ///
  /// - throws: `ArrayFileError` when the zip is damaged, or an entry is no array by its name.
  public static func names(_ data: Data, source: String) throws -> [String] {
    var names: [String] = []
    try NPZEntry.forEach(in: data, source: source) { names.append($0.name) }
    return names
  }

  /// The shapes of the arrays that `isWanted` picks by their names, in the file's order; only their headers are read.
  ///
  /// - throws: `ArrayFileError` when the zip is damaged. What is wrong with one array stands in its own result.
  public static func shapes(
    _ data: Data, source: String, isWanted: (String) -> Bool = { _ in true }
  ) throws -> [(name: String, shape: Result<[Int], any Error>)] {
    var shapes: [(name: String, shape: Result<[Int], any Error>)] = []
    try NPZEntry.forEach(in: data, source: source) { entry in
      guard isWanted(entry.name) else { return }
      shapes.append((entry.name, Result { try entry.shape() }))
    }
    return shapes
  }
}
