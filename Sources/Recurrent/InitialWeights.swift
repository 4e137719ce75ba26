/// The untrained network, drawn as PyTorch draws it.
///
/// `torch.nn.RNN` draws all its tensors from U(-k, k) with k = 1/√H, and `torch.nn.Linear` draws both of its from
/// U(-k, k) with k = 1/√(inputs), which are again H.
enum InitialWeights {
  static func draw(_ configuration: NetworkConfiguration, seed: UInt64, into parameters: FloatBuffer) {
    let philox = Philox(seed: seed)
    let bound = 1 / Float(configuration.hiddenSize).squareRoot()
    for entry in TensorDirectory(configuration).entries {
      let p = parameters.pointer + entry.offset
      for purpose in purposes(of: entry) {
        for index in 0..<entry.count {
          p[index] += philox.uniform(within: bound, purpose, index: index)
        }
      }
    }
  }

  /// A bias that stands for two is the sum of two draws.
  private static func purposes(of entry: TensorDirectory.Entry) -> [Philox.Purpose] {
    switch entry.name {
    case "W_xh": [.inputWeights]
    case "W_hh": [.hiddenWeights]
    case "b_h": entry.multiplicity == 2 ? [.inputBias, .hiddenBias] : [.inputBias]
    case "W_hq": [.outputWeights]
    default: [.outputBias]
    }
  }
}
