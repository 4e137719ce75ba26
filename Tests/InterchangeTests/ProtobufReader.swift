import Foundation
import Testing

/// A message of Protocol Buffers, read apart from the library's writer: its fields in the order of the bytes.
struct ProtobufReader {
  enum Value: Equatable {
    case integer(Int)
    case bytes(Data)
  }

  private(set) var fields: [(number: Int, value: Value)] = []

  init(_ data: Data) throws {
    var rest = data
    func varint() throws -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 70, by: 7) {
        let next = rest.popFirst()
        let byte = try #require(next, "the message is cut off")
        value |= UInt64(byte & 0x7f) << UInt64(shift)
        if byte < 0x80 { return value }
      }
      throw CocoaError(.coderReadCorrupt)
    }
    while !rest.isEmpty {
      let key = try varint()
      let number = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append((number, .integer(Int(truncatingIfNeeded: try varint()))))
      default:
        try #require(key & 7 == 2, "wire type \(key & 7)")
        let count = Int(try varint())
        try #require(count <= rest.count, "a field is longer than the message")
        fields.append((number, .bytes(Data(rest.prefix(count)))))
        rest = rest.dropFirst(count)
      }
    }
  }

  func integers(_ number: Int) -> [Int] {
    fields.compactMap { field in
      guard field.number == number, case .integer(let value) = field.value else { return nil }
      return value
    }
  }

  func bytes(_ number: Int) -> [Data] {
    fields.compactMap { field in
      guard field.number == number, case .bytes(let value) = field.value else { return nil }
      return value
    }
  }

  func texts(_ number: Int) -> [String] { bytes(number).map { String(decoding: $0, as: UTF8.self) } }

  func messages(_ number: Int) throws -> [ProtobufReader] { try bytes(number).map { try ProtobufReader($0) } }

  /// Of nested messages, one of each: `message(1, 2)` is the field 2 of the field 1.
  func message(_ path: Int...) throws -> ProtobufReader {
    try path.reduce(self) { try #require($0.messages($1).first) }
  }
}

/// What an ONNX file holds, as `onnx.proto` numbers it.
struct ONNXFile {
  struct Tensor: Equatable {
    var name: String
    var shape: [Int]
    var elementType: Int
    var data: Data
  }

  struct Value: Equatable {
    var name: String
    /// Lengths, or names of axes that have any length.
    var axes: [String]
  }

  struct Node {
    var operation: String
    var inputs: [String]
    var outputs: [String]
    var attributes: [String: ProtobufReader]
  }

  struct Graph {
    var nodes: [Node]
    var constants: [Tensor]
    var inputs: [Value]
    var outputs: [Value]

    init(_ message: ProtobufReader) throws {
      nodes = try message.messages(1).map { node in
        let attributes = try node.messages(5).map { (try #require($0.texts(1).first), $0) }
        return Node(
          operation: try #require(node.texts(4).first), inputs: node.texts(1), outputs: node.texts(2),
          attributes: Dictionary(attributes) { first, _ in first })
      }
      constants = try message.messages(5).map { tensor in
        Tensor(
          name: try #require(tensor.texts(8).first), shape: tensor.integers(1),
          elementType: try #require(tensor.integers(2).first), data: try #require(tensor.bytes(9).first))
      }
      inputs = try message.messages(11).map(Self.value)
      outputs = try message.messages(12).map(Self.value)
    }

    private static func value(_ message: ProtobufReader) throws -> Value {
      try #require(try message.message(2, 1).integers(1) == [1], "no float32")
      let axes = try message.message(2, 1, 2).messages(1)
      return Value(
        name: try #require(message.texts(1).first),
        axes: axes.flatMap { $0.integers(1).map(String.init) + $0.texts(2) })
    }

    func constant(_ name: String) throws -> Tensor { try #require(constants.first { $0.name == name }) }
  }

  let version: Int
  let opset: Int
  let metadata: [[String]]
  let graph: Graph

  init(_ data: Data) throws {
    let model = try ProtobufReader(data)
    version = try #require(model.integers(1).first)
    opset = try #require(try model.message(8).integers(2).first)
    metadata = try model.messages(14).map { $0.texts(1) + $0.texts(2) }
    graph = try Graph(try model.message(7))
  }
}
