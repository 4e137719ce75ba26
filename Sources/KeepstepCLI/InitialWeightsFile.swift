import Interchange
import Recurrent
import Training

/// `--init FILE`: weights under Keepstep's names or PyTorch's.
enum InitialWeightsFile {
  /// The weights, under Keepstep's names.
  ///
  /// - Throws: `InterchangeError` when the file can't be read or trusted.
  static func read(_ path: String) throws -> [NamedTensor] {
    let tensors = try WeightFile.read(path: path)
    return TorchNames.isTorch(tensors) ? try TorchNames.import(tensors, source: path) : tensors
  }
}
