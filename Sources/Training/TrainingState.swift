import Recurrent
import RunStore

/// What a checkpoint is: all that must survive after a step, and nothing else.
///
/// Weights, the optimizer's moments and the carried hidden state are here; the position in the data, Adam's step count
/// and all random numbers are functions of `step`; the monitor's state follows from the recorded rows.
final class TrainingState {
  let directory: TensorDirectory
  let weights: FloatBuffer
  let m: FloatBuffer
  let v: FloatBuffer
  /// H(t) [B, H], which the next window starts from.
  let hidden: FloatBuffer
  let hiddenShape: [Int]
  /// Steps taken.
  var step = 0
  /// The monitored value, when it was taken at `step`.
  var monitorValue: Double?
  /// Why this state is kept.
  var reason = CheckpointReason.start

  init(_ network: NetworkConfiguration, batchSize: Int) throws {
    directory = TensorDirectory(network)
    weights = try FloatBuffer(count: directory.count)
    m = try FloatBuffer(count: directory.count)
    v = try FloatBuffer(count: directory.count)
    hidden = try FloatBuffer(count: batchSize * network.hiddenSize)
    hiddenShape = [batchSize, network.hiddenSize]
  }

  /// Bytes of one state, for bounding how many wait for the store.
  var byteCount: Int { 4 * (3 * directory.count + hidden.count) }

  /// The tensors of a checkpoint; allocates.
  func tensors() -> [CheckpointTensor] {
    var all: [CheckpointTensor] = []
    for tensor in directory.tensors(in: weights) {
      all.append(CheckpointTensor(kind: .weight, name: tensor.name, shape: tensor.shape, values: tensor.values))
    }
    for (suffix, buffer) in [("m", m), ("v", v)] {
      for tensor in directory.tensors(in: buffer) {
        all.append(
          CheckpointTensor(
            kind: .optimizer, name: "\(tensor.name).\(suffix)", shape: tensor.shape, values: tensor.values))
      }
    }
    all.append(CheckpointTensor(kind: .hidden, name: "H", shape: hiddenShape, values: hidden.values))
    return all
  }

  /// Takes a checkpoint's tensors in.
  ///
  /// - Throws: `RecurrentError` when a tensor is missing, unknown or of another shape.
  func load(_ tensors: [CheckpointTensor], step: Int) throws {
    func named(_ kind: TensorKind, suffix: String = "") -> [NamedTensor] {
      tensors.filter { $0.kind == kind && $0.name.hasSuffix(suffix) }
        .map { NamedTensor(name: String($0.name.dropLast(suffix.count)), shape: $0.shape, values: $0.values) }
    }
    try directory.load(named(.weight), into: weights)
    try directory.load(named(.optimizer, suffix: ".m"), into: m)
    try directory.load(named(.optimizer, suffix: ".v"), into: v)
    guard let h = tensors.first(where: { $0.kind == .hidden && $0.name == "H" }), h.shape == hiddenShape else {
      let found = tensors.filter { $0.kind == .hidden }.map { "\($0.name) \($0.shape)" }
      throw TrainingError("cannot go on from step \(step): its hidden states are \(found), not H \(hiddenShape)")
    }
    for (index, value) in h.values.enumerated() { hidden.pointer[index] = value }
    self.step = step
  }
}
