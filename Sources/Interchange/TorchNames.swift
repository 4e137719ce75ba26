import Recurrent

/// The same network under Keepstep's names and under PyTorch's, `torch.nn.RNN` with a `torch.nn.Linear` behind it.
///
/// | PyTorch | Keepstep |
/// | --- | --- |
/// | `rnn.weight_ih_l0` [H, I] | `W_xh` [I, H], transposed |
/// | `rnn.weight_hh_l0` [H, H] | `W_hh` [H, H], transposed |
/// | `rnn.bias_ih_l0` [H] + `rnn.bias_hh_l0` [H] | `b_h` [H] |
/// | `out.weight` [O, H] | `W_hq` [H, O], transposed |
/// | `out.bias` [O] | `b_q` [O] |
///
/// One layer, one direction. A bias that is missing on one side is missing on the other (`bias=False`).
public enum TorchNames {
  /// PyTorch's tensors for Keepstep's.
  ///
  /// H(t) sees only the sum of PyTorch's two biases. `bias_ih_l0` is b_h/2 and `bias_hh_l0` the rest, b_h - b_h/2, so
  /// that their sum in float32 is b_h again, bit for bit.
  ///
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others.
  public static func export(_ tensors: [NamedTensor]) throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: "weights")
    let network = try Network(pool)
    try pool.refuse(
      besides: ["W_xh", "W_hh", "b_h", "W_hq", "b_q"],
      hint: "only networks of one layer and one direction have PyTorch's names")
    var result = [
      network.inputWeights.transposed(named: "rnn.weight_ih_l0"),
      network.hiddenWeights.transposed(named: "rnn.weight_hh_l0"),
    ]
    if let bias = network.hiddenBias {
      let half = bias.values.map { $0 / 2 }
      let rest = zip(bias.values, half).map { $0 - $1 }
      result.append(NamedTensor(name: "rnn.bias_ih_l0", shape: bias.shape, values: half))
      result.append(NamedTensor(name: "rnn.bias_hh_l0", shape: bias.shape, values: rest))
    }
    result.append(network.outputWeights.transposed(named: "out.weight"))
    if let bias = network.outputBias { result.append(bias.renamed("out.bias")) }
    return result
  }

  /// Whether a tensor's name is one that `torch.nn.RNN` gives, with any prefix.
  public static func isTorch(_ tensors: [NamedTensor]) -> Bool {
    tensors.contains { lastComponent($0.name).hasPrefix("weight_ih") }
  }

  /// The part of a name behind its last dot: `weight_ih_l0` of `model.encoder.weight_ih_l0`.
  static func lastComponent(_ name: String) -> Substring {
    name[(name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex)...]
  }
}

/// Keepstep's five tensors, whose shapes fit each other.
private struct Network {
  var inputWeights: NamedTensor
  var hiddenWeights: NamedTensor
  var hiddenBias: NamedTensor?
  var outputWeights: NamedTensor
  var outputBias: NamedTensor?

  init(_ pool: TensorPool) throws {
    inputWeights = try pool.tensor("W_xh", axes: 2)
    hiddenWeights = try pool.tensor("W_hh", axes: 2)
    outputWeights = try pool.tensor("W_hq", axes: 2)
    hiddenBias = pool["b_h"]
    outputBias = pool["b_q"]
    let (hidden, outputs) = (inputWeights.shape[1], outputWeights.shape[1])
    try pool.expect(hiddenWeights, shape: [hidden, hidden], from: inputWeights)
    try pool.expect(outputWeights, shape: [hidden, outputs], from: inputWeights)
    if let hiddenBias { try pool.expect(hiddenBias, shape: [hidden], from: inputWeights) }
    if let outputBias { try pool.expect(outputBias, shape: [outputs], from: outputWeights) }
  }
}
