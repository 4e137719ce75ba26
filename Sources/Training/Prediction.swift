import Recurrent
import RunStore
import Sequences

/// A trained network that runs over data, from the zero state at each stream's start.
public struct Predictor {
  /// The network's sizes.
  public let configuration: NetworkConfiguration
  private let network: Network
  private let window: Window

  /// Rows that go through the network at a time; any number gives the same bits.
  private static let stretch = 256

  /// A network with given weights, under Keepstep's names.
  ///
  /// - Throws: `RecurrentError` when they don't fit the configuration.
  public init(_ configuration: NetworkConfiguration, weights: [NamedTensor], kernels: Kernels) throws {
    self.configuration = configuration
    network = try Network(configuration, kernels: kernels, seed: 0)
    try network.directory.load(weights, into: network.parameters)
    window = try Window(length: Self.stretch, batchSize: 1, configuration: configuration)
  }

  /// The network of a checkpoint.
  public init(_ recorded: RecordedRun, at checkpoint: CheckpointRecord, in reader: StoreReader, kernels: Kernels) throws
  {
    let weights = try reader.weights(checkpointID: checkpoint.id)
    try self.init(recorded.hyperparameters.network, weights: weights, kernels: kernels)
  }

  /// The outputs [rows, O] of one stream's inputs [rows, I], from the zero state.
  public func predict(_ inputs: [Float]) -> [Float] {
    let (I, O) = (configuration.inputSize, configuration.outputSize)
    var outputs: [Float] = []
    outputs.reserveCapacity(inputs.count / I * O)
    Kernels.resetFloatingPointMode()
    window.resetHidden()
    for first in stride(from: 0, to: inputs.count / I, by: Self.stretch) {
      let rows = min(Self.stretch, inputs.count / I - first)
      // Rows past the end keep old values; what comes of them is not looked at, nor is the state after them.
      for index in 0..<rows * I { window.inputs.pointer[index] = inputs[first * I + index] }
      network.forward(window)
      outputs.append(contentsOf: UnsafeBufferPointer(start: window.outputs.pointer, count: rows * O))
      window.carryHidden()
    }
    return outputs
  }
}

extension StoreReader {
  /// A checkpoint's weights, under Keepstep's names; its digest is checked.
  public func weights(checkpointID: Int64) throws -> [NamedTensor] {
    try tensors(checkpointID: checkpointID).filter { $0.kind == .weight }
      .map { NamedTensor(name: $0.name, shape: $0.shape, values: $0.values) }
  }
}
