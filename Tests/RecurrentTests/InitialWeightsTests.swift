import Recurrent
import Testing

@Suite struct InitialWeightsTests {
  private func weights(
    _ inputs: Int, _ hidden: Int, _ outputs: Int, seed: UInt64 = 1, biases: Biases = .two, hasBias: Bool = true
  ) throws -> [String: [Float]] {
    let configuration = NetworkConfiguration(
      inputSize: inputs, hiddenSize: hidden, outputSize: outputs, hasBias: hasBias, biases: biases)
    return try Network(configuration, kernels: try Kernels(), seed: seed).weights
  }

  @Test(arguments: [1, 2, 33, 64])
  func allLieWithinOneOverTheRootOfH(hidden: Int) throws {
    let bound = 1 / Double(hidden).squareRoot() * (1 + 1e-7)  // float32's rounding of the bound
    for (name, values) in try weights(3, hidden, 2) {
      let limit = name == "b_h" ? 2 * bound : bound  // b_h is the sum of two
      #expect(values.allSatisfy { abs(Double($0)) <= limit && $0 != 0 }, "\(name)")
    }
  }

  @Test func weightsFillTheirRange() throws {
    let bound: Float = 1 / 8
    let drawn = try weights(40, 64, 40)
    for name in ["W_xh", "W_hh", "W_hq"] {
      let values = try #require(drawn[name])
      #expect((values.min() ?? 0) < -0.99 * bound && (values.max() ?? 0) > 0.99 * bound, "\(name)")
    }
  }

  @Test func aBiasThatStandsForTwoIsTheSumOfTwoDraws() throws {
    let philox = Philox(seed: 9)
    let bound = 1 / Float(64).squareRoot()
    let first = (0..<64).map { philox.uniform(within: bound, .inputBias, index: $0) }
    let second = (0..<64).map { philox.uniform(within: bound, .hiddenBias, index: $0) }
    let two = try #require(try weights(1, 64, 1, seed: 9)["b_h"])
    #expect(sameBits(two, zip(first, second).map { $0 + $1 }))
    #expect(two.contains { abs($0) > bound }, "a sum reaches further than one draw")
    let one = try #require(try weights(1, 64, 1, seed: 9, biases: .one)["b_h"])
    #expect(sameBits(one, first))
  }

  @Test func aSeedAlwaysGivesTheSameWeightsAndAnotherSeedOthers() throws {
    let drawn = try weights(3, 20, 2, seed: 7)
    #expect(drawn == (try weights(3, 20, 2, seed: 7)))
    for other in [8, 7 + 1 << 32] as [UInt64] {
      for (name, values) in try weights(3, 20, 2, seed: other) {
        #expect(zip(values, try #require(drawn[name])).allSatisfy { $0 != $1 }, "\(name), seed \(other)")
      }
    }
  }

  @Test func aTensorDoesNotDependOnTheOthers() throws {
    let drawn = try weights(1, 20, 1)
    let wider = try weights(7, 20, 3)
    let bare = try weights(1, 20, 1, hasBias: false)
    for name in ["W_hh", "b_h"] {
      #expect(drawn[name] == wider[name], "\(name)")
    }
    for name in ["W_xh", "W_hh", "W_hq", "b_q"] {
      #expect(drawn[name] == bare[name], "\(name)")
    }
  }
}
