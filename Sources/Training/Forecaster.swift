import Recurrent
import RunStore

/// A network that runs ahead of its data: it is fed the rows that are known, and then its own predictions.
///
/// With s the shift, `q(r)` the outputs after row r, and row t, the origin, the last one that is known, the forecast of
/// row t + h is `q(t + h - s)`. For h ≤ s the network has seen that row. For h > s its inputs are the forecasts of row
/// t + h - s where a column is target and input, and what is known of that row otherwise. The hidden states go on
/// from row to row, from zero at the series' first row.
///
/// All values are in the network's own units.
public final class Forecaster {
  /// What becomes of the outputs.
  public let feedback: Feedback
  private let network: Network
  private let window: Window
  private let states: FloatBuffer
  private let (inputSize, outputSize): (Int, Int)

  /// A network with given weights, under Keepstep's names.
  /// - Throws: `RecurrentError` when they don't fit the configuration.
  /// - Precondition: the network has one direction.
  public init(
    _ configuration: NetworkConfiguration, weights: [NamedTensor], feedback: Feedback, kernels: Kernels
  ) throws {
    precondition(!configuration.isBidirectional)
    let plan = ThreadPlan(configuration, window: 1, batchSize: 1, threads: kernels.threads)
    network = try Network(configuration, kernels: kernels, seed: 0, plan: plan)
    try network.directory.load(weights, into: network.parameters)
    window = try Window(length: 1, batchSize: 1, configuration: configuration)
    states = try FloatBuffer(count: window.states.count)
    (inputSize, outputSize) = (configuration.inputSize, configuration.outputSize)
    self.feedback = feedback
  }

  /// The forecasts [horizon, O] of the rows after `origin`, for each origin of `origins`, in their order.
  ///
  /// - Parameters:
  ///   - inputs: the inputs [rows, I] of one series from its first row on. Of rows after an origin only those columns
  ///     are looked at that no forecast is fed to.
  ///   - origins: the rows from which it forecasts what comes after them.
  ///   - horizon: the most rows that are forecast from one origin; as many as there are inputs for.
  ///   - keep: takes an origin and its forecasts [h, O], h at least 1.
  /// - Precondition: the origins are rows that are there, none before row `shift - 1`; the horizon is at least 1.
  public func run(
    over inputs: [Float], origins: Range<Int>, horizon: Int, keep: (_ origin: Int, _ forecasts: [Float]) throws -> Void
  ) rethrows {
    Kernels.resetFloatingPointMode()
    let rows = inputs.count / inputSize
    precondition(origins.lowerBound >= feedback.shift - 1 && origins.upperBound <= rows && horizon >= 1)
    // q of the last `shift` rows, the newest one last.
    var recent: [[Float]] = []
    window.resetStates()
    for row in 0..<origins.upperBound {
      recent.append(step(inputs[row * inputSize..<(row + 1) * inputSize]))
      if recent.count > feedback.shift { recent.removeFirst() }
      guard origins.contains(row) else { continue }
      window.copyStates(to: states)
      let ahead = min(horizon, rows - 1 - row + feedback.shift)
      try keep(row, forecasts(after: row, recent, inputs, count: ahead))
      window.setStates(from: states)
    }
  }

  /// The forecasts of the `count` rows after `origin`.
  private func forecasts(after origin: Int, _ recent: [[Float]], _ inputs: [Float], count: Int) -> [Float] {
    var forecasts = recent
    var x = [Float](repeating: 0, count: inputSize)
    while forecasts.count < count {
      let row = origin + 1 + forecasts.count - feedback.shift
      for (input, target) in feedback.targets.enumerated() {
        x[input] = target.map { forecasts[row - origin - 1][$0] } ?? inputs[row * inputSize + input]
      }
      forecasts.append(step(x[...]))
    }
    return forecasts.prefix(count).flatMap(\.self)
  }

  /// The outputs [O] after a row's inputs [I]; the states go on.
  private func step(_ x: ArraySlice<Float>) -> [Float] {
    for (index, value) in x.enumerated() { window.inputs.pointer[index] = value }
    network.forward(window)
    window.carryStates()
    return Array(UnsafeBufferPointer(start: window.outputs.pointer, count: outputSize))
  }
}
