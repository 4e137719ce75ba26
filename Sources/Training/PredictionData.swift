import Sequences

/// The rows that a network predicts, in the data's order, with the streams' beginnings as in training.
public struct PredictionData: Sendable {
  /// Inputs [rows, I].
  public private(set) var inputs: [Float] = []
  /// Targets [rows, O]; NaN where a row has none, as the last `shift` rows of a sequence.
  public private(set) var targets: [Float] = []
  /// Where a picture puts each row: the phase in radians of the sine task, the row's number elsewhere.
  public private(set) var positions: [Double] = []
  /// The rows at which a stream begins, in ascending order.
  public private(set) var streamStarts: [Int] = []
  /// Rows of one sequence, where there are several.
  public private(set) var sequenceLength: Int?
  /// Rows.
  public var rowCount: Int { positions.count }

  /// The rows of a table: each has an input; rows that training leaves out at the end go on with the last stream.
  public init(_ table: Table, _ hyperparameters: Hyperparameters) throws {
    let task = try TableTask(
      table: table, inputs: hyperparameters.inputs, targets: hyperparameters.targets, shift: hyperparameters.shift,
      window: 1, batchSize: table.sequenceCount > 1 ? 1 : hyperparameters.batchSize)
    let none = [Float](repeating: .nan, count: hyperparameters.targets.count)
    for row in 0..<table.rowCount {
      inputs.append(contentsOf: task.inputs(row: row) ?? [])
      targets.append(contentsOf: task.targets(row: row) ?? none)
      positions.append(Double(row))
    }
    streamStarts = task.streamStarts
    sequenceLength = table.sequenceCount > 1 ? table.sequenceLength : nil
  }

  /// The first windows of the sine task, stream by stream.
  public init(_ sine: SineTask, windows: Int) {
    let (T, B) = (sine.window, sine.batchSize)
    var x = [Float](repeating: 0, count: T * B)
    var y = x
    let filled: [(x: [Float], y: [Float])] = (0..<windows).map { index in
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          guard let x = x.baseAddress, let y = y.baseAddress else { return }
          sine.fill(window: index, inputs: x, targets: y)
        }
      }
      return (x, y)
    }
    for b in 0..<B {
      streamStarts.append(rowCount)
      for (index, window) in filled.enumerated() {
        for t in 0..<T {
          inputs.append(window.x[t * B + b])
          targets.append(window.y[t * B + b])
          positions.append(sine.phase(window: index, time: t, stream: b))
        }
      }
    }
  }

  /// Each stream's rows.
  public var streams: [Range<Int>] {
    zip(streamStarts, streamStarts.dropFirst() + [rowCount]).map { $0..<$1 }
  }
}

extension Predictor {
  /// The outputs [rows, O] over all streams.
  public func predict(_ data: PredictionData) -> [Float] {
    let width = configuration.inputSize
    return data.streams.flatMap { predict(Array(data.inputs[$0.lowerBound * width..<$0.upperBound * width])) }
  }
}
