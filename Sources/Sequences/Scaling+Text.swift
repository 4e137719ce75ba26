import Foundation

extension Scaling {
  private struct Form: Decodable {
    let method: Method
    let columns: [Column]
  }

  /// The scaling as JSON text, which a run keeps: `{"columns":[{"name":"co2","offset":340.1,"scale":17.0}],"method":"standard"}`.
  ///
  /// Numbers have as many digits as it takes to read the same ones again.
  public var text: String {
    let columns = self.columns.map { column in
      "{\"name\":\(jsonString(column.name)),\"offset\":\(column.offset),\"scale\":\(column.scale)}"
    }
    return "{\"columns\":[\(columns.joined(separator: ","))],\"method\":\"\(method.rawValue)\"}"
  }

  /// The scaling that `text` holds.
  /// - Throws: `SequenceError` where it is no such text, a column stands twice, or a number cannot be one of a scaling.
  public init(text: String) throws {
    guard let form = try? JSONDecoder().decode(Form.self, from: Data(text.utf8)) else {
      throw SequenceError("the scaling \(quoted(text)) is not one", hint: "it is JSON, as Keepstep writes it")
    }
    if let name = firstRepeated(form.columns.map(\.name)) {
      throw SequenceError("the scaling has two columns \(quoted(name))")
    }
    if let bad = form.columns.first(where: { !$0.offset.isFinite || !$0.scale.isFinite || $0.scale <= 0 }) {
      throw SequenceError(
        "the scaling of column \(quoted(bad.name)) has offset \(bad.offset) and scale \(bad.scale); the scale must be"
          + " above 0, and both finite")
    }
    self.init(method: form.method, columns: form.columns)
  }
}

/// A text as JSON writes it.
private func jsonString(_ text: String) -> String {
  // A single text can always be encoded; what the standard library holds is valid Unicode.
  (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
}
