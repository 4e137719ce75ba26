import Foundation
import Recurrent

/// Networks as ONNX graphs, which onnxruntime and other engines run: <https://onnx.ai>.
///
/// | | name | axes |
/// | --- | --- | --- |
/// | input | `x` | [time, batch, I], or [batch, time, I] |
/// | input | `h_0`, an LSTM's `c_0` | [L·D, streams, P], [L·D, streams, H]; zeros when left out; streams is batch, or 1 for all |
/// | output | `q` | [time, batch, O], or [batch, time, O] |
/// | output | `h_n`, an LSTM's `c_n` | [L·D, batch, P], [L·D, batch, H] |
///
/// Time and batch are as long as the reader wants them. The states are laid out as PyTorch's `h_0` and `c_0`: layer by
/// layer, in a layer the forward direction, then the reverse. To carry them from window to window, feed `h_n` to `h_0`.
///
/// Layers are ONNX's operators RNN, LSTM and GRU. ONNX's LSTM has no projection (`W_hr`): there a layer is a Scan over
/// the time steps. The file is of opset 13 (ONNX 1.8, 2020), which has all that is needed here.
public enum ONNX {
  /// What the file says of itself.
  private static let irVersion = 7
  private static let opset = 13

  /// A file with the network of `tensors`, under Keepstep's names. Equal arguments give equal bytes.
  ///
  /// - Parameter tensors: all of a network, in any order.
  /// - Parameter options: what the tensors don't tell.
  /// - Parameter metadata: becomes the model's `metadata_props`, sorted by key.
  /// - throws: `InterchangeError` when a tensor is missing, has no place or does not fit the others, a value is not
  ///   finite, an option does not fit the network, or the file would pass the 2 GiB that Protocol Buffers allow.
  public static func encode(
    _ tensors: [NamedTensor], options: ONNXOptions, metadata: [String: String]
  ) throws -> Data {
    let pool = try TensorPool(tensors, source: "weights", hint: NetworkShape.hint)
    let network = try NetworkShape(pool, naming: .keepstep)
    try options.check(network)
    var builder = ONNXNetwork(pool, network, options)
    try builder.build()
    return try model(builder.graph, metadata)
  }

  /// `ModelProto`.
  private static func model(_ graph: ONNXGraph, _ metadata: [String: String]) throws -> Data {
    var model = ProtobufMessage()
    model.add(1, irVersion)
    model.add(2, "keepstep")
    model.add(7, graph.message)
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, opset)
    model.add(8, operators)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufMessage()
      entry.add(1, key)
      entry.add(2, value)
      model.add(14, entry)
    }
    guard model.data.count <= Int(Int32.max) else {
      throw InterchangeError(
        message: "weights: an .onnx file would have \(model.data.count) bytes, and Protocol Buffers allow \(Int32.max)",
        hint: "export .safetensors")
    }
    return model.data
  }
}
