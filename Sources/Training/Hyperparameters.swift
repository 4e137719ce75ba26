import Recurrent

/// Every value that shapes a run, but for its seed and its planned steps, which are columns of `runs`.
///
/// The defaults are the seed script's job: cos from sin, 32 hidden units, windows of 10, Adam with 0.02.
public struct Hyperparameters: Sendable, Hashable {
  /// `sine`, or the path of a CSV file as it was given.
  public var data = "sine"
  /// The columns that the network sees.
  public var inputs = ["sin"]
  /// The columns that it learns.
  public var targets = ["cos"]
  /// A row's targets stand that many rows later.
  public var shift = 0
  /// T, time steps of a window.
  public var window = 10
  /// B, parallel streams.
  public var batchSize = 1
  /// The step after which the data was read from its beginning: 0, or where a fork went over to other data.
  public var dataOrigin = 0
  /// A fork's parent, its uuid and the checkpoint's step: `ab515364-…@300`. Stays when the parent is removed.
  public var forkedFrom: String?

  /// H.
  public var hiddenSize = 32
  /// φ.
  public var nonlinearity = Nonlinearity.tanh
  /// Is there a `b_h`?
  public var hasBias = true
  /// Is there a `b_q`?
  public var hasOutputBias = true
  /// How `b_h` is trained.
  public var biases = Biases.two
  /// Where the untrained weights came from: `random`, or the path of a file.
  public var initialization = "random"

  /// Adam's scalars.
  public var adam = Adam.Settings(learningRate: 0.02)

  /// Steps between two checkpoints; 0 for none but the first, the best and the last.
  public var checkpointEvery = 100
  /// How many of the newest checkpoints stay; `nil` for all.
  public var keep: Int? = 10
  /// Steps between two evaluations; 0 for none.
  public var evaluateEvery = 10
  /// Steps between two recorded hidden states; 0 for none.
  public var recordHiddenEvery = 10

  /// The seed script's job.
  public init() {}

  /// The network that these values ask for.
  public var network: NetworkConfiguration {
    NetworkConfiguration(
      inputSize: inputs.count, hiddenSize: hiddenSize, outputSize: targets.count, nonlinearity: nonlinearity,
      hasBias: hasBias, hasOutputBias: hasOutputBias, biases: biases)
  }

  /// Checks every value.
  ///
  /// - Throws: `TrainingError` or `RecurrentError` naming the value and what it must be.
  public func validate() throws {
    try network.validate(window: window, batchSize: batchSize)
    let intervals = [
      ("--checkpoint-every", checkpointEvery), ("--evaluate-every", evaluateEvery),
      ("--record-hidden-every", recordHiddenEvery), ("--shift", shift),
    ]
    for (name, value) in intervals where value < 0 {
      throw TrainingError("\(name) is \(value), below 0", hint: "0 switches it off")
    }
    if let keep, keep < 1 {
      throw TrainingError("--keep is \(keep), below 1", hint: "name how many of the newest stay, or \"all\"")
    }
    guard adam.learningRate > 0, adam.learningRate.isFinite else {
      throw TrainingError("--learning-rate is \(adam.learningRate)", hint: "it must be a finite number above 0")
    }
  }
}
