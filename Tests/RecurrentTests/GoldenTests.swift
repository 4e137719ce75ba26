import Recurrent
import Testing

/// One forward and one backward pass against PyTorch's.
@Suite struct GoldenTests {
  /// Relative to a tensor's largest entry. The golden values were computed in float64; float32 rounds each of the at
  /// most some hundred links of a chain by 6e-8, so that PyTorch's own float32 needs as much.
  static let tolerance = 1e-5

  @Test func tenSetsOfSizesWithEveryKindOfLayer() throws {
    let cases = try Golden.shared.get().cases
    #expect(cases.count == 10)
    #expect(Set(cases.map { "\($0.nonlinearity) \($0.bias)" }).count == 4)
  }

  @Test(arguments: 0..<10, implementations)
  func hiddenStatesOutputsLossAndGradientsArePyTorchs(number: Int, name: String) throws {
    let golden = try Golden.shared.get().cases[number]
    let kernels = try kernels(name)
    let configuration = try golden.sizes.configuration(golden.nonlinearity, bias: golden.bias)
    let network = try Network(configuration, kernels: kernels, seed: 0)
    try network.load(golden.weights)
    let window = try Window(
      length: golden.sizes.steps, batchSize: golden.sizes.streams, configuration: configuration)
    window.inputs.set(golden.x)
    window.targets.set(golden.y)
    try window.setCarried(["H": golden.h0])

    network.forward(window)
    let loss = network.loss(.meanSquaredError, window).mean
    network.backward(window)
    let norm = network.gradientNorm()

    let expected = golden.expected
    expectClose(window.hiddenStates(), expected.hidden, "hidden")
    expectClose(window.outputs.values, expected.q, "q")
    #expect(abs(loss - expected.loss) <= Self.tolerance * expected.loss)
    #expect(abs(norm - expected.gradientNorm) <= Self.tolerance * expected.gradientNorm)
    let gradients = network.gradientsByName
    #expect(Set(gradients.keys) == Set(expected.gradients.keys))
    for (tensor, values) in expected.gradients {
      expectClose(try #require(gradients[tensor]), values, tensor)
    }
    window.carryStates()
    expectClose(try #require(try window.carried["H"]), expected.finalHidden, "final hidden")
  }

  private func expectClose(_ found: [Float], _ expected: [Double], _ tensor: String) {
    #expect(distance(found, from: expected) <= Self.tolerance, "\(tensor)")
  }
}
