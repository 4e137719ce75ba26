import Recurrent
import RunStore
import Sequences
import Testing
import Training

@Suite struct PredictionTests {
  /// A learning rate that is zero in float32 leaves the weights as they are, so that one network trains and predicts.
  @Test(arguments: [1, 3]) func predictionsAreTheTrainingsOutputs(streams: Int) throws {
    let bench = try Bench()
    var request = try TrainingCase.table.request(steps: 10)
    request.hyperparameters.batchSize = streams
    request.hyperparameters.optimizer.learningRate = 1e-300
    try bench.train(request)
    let run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let table = try waves()
    let predictor = try Predictor(
      run, at: bench.reader.checkpoint(runID: 1, .last), in: bench.reader, kernels: bench.kernels)
    let rows = try PredictionData(table, run.hyperparameters)
    let outputs = predictor.predict(rows)
    #expect(outputs.count == table.rowCount)
    let task = try TableTask(
      table: table, inputs: ["level", "flow"], targets: ["flow"], shift: 1, window: 5, batchSize: streams)
    let losses = try bench.content().steps.map(\.loss)
    for w in 0..<min(10, try #require(task.windowsPerPass)) {
      let cells = (0..<5).flatMap { t in (0..<streams).map { task.row(window: w, time: t, stream: $0) } }
      let squares = cells.map { row in
        let error = Double(outputs[row]) - Double(rows.targets[row])
        return error * error
      }
      let expected = squares.reduce(0, +) / Double(cells.count)
      #expect(abs(losses[w] - expected) <= 1e-6 * expected, "window \(w)")
    }
  }

  @Test(arguments: [1, 7, 50, 700]) func theStretchDoesNotMatter(length: Int) throws {
    let configuration = NetworkConfiguration(inputSize: 2, hiddenSize: 12, outputSize: 2)
    let kernels = try Kernels()
    let network = try Network(configuration, kernels: kernels, seed: 5)
    let inputs = try waves(rows: 700).values
    let predictor = try Predictor(
      configuration, weights: network.directory.tensors(in: network.parameters), windowLength: 10,
      kernels: kernels)
    let outputs = predictor.predict(inputs)
    let window = try Window(length: length, batchSize: 1, configuration: configuration)
    var expected: [Float] = []
    for first in stride(from: 0, to: 700, by: length) {
      for index in 0..<length * 2 { window.inputs.pointer[index] = inputs[first * 2 + index] }
      network.forward(window)
      expected += window.outputs.values
      window.carryStates()
    }
    #expect(outputs.map(\.bitPattern) == expected.map(\.bitPattern))
    #expect(predictor.predict(Array(inputs.prefix(2 * 300))) == Array(outputs.prefix(2 * 300)))
    #expect(predictor.predict(inputs) == outputs, "nothing is left from before")
    #expect(predictor.predict([Float]()) == [])
  }

  @Test func everyStreamBeginsAtZero() throws {
    let bench = try Bench()
    var request = try TrainingCase.table.request(steps: 30)
    request.hyperparameters.batchSize = 3
    try bench.train(request)
    let run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let predictor = try Predictor(
      run, at: bench.reader.checkpoint(runID: 1, .best), in: bench.reader, kernels: bench.kernels)
    let rows = try PredictionData(try waves(), run.hyperparameters)
    let outputs = predictor.predict(rows)
    for stream in rows.streams {
      let inputs = Array(rows.inputs[2 * stream.lowerBound..<2 * stream.upperBound])
      #expect(predictor.predict(inputs) == Array(outputs[stream]))
    }
  }

  @Test func instructionSetsAgree() throws {
    let bench = try Bench()
    try bench.train(TrainingRequest())
    let run = try RecordedRun(try bench.reader.run("1"), in: bench.reader)
    let checkpoint = try bench.reader.checkpoint(runID: 1, .last)
    let rows = PredictionData(try SineTask(window: 10, batchSize: 1), windows: 4)
    let outputs = try allKernels().map { kernels in
      try Predictor(run, at: checkpoint, in: bench.reader, kernels: kernels).predict(rows).map(\.bitPattern)
    }
    #expect(Set(outputs).count == 1)
  }

  @Test func aDamagedCheckpointDoesNotPredict() throws {
    let bench = try Bench()
    try bench.train(try TrainingCase.all[0].request())
    let damaged = try bench.alteredCopy(damage(step: 42))
    let run = try RecordedRun(try damaged.reader.run("1"), in: damaged.reader)
    let checkpoint = try damaged.reader.checkpoint(runID: 1, .step(42))
    let error = try #require(throws: StoreError.self) {
      _ = try Predictor(run, at: checkpoint, in: damaged.reader, kernels: damaged.kernels)
    }
    #expect(error.kind == .damaged)
  }
}
