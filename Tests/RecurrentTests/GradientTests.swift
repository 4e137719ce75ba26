import Recurrent
import Testing

/// Back-propagation against finite differences of the twin in Double.
@Suite struct GradientTests {
  /// Relative to a tensor's largest entry. The differences are right to 1e-8; float32 rounds every link of the chains
  /// by 6e-8, and the windows here are short.
  static let tolerance = 3e-6

  @Test(arguments: [
    NetworkConfiguration(inputSize: 1, hiddenSize: 1, outputSize: 1),
    NetworkConfiguration(inputSize: 3, hiddenSize: 7, outputSize: 2),
    NetworkConfiguration(inputSize: 3, hiddenSize: 7, outputSize: 2, nonlinearity: .relu),
    NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 3, hasBias: false),
    NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 3, nonlinearity: .relu, hasBias: false),
    NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 1, hasOutputBias: false),
    NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 1, hasBias: false, hasOutputBias: false),
    NetworkConfiguration(inputSize: 1, hiddenSize: 18, outputSize: 2, biases: .one),
  ])
  func everyGradientIsTheSlopeOfTheLoss(configuration: NetworkConfiguration) throws {
    for (length, batchSize) in [(1, 1), (4, 3)] {
      let network = try Network(configuration, kernels: try Kernels(), seed: 3)
      let window = try Window(length: length, batchSize: batchSize, configuration: configuration)
      window.inputs.set(numbers(window.inputs.count, salt: 1))
      window.targets.set(numbers(window.targets.count, salt: 2))
      let h0 = numbers(window.states.entries[0].count, salt: 3).map { $0 / 2 }
      try window.setCarried(["H": h0])
      network.forward(window)
      let loss = network.loss(.meanSquaredError, window).mean
      network.backward(window)

      let twin = Twin(configuration, length: length, batchSize: batchSize, weights: network.weights)
      let (x, y) = (window.inputs.values.map(Double.init), window.targets.values.map(Double.init))
      let start = h0.map(Double.init)
      // A difference across the kink of relu would not be the slope on either side; it moves Z by less than 1e-4.
      try #require(configuration.nonlinearity == .tanh || twin.forward(x, start).smallestZ > 1e-4)
      #expect(abs(loss - twin.loss(x, y, start)) <= Self.tolerance * loss)
      let expected = twin.gradientsByDifferences(x, y, start)
      #expect(Set(expected.keys) == Set(network.gradientsByName.keys))
      for (name, found) in network.gradientsByName {
        let slope = try #require(expected[name])
        #expect(slope.contains { $0 != 0 }, "\(name) has no slope to compare")
        #expect(distance(found, from: slope) <= Self.tolerance, "\(name), T \(length), B \(batchSize)")
      }
    }
  }

  @Test func gradientsDoNotPileUp() throws {
    let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 9, outputSize: 2)
    let network = try Network(configuration, kernels: try Kernels(), seed: 3)
    let window = try Window(length: 4, batchSize: 3, configuration: configuration)
    window.inputs.set(numbers(window.inputs.count))
    var gradients: [[Float]] = []
    for _ in 0..<2 {
      network.forward(window)
      _ = network.loss(.meanSquaredError, window).mean
      network.backward(window)
      gradients.append(network.gradients.values)
    }
    #expect(sameBits(gradients[0], gradients[1]))
  }
}
