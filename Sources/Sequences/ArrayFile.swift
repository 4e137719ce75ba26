import ArrayFiles
import Foundation

/// An `.npy` or `.npz` file in memory: its arrays' names and shapes, and their values one array at a time.
struct ArrayFile: Sendable {
  private enum Content {
    /// An .npy file's array has no name; messages say the file's.
    case npy(name: String)
    case npz(names: [String])
  }

  let path: String
  let batchFirst: Bool
  private let data: Data
  private let content: Content

  /// Whether such a file is at `path`, by its first bytes or its extension.
  static func isFound(at path: String) -> Bool {
    let start = BoundedFile.start(path: path, count: 6)
    return isNPZ(start) || start == NPYFile.signature || ["npy", "npz"].contains(pathExtension(path))
  }

  /// Whether `data` begins as such a file does.
  static func isFound(in data: Data) -> Bool {
    isNPZ(data) || data.starts(with: NPYFile.signature)
  }

  private static func isNPZ(_ start: Data) -> Bool {
    start.starts(with: NPZFile.signature) || start.starts(with: NPZFile.emptySignature)
  }

  private static func pathExtension(_ path: String) -> String {
    (path as NSString).pathExtension.lowercased()
  }

  init(path: String, batchFirst: Bool) throws {
    let data = try BoundedFile.read(path: path, hint: "name a CSV, .npy or .npz file")
    try self.init(data: data, path: path, batchFirst: batchFirst)
  }

  /// The file whose bytes are `data`; messages name it as `path`.
  init(data: Data, path: String, batchFirst: Bool) throws {
    self.path = path
    self.batchFirst = batchFirst
    self.data = data
    if Self.isNPZ(data) || (!data.starts(with: NPYFile.signature) && Self.pathExtension(path) == "npz") {
      let names = try NPZFile.names(data, source: path)
      guard !names.isEmpty else {
        throw SequenceError("\(path) holds no arrays", hint: "write it with numpy.savez, naming each array")
      }
      content = .npz(names: names)
    } else {
      content = .npy(name: ((path as NSString).lastPathComponent as NSString).deletingPathExtension)
    }
  }

  /// The names of its arrays, in the file's order.
  var names: [String] {
    switch content {
    case .npy(let name): [name]
    case .npz(let names): names
    }
  }

  /// The one array of an .npy file, whose columns need no array's name.
  var onlyArray: String? {
    if case .npy(let name) = content { name } else { nil }
  }

  /// The layouts of the arrays that are in `wanted`, by their names; no others are looked at. What is wrong with one of
  /// them stands in its place.
  func layouts(of wanted: Set<String>) throws -> [String: Result<ArrayLayout, any Error>] {
    let shapes: [(name: String, shape: Result<[Int], any Error>)] =
      switch content {
      case .npy(let name): [(name, Result { try NPYFile.shape(startOf: data, name: name, source: path) })]
      case .npz: try NPZFile.shapes(data, source: path) { wanted.contains($0) }
      }
    var layouts: [String: Result<ArrayLayout, any Error>] = [:]
    for (name, shape) in shapes {
      let layout = Result {
        try ArrayLayout(shape: shape.get(), batchFirst: batchFirst, subject: "\(path): array \(quoted(name))")
      }
      guard layouts.updateValue(layout, forKey: name) == nil else {
        throw SequenceError("\(path): there are two arrays of the name \(quoted(name))")
      }
    }
    return layouts
  }

  /// The array called `name`, its values not yet checked.
  func array(_ name: String) throws -> NamedArray {
    switch content {
    case .npy: return try NPYFile.decode(data, name: name, source: path)
    case .npz:
      let arrays = try NPZFile.decode(data, source: path) { $0 == name }
      guard let array = arrays.first else { throw SequenceError("\(path): there is no array \(quoted(name))") }
      return array
    }
  }
}
