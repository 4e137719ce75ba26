import Recurrent
import RunStore
import Sequences
import Testing
import Training

@Suite struct HyperparametersTests {
  @Test func theDefaultsAreTheSeedScripts() {
    let seed = Hyperparameters()
    #expect(
      seed.network
        == NetworkConfiguration(
          inputSize: 1, hiddenSize: 32, outputSize: 1, nonlinearity: .tanh, hasBias: true, hasOutputBias: true,
          biases: .two))
    #expect((seed.window, seed.batchSize, seed.optimizer.learningRate) == (10, 1, 0.02))
    #expect((seed.optimizer.beta1, seed.optimizer.beta2, seed.optimizer.epsilon) == (0.9, 0.999, 1e-8))
    #expect((seed.checkpointEvery, seed.keep, seed.evaluateEvery, seed.recordHiddenEvery) == (100, 10, 10, 10))
    #expect(TrainingRequest().steps == 300)
  }

  @Test func everyValueComesBack() throws {
    var values = Hyperparameters()
    values.data = "a \"strange\" ~/ü.csv"
    values.inputs = ["level", "flow, in m³/s", "\"q\""]
    values.targets = ["flow", "a/b"]
    (values.shift, values.window, values.batchSize, values.dataOrigin) = (2, 3, 4, 5)
    (values.hiddenSize, values.nonlinearity, values.hasBias, values.hasOutputBias) = (6, .relu, false, false)
    (values.biases, values.initialization) = (.one, "weights.npz")
    values.optimizer = OptimizerSettings(.adam, learningRate: 0.1)
    (values.optimizer.beta1, values.optimizer.beta2, values.optimizer.epsilon) = (0.8, 0.99, 1e-7)
    (values.checkpointEvery, values.keep, values.evaluateEvery, values.recordHiddenEvery) = (7, nil, 8, 9)
    #expect(try Hyperparameters(stored: values.stored) == values)
    values.keep = 12
    #expect(try Hyperparameters(stored: values.stored) == values)
    #expect(try Hyperparameters(stored: Hyperparameters().stored) == Hyperparameters())
  }

  @Test func partsScalingSeriesAndMonitorComeBackAndAreOnlyThereWhereTheyAreSet() throws {
    let names = ["validation", "test", "scaling", "index", "series", "layout", "monitor", "early_stopping"]
    #expect(Hyperparameters().stored.keys.filter(names.contains) == [])
    var values = try TrainingCase.table.request().hyperparameters
    values.split = try Split(validation: 0.2, test: 0.1)
    values.fitScaling(.standard, to: try waves())
    (values.index, values.series, values.layout) = ("date", "river", try series().layout?.text())
    (values.monitor, values.earlyStopping) = (.loss, 7)
    #expect(values.stored.keys.filter(names.contains).count == names.count)
    #expect(try Hyperparameters(stored: values.stored) == values)
  }

  @Test func theValidationLossIsWatchedWhereThereIsOne() throws {
    var values = try TrainingCase.table.request().hyperparameters
    #expect(values.monitored == .loss)
    values.split = try Split(validation: 0, test: 0.5)
    #expect(values.monitored == .loss)
    values.split = try Split(validation: 0.2, test: 0)
    #expect(values.monitored == .validationLoss)
    values.monitor = .loss
    #expect(values.monitored == .loss)
  }

  @Test func scalingGoesByTheTrainingPartAlone() throws {
    var values = try TrainingCase.table.request().hyperparameters
    values.split = try Split(validation: 0.2, test: 0.1)
    values.fitScaling(.minmax, to: try waves())
    let flow = try waves().values.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).prefix(37)
    let (low, high) = (try #require(flow.min()), try #require(flow.max()))
    #expect(values.scaling.numbers(of: ["flow"])[0] == (Double(low), Double(high) - Double(low)))
  }

  @Test func numbersAreStoredAsNumbers() throws {
    let bench = try Bench()
    var request = TrainingRequest()
    request.steps = 0
    request.hyperparameters.optimizer.learningRate = 1
    request.hyperparameters.keep = nil
    try bench.train(request)
    let types = try bench.folder.sqlite3(
      """
      SELECT name || ' ' || typeof(value) || ' ' || value FROM hyperparameters
      WHERE name IN ('bias', 'hidden_size', 'learning_rate', 'inputs', 'keep', 'cell', 'input_size') ORDER BY name
      """)
    #expect(
      types.split(separator: "\n") == [
        "bias integer 1", "cell text rnn", "hidden_size integer 32", "input_size integer 1", "inputs text [\"sin\"]",
        "keep text all", "learning_rate real 1.0",
      ])
    let stored = try bench.reader.hyperparameters(runID: 1)
    #expect(stored == request.hyperparameters.stored)
  }

  @Test func aRowThatIsNotUnderstoodIsNamed() throws {
    let good = Hyperparameters().stored
    // Derived values, and what runs of version 0.1.0 don't have.
    let optional = [
      "input_size", "output_size", "sequences", "batch_first", "proj_size", "dropout", "weight_decay",
      "optimizer_origin", "schedule", "warmup_steps", "warmup_start",
    ]
    #expect(try Hyperparameters(stored: good.filter { !optional.contains($0.key) }) == Hyperparameters())
    for name in good.keys where !optional.contains(name) {
      var rows = good
      rows[name] = nil
      let error = try #require(throws: TrainingError.self, "\(name)") { _ = try Hyperparameters(stored: rows) }
      #expect(error.message.contains("\"\(name)\" is missing"), "\(error.message)")
    }
    for (name, value) in [
      ("cell", .text("ltsm")), ("optimizer", .text("lion")), ("loss", .text("hinge")), ("schedule", .text("fast")),
      ("nonlinearity", .text("gelu")),
      ("biases", .integer(2)), ("window", .real(10)), ("inputs", .text("sin")), ("learning_rate", .text("fast")),
    ] as [(String, HyperparameterValue)] {
      var rows = good
      rows[name] = value
      let error = try #require(throws: TrainingError.self, "\(name)") { _ = try Hyperparameters(stored: rows) }
      #expect(error.message.contains("\"\(name)\" is"), "\(error.message)")
    }
    var rows = good
    rows["learning_rate"] = .integer(1)
    #expect(try Hyperparameters(stored: rows).optimizer.learningRate == 1)
  }

  @Test(
    arguments: [
      Refusal("hidden size") { $0.hiddenSize = 0 }, Refusal("window") { $0.window = 0 },
      Refusal("batch size") { $0.batchSize = 0 },
      Refusal("input size") { $0.inputs = [] }, Refusal("output size") { $0.targets = [] },
      Refusal("GB") { $0.hiddenSize = 4_000_000 },
      Refusal("GB") { $0.window = .max }, Refusal("--shift") { $0.shift = -1 },
      Refusal("--checkpoint-every") { $0.checkpointEvery = -1 },
      Refusal("--evaluate-every") { $0.evaluateEvery = .min },
      Refusal("--record-hidden-every") { $0.recordHiddenEvery = -1 },
      Refusal("--keep") { $0.keep = 0 }, Refusal("--learning-rate") { $0.optimizer.learningRate = -0.1 },
      Refusal("--learning-rate") { $0.optimizer.learningRate = .infinity },
      Refusal("--learning-rate") { $0.optimizer.learningRate = .nan },
      Refusal("--early-stopping") { $0.earlyStopping = 0 }, Refusal("--index") { $0.index = "date" },
      Refusal("--monitor") { $0.monitor = .validationLoss },
    ] as [Refusal<Hyperparameters>])
  func aValueOutOfRangeIsNamed(refusal: Refusal<Hyperparameters>) throws {
    var values = Hyperparameters()
    try values.validate()
    refusal.change(&values)
    let error = try #require(throws: (any Error).self) { try values.validate() }
    #expect(error.localizedDescription.contains(refusal.words), "\(error)")
  }
}
