import Recurrent
import Sequences

/// The loss over a part of the data from which a network does not learn.
///
/// The network runs through each sequence as in a prediction: without dropout, from the zero state at its beginning (at the
/// beginning of the last stream, where the training part of one sequence is cut into several), over the training rows and on
/// into the part, whose targets alone are scored. A row belongs to the part that its target lies in, so each target of the
/// part is scored once, the first ones from training rows. Rows behind the part are never looked at.
///
/// It has a network of its own, so that the training's carried states and gradients stay as they are.
final class Evaluator {
  private let loss: Loss
  private let network: Network
  private let window: Window
  /// Room for the outputs and targets of rows that are to be scored.
  private let scored: Window
  private var scoredCount = 0
  private let streams: [Stream]
  private var lossSum = 0.0
  private var correct = 0
  private var rowCount = 0

  /// Rows that go through a network of one direction, or are scored, at a time. Part of the order of sums: never changes.
  private static let stretch = 256

  /// One sequence's rows, up to the last one that is scored.
  private struct Stream {
    /// Scaled [rows, I].
    var inputs: [Float]
    /// Scaled [rows - firstScored, O], or class numbers [rows - firstScored].
    var targets: [Float]
    var rowCount: Int
    /// The first row that is scored.
    var firstScored: Int
  }

  /// - Throws: `SequenceError` when the part has no row, or a value is beyond float32; `RecurrentError` when there is no
  ///   memory.
  init(_ part: Split.Part, of table: Table, _ hyperparameters: Hyperparameters, kernels: Kernels) throws {
    loss = hyperparameters.loss
    let configuration = hyperparameters.network
    let rows = try PartRows(part, of: table, hyperparameters)
    let scaled = try hyperparameters.scaling.applied(to: table)
    let inputs = try hyperparameters.inputs.map { try table.column($0) }
    let targets = try hyperparameters.targets.map { try table.column($0) }
    streams = rows.stretches.map { stretch in
      let shift = hyperparameters.shift
      return Stream(
        inputs: scaled.values(of: inputs, rows: stretch.rows),
        targets: scaled.values(
          of: targets, rows: stretch.scored.lowerBound + shift..<stretch.scored.upperBound + shift),
        rowCount: stretch.rows.count, firstScored: stretch.scored.lowerBound - stretch.rows.lowerBound)
    }
    let length = configuration.isBidirectional ? hyperparameters.window : Self.stretch
    let plan = ThreadPlan(configuration, window: length, batchSize: 1, threads: kernels.threads)
    network = try Network(configuration, kernels: kernels, seed: 0, plan: plan)
    window = try Window(length: length, batchSize: 1, configuration: configuration)
    scored = try Window(length: Self.stretch, batchSize: 1, configuration: configuration)
  }

  /// The mean loss, and the accuracy where the targets are classes, of a network with these parameters.
  func evaluate(_ parameters: FloatBuffer) -> Monitor.Observation {
    network.parameters.copy(from: parameters)
    (lossSum, correct, rowCount) = (0, 0, 0)
    for stream in streams { run(through: stream) }
    score()
    let accuracy = loss.isClassification ? Double(correct) / Double(rowCount) : nil
    return Monitor.Observation(loss: lossSum / Double(rowCount), accuracy: accuracy)
  }

  private func run(through stream: Stream) {
    let (I, rows) = (network.configuration.inputSize, stream.rowCount)
    for first in stride(from: 0, to: rows, by: window.capacity) {
      let length = min(window.capacity, rows - first)
      window.carryStates(length: length)
      if first == 0 { window.resetStates() }
      for index in 0..<length * I { window.inputs.pointer[index] = stream.inputs[first * I + index] }
      network.forward(window)
      for row in max(first, stream.firstScored)..<max(first + length, stream.firstScored) {
        take(row - first, targets: stream.targets, at: row - stream.firstScored)
      }
    }
  }

  /// Takes a row of the window in to be scored.
  private func take(_ row: Int, targets: [Float], at index: Int) {
    let (O, width) = (network.configuration.outputSize, loss.targetSize(outputSize: network.configuration.outputSize))
    (scored.outputs.pointer + scoredCount * O).update(from: window.outputs.pointer + row * O, count: O)
    for column in 0..<width { scored.targets.pointer[scoredCount * width + column] = targets[index * width + column] }
    scoredCount += 1
    if scoredCount == scored.capacity { score() }
  }

  /// Adds the loss of the rows that wait.
  private func score() {
    guard scoredCount > 0 else { return }
    scored.carryStates(length: scoredCount)
    let value = network.loss(loss, scored)
    lossSum += value.mean * Double(scoredCount)
    correct += value.correct ?? 0
    rowCount += scoredCount
    scoredCount = 0
  }
}

extension Table {
  /// Some columns of some rows [rows, columns].
  fileprivate func values(of columns: [Int], rows: Range<Int>) -> [Float] {
    var found: [Float] = []
    found.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns { found.append(values[row * self.columns.count + column]) }
    }
    return found
  }
}
