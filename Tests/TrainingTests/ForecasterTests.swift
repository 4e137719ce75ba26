import Recurrent
import Sequences
import Testing
import Training

@Suite struct ForecasterTests {
  /// A network of pseudo-random weights over two inputs, of which those in `fed` are targets.
  private struct Scene {
    let configuration: NetworkConfiguration
    let weights: [NamedTensor]
    let feedback: Feedback
    let kernels: Kernels
    let rows: [Float]

    init(_ cell: CellKind, targets: [String], shift: Int, kernels: Kernels? = nil) throws {
      var hyperparameters = Hyperparameters()
      hyperparameters.data = "waves.csv"
      hyperparameters.inputs = ["level", "flow"]
      hyperparameters.targets = targets
      hyperparameters.shift = shift
      hyperparameters.cell = cell
      hyperparameters.hiddenSize = 7
      hyperparameters.numLayers = 2
      configuration = hyperparameters.network
      self.kernels = try kernels ?? Kernels()
      let network = try Network(configuration, kernels: self.kernels, seed: 11)
      weights = network.directory.tensors(in: network.parameters)
      feedback = try Feedback(hyperparameters, of: "r")
      rows = try waves(rows: 40).values
    }

    func forecasts(origins: Range<Int>, horizon: Int) throws -> [[Float]] {
      var found: [[Float]] = []
      let forecaster = try Forecaster(configuration, weights: weights, feedback: feedback, kernels: kernels)
      forecaster.run(over: rows, origins: origins, horizon: horizon) { origin, values in
        #expect(origin == origins.lowerBound + found.count)
        found.append(values)
      }
      return found
    }

    /// The naive twin: for each row ahead, the whole series again from its first row.
    func twin(origin: Int, horizon: Int) throws -> [Float] {
      let (I, O) = (configuration.inputSize, configuration.outputSize)
      let predictor = try Predictor(configuration, weights: weights, windowLength: 10, kernels: kernels)
      var known = Array(rows[0..<(origin + 1) * I])
      var forecasts: [Float] = []
      while forecasts.count < horizon * O {
        let row = origin + 1 + forecasts.count / O
        let seen = row - feedback.shift
        while known.count < (seen + 1) * I {
          let next = known.count / I
          for (input, target) in feedback.targets.enumerated() {
            known.append(target.map { forecasts[(next - origin - 1) * O + $0] } ?? rows[next * I + input])
          }
        }
        let outputs = predictor.outputs(Array(known.prefix((seen + 1) * I)))
        forecasts += outputs.suffix(O)
      }
      return forecasts
    }
  }

  @Test(arguments: CellKind.allCases, [1, 3])
  func isTheNetworkRunAgainOverItsOwnForecasts(cell: CellKind, shift: Int) throws {
    for targets in [["flow"], ["level", "flow"], ["flow", "level"]] {
      let scene = try Scene(cell, targets: targets, shift: shift)
      let found = try scene.forecasts(origins: 9..<13, horizon: 6)
      for (place, origin) in (9..<13).enumerated() {
        #expect(found[place] == (try scene.twin(origin: origin, horizon: 6)), "\(targets) from \(origin)")
      }
    }
  }

  @Test func aForecastLeavesNothingBehind() throws {
    let scene = try Scene(.lstm, targets: ["flow"], shift: 1)
    let all = try scene.forecasts(origins: 0..<30, horizon: 8)
    #expect(try scene.forecasts(origins: 17..<18, horizon: 8) == [all[17]])
    #expect(try scene.forecasts(origins: 17..<18, horizon: 3) == [Array(all[17].prefix(3))])
  }

  @Test func endsWhereTheInputsEnd() throws {
    let scene = try Scene(.rnn, targets: ["flow"], shift: 2)
    #expect(try scene.forecasts(origins: 36..<40, horizon: 9).map(\.count) == [5, 4, 3, 2])
  }

  @Test func instructionSetsAgree() throws {
    let found = try allKernels().map { kernels in
      try Scene(.gru, targets: ["flow", "level"], shift: 1, kernels: kernels).forecasts(origins: 20..<22, horizon: 10)
        .map { $0.map(\.bitPattern) }
    }
    #expect(Set(found).count == 1)
  }
}
