import ArrayFiles
import Foundation
import Recurrent

/// Weights in a file, in whichever format its name asks for.
///
/// ```swift
/// try WeightFile.write(tensors, metadata: ["step": "300"], to: "weights.safetensors")
/// let weights = try WeightFile.read(path: "weights.safetensors")
/// ```
public enum WeightFile {
  /// Writes `tensors`, in their order, to a file that is whole or absent at every instant.
  ///
  /// - Parameter tensors: the weights.
  /// - Parameter metadata: what else the file tells, where its format has a place for it.
  /// - Parameter path: where the file comes to lie.
  /// - Parameter format: the format, where it is not the one that the extension of `path` names.
  /// - Parameter onnx: what an ONNX graph needs to know beyond the tensors; other formats have no place for it.
  /// - throws: `InterchangeError` as `encode` does, or when the file cannot be written.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String], to path: String, format: WeightFormat? = nil,
    onnx: ONNXOptions? = nil
  ) throws {
    let format = try format ?? WeightFormat(path: path)
    try AtomicFile.write(try encode(tensors, metadata: metadata, format: format, onnx: onnx), to: path)
  }

  /// The content of a file of `tensors`, in their order. Equal arguments give equal bytes.
  ///
  /// All formats but CSV keep `metadata`; `NPZ` says where an npz file has it.
  ///
  /// - throws: `InterchangeError` when a tensor is not fit to be weights (a shape that does not fit, a name twice, a
  ///   value that is not finite), or when an ONNX graph is asked for of tensors that are no network's, or without
  ///   options.
  public static func encode(
    _ tensors: [NamedTensor], metadata: [String: String], format: WeightFormat, onnx: ONNXOptions? = nil
  ) throws -> Data {
    switch format {
    case .safetensors: return try Safetensors.encode(tensors, metadata: metadata)
    case .npz: return try NPZ.encode(tensors, metadata: metadata)
    case .csv: return try WeightText.csv(tensors)
    case .json: return try WeightText.json(tensors, metadata: metadata)
    case .onnx:
      guard let onnx else {
        throw InterchangeError(
          message: "weights: an .onnx file is a graph, and the tensors do not tell the network's nonlinearity",
          hint: "give its ONNXOptions")
      }
      return try ONNX.encode(tensors, options: onnx, metadata: metadata)
    }
  }

  /// The tensors of a safetensors or npz file, in the file's order; the content decides which of the two it is.
  ///
  /// Every value is finite and no minus zero; every other number type than float32 is rounded to float32.
  ///
  /// - throws: `InterchangeError` when the file cannot be read, or is damaged, forged, or in another format.
  public static func read(path: String) throws -> [NamedTensor] {
    let data = try BoundedFile.read(path: path, hint: "name a .safetensors or .npz file")
    if data.starts(with: NPZFile.signature) || data.starts(with: NPZFile.emptySignature) {
      return try NPZ.decode(data, source: path)
    }
    if data.starts(with: NPYFile.signature) {
      throw InterchangeError(
        message: "\(path): this is a single array (.npy), which has no name",
        hint: "save the arrays under their names with numpy.savez")
    }
    if Safetensors.isLikely(data) {
      return try Safetensors.decode(data, source: path).tensors
    }
    switch try? WeightFormat(path: path) {
    case .safetensors: return try Safetensors.decode(data, source: path).tensors
    case .npz: return try NPZ.decode(data, source: path)
    case .csv, .json, .onnx, nil:
      throw InterchangeError(
        message: "\(path): this is neither a .safetensors nor a .npz file", hint: "weights are read from these two")
    }
  }
}
