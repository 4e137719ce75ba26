import Interchange
import Recurrent
import Training

/// `--init FILE`: weights under Keepstep's names, PyTorch's or MLX's.
enum InitialWeightsFile {
  /// The weights, under Keepstep's names.
  ///
  /// - Throws: `InterchangeError` when the file can't be read or trusted.
  static func read(_ path: String) throws -> [NamedTensor] {
    let tensors = try WeightFile.read(path: path)
    if TorchNames.isTorch(tensors) { return try TorchNames.import(tensors, source: path) }
    return MLXNames.isMLX(tensors) ? try MLXNames.import(tensors, source: path) : tensors
  }

  /// Checks that the weights are just those of a network.
  ///
  /// - Throws: `CommandError` naming the tensor, and the options that the file asks for.
  static func check(_ weights: [NamedTensor], fit network: NetworkConfiguration, source path: String) throws {
    do {
      try TensorDirectory(network).check(weights)
    } catch {
      let shape = try NetworkShape(of: weights, source: path)
      throw CommandError("\(path): \(error.message)", hint: "the file holds \(described(shape))")
    }
  }

  private static func described(_ shape: NetworkShape) -> String {
    var options = "--cell \(shape.cell.rawValue) --hidden-size \(shape.hiddenSize) --num-layers \(shape.numLayers)"
    if shape.isBidirectional { options += " --bidirectional" }
    if shape.projectionSize > 0 { options += " --proj-size \(shape.projectionSize)" }
    if !shape.hasBias { options += " --no-bias" }
    return "a network of `\(options)` with \(Numbers.count(shape.inputSize, "input")) and "
      + "\(Numbers.count(shape.outputSize, "output"))"
  }
}
