import Recurrent
import RunStore
import Sequences

/// A trained network that runs over data, from states of zero at each stream's start, without dropout.
///
/// A network with both directions sees its windows as in training, with the states carried from window to window as
/// `torch.nn.RNN` returns them; how one direction's rows are cut makes no difference.
public struct Predictor {
  /// The network's sizes.
  public let configuration: NetworkConfiguration
  /// Are the outputs the scores of classes?
  public let isClassifier: Bool
  /// How its inputs are scaled before the network sees them, and its outputs back.
  public let scaling: Scaling
  /// Does it see, and predict, changes from row to row?
  public let isDifferenced: Bool
  private let columns: (inputs: [String], targets: [String])
  private let network: Network
  private let window: Window

  /// Rows that go through a network of one direction at a time; any number gives the same bits.
  private static let stretch = 256

  /// A network with given weights, under Keepstep's names.
  ///
  /// - Parameter configuration: what the network is made of.
  /// - Parameter weights: all of its tensors, in any order.
  /// - Parameter windowLength: T of the windows that a network with both directions was trained on.
  /// - Parameter isClassifier: whether its outputs are the logits of classes.
  /// - Parameter scaling: how the columns were scaled that it was trained on.
  /// - Parameter columns: the names of its inputs and targets, as the scaling has them.
  /// - Parameter isDifferenced: whether it was trained on changes; its targets are then among its inputs, one row later.
  /// - Parameter kernels: what computes it.
  /// - Throws: `RecurrentError` when they don't fit the configuration.
  public init(
    _ configuration: NetworkConfiguration, weights: [NamedTensor], windowLength: Int, isClassifier: Bool = false,
    scaling: Scaling = .none, columns: (inputs: [String], targets: [String]) = ([], []), isDifferenced: Bool = false,
    kernels: Kernels
  ) throws {
    self.isDifferenced = isDifferenced
    self.scaling = scaling
    self.columns = columns
    self.configuration = configuration
    self.isClassifier = isClassifier
    let length = configuration.isBidirectional ? windowLength : Self.stretch
    let plan = ThreadPlan(configuration, window: length, batchSize: 1, threads: kernels.threads)
    network = try Network(configuration, kernels: kernels, seed: 0, plan: plan)
    try network.directory.load(weights, into: network.parameters)
    window = try Window(length: length, batchSize: 1, configuration: configuration)
  }

  /// The network of a checkpoint.
  public init(_ recorded: RecordedRun, at checkpoint: CheckpointRecord, in reader: StoreReader, kernels: Kernels) throws
  {
    let weights = try reader.weights(checkpointID: checkpoint.id)
    let hyperparameters = recorded.hyperparameters
    try self.init(
      hyperparameters.network, weights: weights, windowLength: hyperparameters.window,
      isClassifier: hyperparameters.loss.isClassification, scaling: hyperparameters.scaling,
      columns: (hyperparameters.inputs, hyperparameters.targets), isDifferenced: hyperparameters.isDifferenced,
      kernels: kernels)
  }

  /// The outputs [rows, O] of one stream's inputs [rows, I], from states of zero; both in the data's own units.
  ///
  /// - Parameter inputs: [rows, I].
  /// - Parameter previous: the inputs [I] of the row before, from which the first one's change is reckoned where the
  ///   network sees changes; nil where there is none, and then that change is zero.
  public func outputs(_ inputs: [Float], after previous: [Float]? = nil) -> [Float] {
    guard isDifferenced else { return ownOutputs(inputs) }
    let changes = Differences.changes(of: inputs, width: columns.inputs.count, after: previous)
    return Differences.sums(of: ownOutputs(changes), columns.targets, onto: inputs, columns.inputs)
  }

  /// The outputs [rows, O], of values or changes as the network knows them.
  private func ownOutputs(_ inputs: [Float]) -> [Float] {
    let inputs = scaling.applied(inputs, columns: columns.inputs)
    let (I, O) = (configuration.inputSize, configuration.outputSize)
    let rows = inputs.count / I
    var outputs: [Float] = []
    outputs.reserveCapacity(rows * O)
    Kernels.resetFloatingPointMode()
    for first in stride(from: 0, to: rows, by: window.capacity) {
      let length = min(window.capacity, rows - first)
      window.carryStates(length: length)
      if first == 0 { window.resetStates() }
      for index in 0..<length * I { window.inputs.pointer[index] = inputs[first * I + index] }
      network.forward(window)
      outputs.append(contentsOf: UnsafeBufferPointer(start: window.outputs.pointer, count: length * O))
    }
    return isClassifier ? outputs : scaling.undone(outputs, columns: columns.targets)
  }

  /// What is predicted for one stream's inputs [rows, I], from states of zero: a value for each target.
  ///
  /// A classifier's is the class with the greatest output, the first of equals.
  public func predict(_ inputs: [Float], after previous: [Float]? = nil) -> [Float] {
    let outputs = outputs(inputs, after: previous)
    guard isClassifier else { return outputs }
    let classes = configuration.outputSize
    return stride(from: 0, to: outputs.count, by: classes).map { first in
      Float((0..<classes).reduce(0) { outputs[first + $1] > outputs[first + $0] ? $1 : $0 })
    }
  }
}

extension StoreReader {
  /// A checkpoint's weights, under Keepstep's names; its digest is checked.
  public func weights(checkpointID: Int64) throws -> [NamedTensor] {
    try tensors(checkpointID: checkpointID).filter { $0.kind == .weight }
      .map { NamedTensor(name: $0.name, shape: $0.shape, values: $0.values) }
  }
}
