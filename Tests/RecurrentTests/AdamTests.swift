import Foundation
import Recurrent
import Testing

@Suite struct AdamTests {
  @Test func weightsAfterOneTwoAndTenStepsArePyTorchs() throws {
    let golden = try Golden.shared.get().adam
    // Relative to a tensor's largest entry: the gradients' own tolerance. A step moves a weight by at most about the
    // learning rate, whatever the gradient's size, so that a gradient's rounding hardly grows.
    let tolerance = 1e-5
    let trainer = try Trainer(
      try golden.sizes.configuration(golden.nonlinearity), kernels: try Kernels(), length: golden.sizes.steps,
      batchSize: golden.sizes.streams, learningRate: golden.optimizer.learningRate)
    let settings = trainer.optimizer.settings
    #expect(settings.beta1 == golden.optimizer.beta1 && settings.beta2 == golden.optimizer.beta2)
    #expect(settings.epsilon == golden.optimizer.epsilon)
    try trainer.network.load(golden.weights)
    for step in 1...10 {
      let result = trainer.step(step, golden.x, golden.y, carry: false)
      #expect(abs(result.loss - golden.losses[step - 1]) <= tolerance * golden.losses[step - 1])
      for snapshot in golden.after where snapshot.step == step {
        for (name, expected) in snapshot.weights {
          let found = try #require(trainer.network.weights[name])
          #expect(distance(found, from: expected) <= tolerance, "\(name) after step \(step)")
        }
      }
    }
    #expect(golden.after.map(\.step) == [1, 2, 10])
  }

  /// `--biases two` is PyTorch's Adam over two biases, `--biases one` is Adam over their sum as one tensor.
  @Test(arguments: Biases.allCases)
  func biasesAreTrainedAsThatManyTensors(biases: Biases) throws {
    let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 6, outputSize: 2, biases: biases)
    let trainer = try Trainer(configuration, kernels: try Kernels(), length: 4, batchSize: 3)
    var twin = Twin(configuration, length: 4, batchSize: 3, weights: trainer.network.weights)
    if biases == .two {
      let half = try #require(twin.weights["b_h"]).map { $0 / 2 }
      (twin.weights["b_h"], twin.weights["b_ih"], twin.weights["b_hh"]) = (nil, half, half)
    }
    var optimizer = TwinAdam(learningRate: 0.02)
    let (x, y) = (numbers(24, salt: 1), numbers(24, salt: 2))
    let zero = [Double](repeating: 0, count: 18)
    for step in 1...20 {
      let result = trainer.step(step, x, y, carry: false)
      let gradients = twin.gradientsByDifferences(x.map(Double.init), y.map(Double.init), zero)
      let norm = gradients.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(result.norm - norm) <= 1e-5 * norm, "step \(step)")
      optimizer.update(&twin.weights, gradients, step: step)
    }
    if let ih = twin.weights["b_ih"], let hh = twin.weights["b_hh"] {
      twin.weights["b_h"] = zip(ih, hh).map { $0 + $1 }
    }
    for (name, found) in trainer.network.weights {
      // The other way of training b_h is more than 0.1 away by then.
      #expect(distance(found, from: try #require(twin.weights[name])) <= 1e-4, "\(name)")
    }
  }

  @Test func aBiasOfTwoMovesTwiceAsFarAndCountsTwiceInTheNorm() throws {
    var (norms, before, after, gradients): ([Double], [[String: [Float]]], [[String: [Float]]], [[String: [Float]]])
    (norms, before, after, gradients) = ([], [], [], [])
    for biases in [Biases.one, .two] {
      let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 20, outputSize: 2, biases: biases)
      let trainer = try Trainer(configuration, kernels: try Kernels(), length: 3, batchSize: 2)
      var weights = trainer.network.weights
      weights["b_h"] = [Float](repeating: 0, count: 20)
      try trainer.network.load(weights)
      before.append(trainer.network.weights)
      norms.append(trainer.step(1, numbers(12, salt: 1), numbers(12, salt: 2)).norm)
      after.append(trainer.network.weights)
      gradients.append(trainer.network.gradientsByName)
    }
    try #require(before[0] == before[1] && gradients[0] == gradients[1])
    for (name, one) in after[0] {
      let expected = name == "b_h" ? one.map { 2 * $0 } : one  // exact: the step size is twice as large
      #expect(sameBits(try #require(after[1][name]), expected), "\(name)")
    }
    let bias = try #require(gradients[0]["b_h"]).reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(norms[1] * norms[1] - norms[0] * norms[0] - bias) <= 1e-12 * norms[1] * norms[1])
  }

  @Test(arguments: [1, 2, 3, 7, 10, 1000, 123_456, 1_000_000_007, Int.max])
  func biasCorrectionFollowsTheStepWithoutACounter(step: Int) throws {
    let configuration = NetworkConfiguration(inputSize: 1, hiddenSize: 1, outputSize: 1, biases: .one)
    let network = try Network(configuration, kernels: try Kernels(), seed: 1)
    let adam = try Optimizer(OptimizerSettings(.adam, learningRate: 0.5), for: network)
    network.parameters.clear()
    network.gradients.set([Float](repeating: 2, count: network.gradients.count))
    #expect(adam.update(network, step: step))
    let m = 0.1 * 2 / (1 - pow(0.9, Double(step)))
    let root = (0.001 * 4 / (1 - pow(0.999, Double(step)))).squareRoot()
    let expected = -0.5 * m / (root + 1e-8)
    for (name, weights) in network.weights {
      #expect(distance(weights, from: [expected]) <= 1e-6, "\(name)")  // a few roundings of float32
    }
  }

  @Test func whatIsNotFiniteIsReported() throws {
    let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 5, outputSize: 3)
    for name in ["W_xh", "W_hh", "b_h", "W_hq", "b_q"] {
      let trainer = try Trainer(configuration, kernels: try Kernels(), length: 2, batchSize: 1)
      let entry = try #require(trainer.network.directory.entry(name))
      #expect(trainer.optimizer.update(trainer.network, step: 1))
      trainer.network.gradients.pointer[entry.offset + entry.count - 1] = .nan
      #expect(!trainer.optimizer.update(trainer.network, step: 2), "\(name)")
    }
  }
}
