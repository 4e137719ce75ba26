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
  /// The rows of each sequence, where there are several or they have names.
  public private(set) var sequences: [Range<Int>]?
  /// The sequences' names, where they have some.
  public private(set) var sequenceNames: [String]?
  /// The rows' labels, where they have some.
  public private(set) var index: SeriesIndex?
  /// The part in which each row's target lies, nil where it has none; nil where the data is not parted.
  public private(set) var parts: [Split.Part?]?
  /// Rows.
  public var rowCount: Int { positions.count }

  /// The rows of a table, in its own units: each has an input; rows that training leaves out at the end, and those of the
  /// validation and the test part, go on with the last stream.
  ///
  /// - Throws: `SequenceError` when a column is missing, there are too few rows, or a value is beyond what the run's scaling
  ///   leads to.
  public init(_ table: Table, _ hyperparameters: Hyperparameters) throws {
    _ = try hyperparameters.scaling.applied(to: table)
    let task = try TableTask(
      table: table, inputs: hyperparameters.inputs, targets: hyperparameters.targets, shift: hyperparameters.shift,
      window: 1, batchSize: 1)
    let none = [Float](repeating: .nan, count: hyperparameters.targets.count)
    for row in 0..<table.rowCount {
      inputs.append(contentsOf: task.inputs(row: row) ?? [])
      targets.append(contentsOf: task.targets(row: row) ?? none)
      positions.append(Double(row))
    }
    streamStarts = try hyperparameters.streamStarts(in: table)
    if table.sequenceCount > 1 || table.sequenceNames != nil {
      sequences = (0..<table.sequenceCount).map { table.rows(ofSequence: $0) }
    }
    sequenceNames = table.sequenceNames
    index = table.index
    if hyperparameters.split != .none { parts = Self.parts(of: table, hyperparameters) }
  }

  private static func parts(of table: Table, _ hyperparameters: Hyperparameters) -> [Split.Part?] {
    var parts = [Split.Part?](repeating: nil, count: table.rowCount)
    for part in Split.Part.allCases {
      for (number, rows) in hyperparameters.split.rows(part, of: table).enumerated() {
        let first = max(table.sequenceStarts[number], rows.lowerBound - hyperparameters.shift)
        for row in first..<max(first, rows.upperBound - hyperparameters.shift) { parts[row] = part }
      }
    }
    return parts
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

  /// The sequence, counted from 0, in which a row lies; 0 where there is only one.
  public func sequence(ofRow row: Int) -> Int {
    guard let sequences else { return 0 }
    var (low, high) = (0, sequences.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if sequences[middle].lowerBound <= row { low = middle } else { high = middle - 1 }
    }
    return low
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
