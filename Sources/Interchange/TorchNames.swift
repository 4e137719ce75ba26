import Recurrent

/// The same network under Keepstep's names and under PyTorch's: `torch.nn.RNN`, `LSTM` or `GRU`, with one
/// `torch.nn.Linear` on top of its states.
///
/// I inputs of a layer, H hidden units, P what a layer hands on in one direction (`proj_size`, or H), O outputs, D
/// directions, and G gates: an RNN has one, an LSTM i, f, g, o, a GRU r, z, n, in this order along an axis G·H.
///
/// | PyTorch | Keepstep |
/// | --- | --- |
/// | `rnn.weight_ih_l0` [G·H, I] | `W_xh` [I, G·H], transposed |
/// | `rnn.weight_hh_l0` [G·H, P] | `W_hh` [P, G·H], transposed |
/// | `rnn.bias_ih_l0` [G·H] + `rnn.bias_hh_l0` [G·H] | RNN, LSTM: `b_h` [G·H]; GRU: `b_h` [2H], r and z alone |
/// | `rnn.bias_ih_l0` [2H:3H], `rnn.bias_hh_l0` [2H:3H] | GRU: `b_xn` [H], `b_hn` [H], n's two biases |
/// | `rnn.weight_hr_l0` [P, H] | LSTM with `proj_size`: `W_hr` [H, P], transposed |
/// | `out.weight` [O, D·P] | `W_hq` [D·P, O], transposed |
/// | `out.bias` [O] | `b_q` [O] |
///
/// Layers above the first (I = D·P) end with `_l1`, `_l2`, … in both, backward directions with `_reverse`. Tensors
/// follow each other layer by layer, in a layer direction by direction, and there as the weights of this table, their
/// biases, and the projection; the output layer is last. A bias that is missing on one side is missing on the other
/// (`bias=False`).
public enum TorchNames {
  /// PyTorch's tensors for Keepstep's; the recurrent layers' prefix is `rnn.` for every cell, the output layer's `out.`.
  ///
  /// A cell sees only the sum of PyTorch's two biases. `bias_ih_l0` is b_h/2 and `bias_hh_l0` the rest, b_h - b_h/2, so
  /// that their sum in float32 is b_h again, bit for bit.
  ///
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others.
  public static func export(_ tensors: [NamedTensor]) throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: "weights", hint: NetworkShape.hint)
    return try convert(pool, from: .keepstep, to: .torch(prefix: "rnn.", output: "out.")) { biases, _ in
      let half = biases[0].map { $0 / 2 }
      let rest = zip(biases[0], half).map { $0 - $1 }
      // A GRU's candidate has its two biases in Keepstep, too.
      return biases.count == 3 ? [half + biases[1], rest + biases[2]] : [half, rest]
    }
  }

  /// The tensors of `pool` under other names: matrices transposed, the biases of each layer and direction by `rebias`.
  static func convert(
    _ pool: TensorPool, from source: TensorNaming, to target: TensorNaming,
    rebias: (_ biases: [[Float]], _ network: NetworkShape) -> [[Float]]
  ) throws -> [NamedTensor] {
    let network = try NetworkShape(pool, naming: source)
    var result: [NamedTensor] = []
    func transpose(_ name: String, to other: String) {
      if let matrix = pool[name] { result.append(matrix.transposed(named: other)) }
    }
    for place in network.layers {
      func name(_ naming: TensorNaming, _ stem: String) -> String { naming.name(stem, place) }
      transpose(name(source, source.inputWeights), to: name(target, target.inputWeights))
      transpose(name(source, source.hiddenWeights), to: name(target, target.hiddenWeights))
      if network.hasBias {
        let biases = source.biases(of: network).compactMap { pool[name(source, $0.stem)]?.values }
        for (bias, values) in zip(target.biases(of: network), rebias(biases, network)) {
          result.append(NamedTensor(name: name(target, bias.stem), shape: [bias.count], values: values))
        }
      }
      transpose(name(source, source.projection), to: name(target, target.projection))
    }
    transpose(source.outputWeights, to: target.outputWeights)
    if let bias = pool[source.outputBias] { result.append(bias.renamed(target.outputBias)) }
    return result
  }

  /// Whether a tensor's name is one that `torch.nn.RNN`, `LSTM` or `GRU` gives, with any prefix.
  public static func isTorch(_ tensors: [NamedTensor]) -> Bool {
    tensors.contains { lastComponent($0.name).hasPrefix("weight_ih") }
  }

  /// The part of a name behind its last dot: `weight_ih_l0` of `model.encoder.weight_ih_l0`.
  static func lastComponent(_ name: String) -> Substring {
    name[(name.lastIndex(of: ".").map { name.index(after: $0) } ?? name.startIndex)...]
  }
}
