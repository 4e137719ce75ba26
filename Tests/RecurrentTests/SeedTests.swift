import Recurrent
import Testing

/// The seed script's training from its own initial weights.
@Suite struct SeedTests {
  @Test func firstHundredLossesArePyTorchs() throws {
    let golden = try Golden.shared.get().seed
    // The training is chaotic: PyTorch's own float32 and float64 are 2.5e-4 apart by then, and 0.4 at the end.
    let tolerance = 5e-3
    let trainer = try Trainer(
      try golden.sizes.configuration("tanh"), kernels: try Kernels(), length: golden.sizes.steps, batchSize: 1)
    try trainer.network.load(golden.weights)
    for step in 1...100 {
      let (x, y) = SineWindow.step(step, batchSize: 1)
      let loss = trainer.step(step, x, y).loss
      for expected in [golden.float64[step - 1], golden.float32[step - 1]] {
        #expect(abs(loss - expected) <= tolerance * expected, "step \(step)")
      }
    }
  }

  @Test func threeHundredStepsLearnTheTask() throws {
    let trainer = try Trainer(
      NetworkConfiguration(inputSize: 1, hiddenSize: 32, outputSize: 1), kernels: try Kernels(), length: 10,
      batchSize: 1)
    var losses: [Double] = []
    for step in 1...300 {
      let (x, y) = SineWindow.step(step, batchSize: 1)
      let result = trainer.step(step, x, y)
      #expect(result.finite)
      losses.append(result.loss)
    }
    let start = losses.prefix(10).reduce(0, +)
    #expect(losses.suffix(50).reduce(0, +) / 5 < start / 10, "the last losses are a tenth of the first")
  }
}
