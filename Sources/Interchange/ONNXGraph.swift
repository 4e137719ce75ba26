import ArrayFiles
import Foundation
import Recurrent

/// A graph of ONNX that is being built: operators in the order in which they run, and what they read and hand out.
///
/// Field numbers are those of `onnx.proto` (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>).
struct ONNXGraph {
  private let name: String
  private var nodes: [ProtobufMessage] = []
  private var initializers: [ProtobufMessage] = []
  private var inputs: [ProtobufMessage] = []
  private var outputs: [ProtobufMessage] = []

  init(name: String) {
    self.name = name
  }

  /// An input of float32 with these axes.
  mutating func input(_ name: String, _ axes: [ONNXAxis]) {
    inputs.append(Self.value(name, axes))
  }

  /// An output of float32 with these axes.
  mutating func output(_ name: String, _ axes: [ONNXAxis]) {
    outputs.append(Self.value(name, axes))
  }

  /// A constant of a tensor's name; of an input's name, it is what the input has when nothing is given.
  mutating func constant(_ tensor: NamedTensor) -> String {
    var values = Data(capacity: 4 * tensor.values.count)
    values.append(littleEndian: tensor.values)
    addConstant(tensor.name, shape: tensor.shape, elementType: ONNXElement.float32, values)
    return tensor.name
  }

  /// A constant vector of float64.
  mutating func constant(_ name: String, _ numbers: [Double]) -> String {
    addConstant(
      name, shape: [numbers.count], elementType: ONNXElement.float64, Self.bytes(numbers.map { $0.bitPattern }))
    return name
  }

  /// A constant vector of int64, as operators take axes and shapes.
  mutating func constant(_ name: String, _ integers: [Int]) -> String {
    addConstant(
      name, shape: [integers.count], elementType: ONNXElement.int64, Self.bytes(integers.map { Int64($0) }))
    return name
  }

  private static func bytes(_ numbers: [some FixedWidthInteger]) -> Data {
    numbers.map(\.littleEndian).withUnsafeBytes { Data($0) }
  }

  private mutating func addConstant(_ name: String, shape: [Int], elementType: Int, _ values: Data) {
    var tensor = ProtobufMessage()
    tensor.add(1, shape)
    tensor.add(2, elementType)
    tensor.add(8, name)
    tensor.add(9, values)
    initializers.append(tensor)
  }

  /// An operator; an input or output without a name is left out.
  mutating func add(_ operation: String, _ inputs: [String], to outputs: [String], _ attributes: [ONNXAttribute] = []) {
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    for output in outputs { node.add(2, output) }
    node.add(4, operation)
    for attribute in attributes { node.add(5, attribute.message) }
    nodes.append(node)
  }

  /// An operator with one output, whose name is returned.
  mutating func add(
    _ operation: String, _ inputs: [String], to output: String, _ attributes: [ONNXAttribute] = []
  ) -> String {
    add(operation, inputs, to: [output], attributes)
    return output
  }

  /// `GraphProto`.
  var message: ProtobufMessage {
    var graph = ProtobufMessage()
    for node in nodes { graph.add(1, node) }
    graph.add(2, name)
    for initializer in initializers { graph.add(5, initializer) }
    for input in inputs { graph.add(11, input) }
    for output in outputs { graph.add(12, output) }
    return graph
  }

  /// `ValueInfoProto` of a tensor of float32.
  private static func value(_ name: String, _ axes: [ONNXAxis]) -> ProtobufMessage {
    var shape = ProtobufMessage()
    for axis in axes { shape.add(1, axis.message) }
    var tensor = ProtobufMessage()
    tensor.add(1, ONNXElement.float32)
    tensor.add(2, shape)
    var type = ProtobufMessage()
    type.add(1, tensor)
    var value = ProtobufMessage()
    value.add(1, name)
    value.add(2, type)
    return value
  }
}

/// What numbers a tensor holds: `TensorProto.DataType`.
enum ONNXElement {
  static let float32 = 1
  static let int64 = 7
  static let float64 = 11
}

/// An axis of an input or an output.
enum ONNXAxis {
  /// So long.
  case fixed(Int)
  /// As long as the reader wants it; axes of one name are equally long.
  case free(String)

  /// `TensorShapeProto.Dimension`.
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    switch self {
    case .fixed(let length): message.add(1, length)
    case .free(let name): message.add(2, name)
    }
    return message
  }
}

/// What an operator is told beside its inputs.
enum ONNXAttribute {
  case integer(String, Int)
  case integers(String, [Int])
  case text(String, String)
  case texts(String, [String])
  case graph(String, ONNXGraph)

  /// `AttributeProto`; field 20 is its type.
  fileprivate var message: ProtobufMessage {
    var message = ProtobufMessage()
    switch self {
    case .integer(let name, let value):
      message.add(1, name)
      message.add(3, value)
      message.add(20, 2)
    case .integers(let name, let values):
      message.add(1, name)
      message.add(8, values)
      message.add(20, 7)
    case .text(let name, let text):
      message.add(1, name)
      message.add(4, text)
      message.add(20, 3)
    case .texts(let name, let texts):
      message.add(1, name)
      for text in texts { message.add(9, text) }
      message.add(20, 8)
    case .graph(let name, let graph):
      message.add(1, name)
      message.add(6, graph.message)
      message.add(20, 5)
    }
    return message
  }
}
