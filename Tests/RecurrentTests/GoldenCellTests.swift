import Foundation
import Recurrent
import Testing

/// A step of every kind of network against PyTorch in double precision: outputs, final states, loss, and all gradients.
@Suite struct GoldenCellTests {
  @Test func thereAreAtLeastSixtyCombinations() throws {
    let cases = try GoldenCells.shared.get().cases
    #expect(Set(cases.map(\.configuration)).count >= 60)
  }

  @Test(arguments: 0..<GoldenCells.count, implementations)
  func oneStepIsPyTorchs(number: Int, name: String) throws {
    let golden = try GoldenCells.shared.get().cases[number]
    let configuration = try golden.configuration.network
    let network = try Network(configuration, kernels: try kernels(name), seed: 1)
    let window = try Window(
      length: golden.configuration.steps, batchSize: golden.configuration.streams, configuration: configuration)
    try network.directory.load(golden.weights.map(\.named), into: network.parameters)
    try window.setCarried(
      Dictionary(uniqueKeysWithValues: golden.initialStates.map { ($0.name, $0.values.map { Float($0) }) }))
    window.inputs.set(golden.x)
    window.targets.set(golden.y)
    network.forward(window)
    let loss = network.loss(try golden.loss.loss, window).mean
    network.backward(window)
    let norm = network.gradientNorm()
    window.carryStates()

    let expected = golden.expected
    expectClose(window.outputs.values, expected.q, "outputs")
    #expect(abs(loss - expected.loss) <= 1e-5 * max(1, abs(expected.loss)))
    #expect(abs(norm - expected.gradientNorm) <= 1e-5 * expected.gradientNorm)
    let carried = try window.carried
    #expect(carried.count == expected.finalStates.count)
    for state in expected.finalStates {
      expectClose(try #require(carried[state.name]), state.values, "final \(state.name)")
    }
    let gradients = network.gradientsByName
    #expect(gradients.count == expected.gradients.count)
    for tensor in expected.gradients {
      expectClose(try #require(gradients[tensor.name]), tensor.values, "gradient of \(tensor.name)")
    }
  }

  /// Float32 keeps seven digits, and a step adds up a few hundred products; PyTorch's own float32 is within 2e-6.
  private func expectClose(_ found: [Float], _ expected: [Double], _ what: String) {
    #expect(distance(found, from: expected) <= 1e-5, "\(what)")
  }
}
