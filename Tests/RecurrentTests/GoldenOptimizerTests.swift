import Foundation
import Recurrent
import Testing

/// 50 steps of every optimizer against PyTorch in double precision.
@Suite struct GoldenOptimizerTests {
  /// `Golden/optimizers.json`.
  struct Golden: Decodable {
    let networks: [GoldenNetwork]
    let runs: [Run]

    static let shared = Result { try goldenFile("optimizers", as: Golden.self) }
    static let count = (try? shared.get().runs.count) ?? 1
  }

  struct GoldenNetwork: Decodable {
    let name: String
    let configuration: GoldenConfiguration
    let weights: [GoldenTensor]
    let x: [Float]
    let y: [Float]
  }

  struct Run: Decodable {
    let options: Options
    let losses: [Double]
    let gradientNorms: [Double]
    let weights: [GoldenTensor]
  }

  struct Options: Decodable {
    let network: String
    let optimizer: String
    let learningRate: Double
    let momentum: Double?
    let nesterov: Bool?
    let weightDecay: Double
    let clipNorm: Double?
    let clipValue: Double?

    var settings: OptimizerSettings {
      get throws {
        var settings = OptimizerSettings(
          try #require(OptimizerKind(rawValue: optimizer)), learningRate: learningRate)
        settings.momentum = momentum ?? 0
        settings.nesterov = nesterov ?? false
        settings.weightDecay = weightDecay
        return settings
      }
    }
  }

  @Test func everyOptimizerIsThereWithDecayAndClipping() throws {
    let options = try Golden.shared.get().runs.map(\.options)
    #expect(Set(options.map(\.optimizer)) == Set(OptimizerKind.allCases.map(\.rawValue)))
    #expect(options.contains { $0.clipNorm != nil } && options.contains { $0.clipValue != nil })
    #expect(options.contains { $0.weightDecay > 0 } && options.contains { $0.nesterov == true })
  }

  @Test(arguments: 0..<Golden.count)
  func fiftyStepsArePyTorchs(number: Int) throws {
    let golden = try Golden.shared.get()
    let run = golden.runs[number]
    let problem = try #require(golden.networks.first { $0.name == run.options.network })
    let configuration = try problem.configuration.network
    let trainer = try Trainer(
      configuration, kernels: try Kernels(), length: problem.configuration.steps,
      batchSize: problem.configuration.streams,
      settings: try run.options.settings,
      clipping: Clipping(norm: run.options.clipNorm, value: run.options.clipValue))
    try trainer.network.directory.load(problem.weights.map(\.named), into: trainer.network.parameters)
    #expect(run.losses.count == 50)
    // Float32 against double: the differences of 50 steps stay far below 1e-3 where nothing is chaotic.
    for step in 1...50 {
      trainer.window.resetStates()
      let result = trainer.step(step, problem.x, problem.y)
      #expect(abs(result.loss - run.losses[step - 1]) <= 1e-3 * run.losses[0], "loss of step \(step)")
      let norm = run.gradientNorms[step - 1]
      #expect(abs(result.norm - norm) <= 1e-3 * run.gradientNorms[0], "norm of step \(step)")
    }
    let weights = trainer.network.weights
    for tensor in run.weights {
      #expect(distance(try #require(weights[tensor.name]), from: tensor.values) <= 1e-3, "\(tensor.name)")
    }
  }
}
