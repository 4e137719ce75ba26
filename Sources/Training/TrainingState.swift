import Recurrent
import RunStore

/// What a checkpoint is: all that must survive after a step, and nothing else.
///
/// Weights, the optimizer's moments and the carried states are here; the position in the data, the optimizer's step
/// count and all random numbers are functions of `step`; what the monitor and the schedule know follows from the
/// recorded rows.
final class TrainingState {
  let directory: TensorDirectory
  let weights: FloatBuffer
  /// The optimizer's moments, by the name that is added to a tensor's.
  let moments: [(name: String, buffer: FloatBuffer)]
  /// H(t) of each layer and direction, and an LSTM's C(t), which the next window starts from.
  let states: TensorDirectory
  let stateValues: FloatBuffer
  /// Steps taken.
  var step = 0
  /// The monitored value, when it was taken at `step`.
  var monitorValue: Double?
  /// Why this state is kept.
  var reason = CheckpointReason.start

  init(_ hyperparameters: Hyperparameters) throws {
    let directory = TensorDirectory(hyperparameters.network)
    self.directory = directory
    weights = try FloatBuffer(count: directory.count)
    moments = try hyperparameters.optimizer.momentNames.map { ($0, try FloatBuffer(count: directory.count)) }
    states = TensorDirectory(statesOf: hyperparameters.network, batchSize: hyperparameters.batchSize)
    stateValues = try FloatBuffer(count: states.count)
  }

  /// Bytes of one state, for bounding how many wait for the store.
  var byteCount: Int { 4 * ((1 + moments.count) * directory.count + states.count) }

  /// The tensors of a checkpoint; allocates.
  func tensors() -> [CheckpointTensor] {
    func tensors(_ kind: TensorKind, _ directory: TensorDirectory, _ buffer: FloatBuffer, suffix: String = "")
      -> [CheckpointTensor]
    {
      directory.tensors(in: buffer).map {
        CheckpointTensor(kind: kind, name: $0.name + suffix, shape: $0.shape, values: $0.values)
      }
    }
    return tensors(.weight, directory, weights)
      + moments.flatMap { tensors(.optimizer, directory, $0.buffer, suffix: "." + $0.name) }
      + tensors(.hidden, states, stateValues)
  }

  /// Takes a checkpoint's tensors in.
  ///
  /// - Parameter withMoments: are the optimizer's among them? Otherwise they are left at zero.
  /// - Throws: `RecurrentError` when a tensor is missing, unknown or of another shape.
  func load(_ tensors: [CheckpointTensor], step: Int, withMoments: Bool = true) throws {
    func named(_ kind: TensorKind, suffix: String = "") -> [NamedTensor] {
      tensors.filter { $0.kind == kind && $0.name.hasSuffix(suffix) }
        .map { NamedTensor(name: String($0.name.dropLast(suffix.count)), shape: $0.shape, values: $0.values) }
    }
    try directory.load(named(.weight), into: weights)
    for moment in moments where withMoments {
      try directory.load(named(.optimizer, suffix: "." + moment.name), into: moment.buffer)
    }
    try states.load(named(.hidden), into: stateValues)
    self.step = step
  }
}
