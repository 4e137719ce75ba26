import Foundation
import Recurrent

/// Weights as text, for spreadsheets and other programs. Every number is the shortest that reads back as the same
/// float32.
enum WeightText {
  /// A line a value: `name,row,column,value`, in row-major order.
  ///
  /// `column` is the index along the last axis, `row` the place among all others (0 for a vector).
  ///
  /// - throws: `InterchangeError` when a tensor is not fit to be written (`TensorCheck.check`).
  static func csv(_ tensors: [NamedTensor]) throws -> Data {
    try TensorCheck.check(tensors)
    var text = "name,row,column,value\n"
    for tensor in tensors {
      let name = CSVCell.text(tensor.name)
      let columns = tensor.shape.last ?? 1
      for (index, value) in tensor.values.enumerated() {
        text += "\(name),\(index / columns),\(index % columns),\(value)\n"
      }
    }
    return Data(text.utf8)
  }

  /// `{"metadata": {…}, "tensors": {"W_xh": {"shape": [1, 32], "data": [[…]]}, …}}`, metadata sorted by key, tensors in
  /// their order, `data` nested as the shape.
  ///
  /// - throws: `InterchangeError` when a tensor is not fit to be written (`TensorCheck.check`).
  static func json(_ tensors: [NamedTensor], metadata: [String: String]) throws -> Data {
    try TensorCheck.check(tensors)
    let texts = try metadata.sorted { $0.key < $1.key }.map { "    \(try string($0.key)): \(try string($0.value))" }
    let members = try tensors.map { tensor in
      let data = nested(tensor.values[...], shape: tensor.shape[...])
      return "    \(try string(tensor.name)): {\"shape\": \(tensor.shape), \"data\": \(data)}"
    }
    return Data("{\n  \"metadata\": \(object(texts)),\n  \"tensors\": \(object(members))\n}\n".utf8)
  }

  private static func object(_ members: [String]) -> String {
    members.isEmpty ? "{}" : "{\n" + members.joined(separator: ",\n") + "\n  }"
  }

  private static func string(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }

  private static func nested(_ values: ArraySlice<Float>, shape: ArraySlice<Int>) -> String {
    guard let first = shape.first else { return values.first.map { "\($0)" } ?? "" }
    let size = values.count / first
    let parts = (0..<first).map { index in
      let start = values.startIndex + index * size
      return nested(values[start..<start + size], shape: shape.dropFirst())
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }
}
