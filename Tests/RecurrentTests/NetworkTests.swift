import Recurrent
import Testing

@Suite struct NetworkTests {
  @Test(arguments: implementations, Nonlinearity.allCases)
  func streamsDoNotMix(name: String, nonlinearity: Nonlinearity) throws {
    let (inputs, hidden, outputs, length, streams) = (3, 37, 2, 6, 5)
    let configuration = NetworkConfiguration(
      inputSize: inputs, hiddenSize: hidden, outputSize: outputs, nonlinearity: nonlinearity)
    let network = try Network(configuration, kernels: try kernels(name), seed: 4)
    let all = try Window(length: length, batchSize: streams, configuration: configuration)
    let x = numbers(all.inputs.count, salt: 1)
    let h0 = numbers(all.states.entries[0].count, salt: 2)
    all.inputs.set(x)
    try all.setCarried(["H": h0])
    network.forward(all)
    for b in 0..<streams {
      /// Stream b's part of an array [·, B, width].
      func part(_ values: [Float], _ width: Int) -> [Float] {
        stride(from: b * width, to: values.count, by: streams * width).flatMap { values[$0..<$0 + width] }
      }
      let one = try Window(length: length, batchSize: 1, configuration: configuration)
      one.inputs.set(part(x, inputs))
      try one.setCarried(["H": part(h0, hidden)])
      network.forward(one)
      #expect(sameBits(one.hiddenStates(), part(all.hiddenStates(), hidden)), "stream \(b)")
      #expect(sameBits(one.outputs.values, part(all.outputs.values, outputs)), "stream \(b)")
    }
  }

  @Test func lossIsTheMeanOfAllSquares() throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 2, outputSize: 3)
    let network = try Network(configuration, kernels: try Kernels(), seed: 4)
    let window = try Window(length: 2, batchSize: 2, configuration: configuration)
    window.outputs.set((0..<12).map(Float.init))
    window.targets.set([Float](repeating: 1, count: 12))
    #expect(network.loss(.meanSquaredError, window).mean == 386.0 / 12)  // 1 + 0 + 1 + 4 + … + 100
  }

  @Test func sizesThatCannotBeAreRefused() {
    for hidden in [0, -1, 10_000_000, Int.max] {
      #expect(throws: RecurrentError.self) {
        try Network(
          NetworkConfiguration(inputSize: 1, hiddenSize: hidden, outputSize: 1), kernels: try Kernels(), seed: 1)
      }
    }
  }
}

extension NetworkTests {
  @Test(arguments: [Float(-1), 3, 0.5, .nan, .infinity, 1e30])
  func crossEntropyOfWhatIsNoClassIsNotANumber(target: Float) throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 2, outputSize: 3)
    let network = try Network(configuration, kernels: try Kernels(), seed: 4)
    let window = try Window(length: 2, batchSize: 1, configuration: configuration)
    window.targets.set([2, target])
    network.forward(window)
    #expect(network.loss(.crossEntropy, window).mean.isNaN)
    window.targets.set([2, 0])
    #expect(network.loss(.crossEntropy, window).mean.isFinite)
  }
}
