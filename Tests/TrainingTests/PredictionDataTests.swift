import Foundation
import RunStore
import Sequences
import Testing
import Training

@Suite struct PredictionDataTests {
  @Test func everyRowOfATableIsThere() throws {
    let table = try waves()
    let values = try TrainingCase.all[4].request().hyperparameters
    let data = try PredictionData(table, values)
    #expect(data.rowCount == 53)
    #expect(data.positions == (0..<53).map(Double.init))
    let (flow, level) = (0..<53).reduce(into: ([Float](), [Float]())) { columns, row in
      columns.0.append(table.values[2 * row])
      columns.1.append(table.values[2 * row + 1])
    }
    #expect(data.inputs == zip(level, flow).flatMap { [$0, $1] }, "in the order in which they are named")
    #expect(
      Array(data.targets.dropLast()) == Array(flow.dropFirst()) && data.targets[52].isNaN,
      "one row ahead; the last row has none")
    // 52 rows have a target: 17 for each of three streams, and what is left over goes on with the last one.
    #expect(data.streamStarts == [0, 17, 34])
    #expect(data.streams == [0..<17, 17..<34, 34..<53])
  }

  @Test func streamsBeginWhereTheTrainingsDo() throws {
    let values = try TrainingCase.all[4].request().hyperparameters
    let task = try TableTask(
      table: try waves(), inputs: values.inputs, targets: values.targets, shift: 1, window: 5, batchSize: 3)
    let data = try PredictionData(try waves(), values)
    #expect(data.streamStarts == (0..<3).map { task.row(window: 0, time: 0, stream: $0) })
  }

  @Test func tooFewRowsAreRefused() throws {
    var values = try TrainingCase.table.request().hyperparameters
    values.shift = 53
    #expect(throws: SequenceError.self) { try PredictionData(try waves(), values) }
    #expect(throws: SequenceError.self) {
      try PredictionData(try Table(source: "x.csv", columns: ["flow"], values: [1, 2, 3]), values)
    }
  }

  @Test(arguments: [1, 2]) func sineWindowsFollowEachOther(streams: Int) throws {
    let sine = try SineTask(window: 10, batchSize: streams)
    let data = PredictionData(sine, windows: 3)
    #expect(data.rowCount == 30 * streams)
    #expect(data.streamStarts == (0..<streams).map { 30 * $0 })
    for (row, phase) in data.positions.enumerated() {
      let (stream, index) = row.quotientAndRemainder(dividingBy: 30)
      let expected = (Double(index / 10) + Double(index % 10) / 9 + Double(2 * stream) / Double(streams)) * Double.pi
      #expect(abs(phase - expected) < 1e-12)
      #expect(abs(data.inputs[row] - Float(sin(phase))) < 1e-6)
      #expect(abs(data.targets[row] - Float(cos(phase))) < 1e-6)
    }
    #expect(PredictionData(sine, windows: 0).rowCount == 0)
  }

  @Test func aRunPredictsAnotherFile() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.table.request(steps: 7))
    let other = try waves(rows: 20, salt: 9)
    let path = try bench.folder.write(csv(other), to: "other.csv")
    let record = try bench.reader.run("1")
    #expect(throws: TrainingError.self) { try RecordedRun(record, in: bench.reader, dataPath: path) }
    let run = try RecordedRun.forPrediction(record, in: bench.reader, dataPath: path)
    guard case .table(let table) = run.data else {
      Issue.record("a table's run predicts a table")
      return
    }
    #expect(table.rowCount == 20)
    let predictor = try Predictor(
      run, at: bench.reader.checkpoint(runID: 1, .last), in: bench.reader, kernels: bench.kernels)
    #expect(predictor.predict(try PredictionData(table, run.hyperparameters)).count == 20)
  }
}
