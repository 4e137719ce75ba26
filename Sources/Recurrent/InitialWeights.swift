/// The untrained network, drawn as PyTorch draws it.
///
/// `torch.nn.RNN`, `LSTM` and `GRU` draw all their tensors from U(-k, k) with k = 1/√H, and `torch.nn.Linear` draws both
/// of its from U(-k, k) with k = 1/√(inputs).
enum InitialWeights {
  static func draw(_ configuration: NetworkConfiguration, seed: UInt64, into parameters: FloatBuffer) {
    let philox = Philox(seed: seed)
    let directory = TensorDirectory(configuration)
    func draw(_ name: String, _ purposes: [Philox.Purpose], bound: Float, place: Int = 0) {
      guard let entry = directory.entry(name) else { return }
      let p = parameters.pointer + entry.offset
      for purpose in purposes {
        for index in 0..<entry.count {
          p[index] += philox.uniform(within: bound, purpose, index: Philox.index(index, ofPart: place))
        }
      }
    }
    let bound = 1 / Float(configuration.hiddenSize).squareRoot()
    // A bias that stands for two is the sum of two draws.
    let biases: [Philox.Purpose] = configuration.biases == .two ? [.inputBias, .hiddenBias] : [.inputBias]
    for (index, place) in configuration.places.enumerated() {
      let suffix = place.suffix
      draw("W_xh" + suffix, [.inputWeights], bound: bound, place: index)
      draw("W_hh" + suffix, [.hiddenWeights], bound: bound, place: index)
      draw("b_h" + suffix, biases, bound: bound, place: index)
      draw("b_xn" + suffix, [.candidateInputBias], bound: bound, place: index)
      draw("b_hn" + suffix, [.candidateHiddenBias], bound: bound, place: index)
      draw("W_hr" + suffix, [.projection], bound: bound, place: index)
    }
    let outputBound = 1 / Float(configuration.directionCount * configuration.stateSize).squareRoot()
    draw("W_hq", [.outputWeights], bound: outputBound)
    draw("b_q", [.outputBias], bound: outputBound)
  }
}
