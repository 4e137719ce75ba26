import Recurrent

/// The same network under the names of MLX and MLX Swift: `RNN`, `LSTM` or `GRU` of `mlx.nn` and `MLXNN`, one for each
/// layer, with one `Linear` on top of their states.
///
/// MLX's layers have one direction and one layer each, so a model keeps them in arrays: `layers`, and `reverse_layers`
/// for the backward directions, which see the time steps (and are read) in reverse.
///
/// | MLX | Keepstep |
/// | --- | --- |
/// | `layers.0.Wx` [G·H, I], an RNN's `Wxh` | `W_xh` [I, G·H], transposed |
/// | `layers.0.Wh` [G·H, H], an RNN's `Whh` | `W_hh` [H, G·H], transposed |
/// | `layers.0.bias` [G·H] | RNN, LSTM: `b_h` [G·H] |
/// | `layers.0.b` [3H], `layers.0.bhn` [H] | GRU: `b_h` [2H] and behind it `b_xn` [H]; `b_hn` [H] |
/// | `out.weight` [O, D·H] | `W_hq` [D·H, O], transposed |
/// | `out.bias` [O] | `b_q` [O] |
///
/// The gates have the same order in both. Give MLX Swift's GRU its first state (`hidden: zeros`): without one it leaves
/// `bhn` out of the first time step.
public enum MLXNames {
  /// MLX's tensors for Keepstep's, layer by layer.
  ///
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others, and for
  ///   an LSTM with a projection, which MLX does not have.
  public static func export(_ tensors: [NamedTensor]) throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: "weights", hint: NetworkShape.hint)
    let network = try NetworkShape(pool, naming: .keepstep)
    guard network.projectionSize == 0 else {
      throw InterchangeError(
        message: "weights: MLX's LSTM has no projection, and this one projects \(network.hiddenSize) hidden units to "
          + "\(network.projectionSize)",
        hint: "--names keepstep and --names torch have one")
    }
    var result: [NamedTensor] = []
    for place in network.layers { result += try layer(pool, network, place) }
    result.append(try pool.tensor("W_hq", axes: 2).transposed(named: "out.weight"))
    if network.hasOutputBias { result.append(try pool.tensor("b_q", axes: 1).renamed("out.bias")) }
    return result
  }

  private static func layer(
    _ pool: TensorPool, _ network: NetworkShape, _ place: LayerDirection
  ) throws -> [NamedTensor] {
    let prefix = "\(place.isReverse ? "reverse_layers" : "layers").\(place.layer)."
    let (input, hidden) = network.cell == .rnn ? ("Wxh", "Whh") : ("Wx", "Wh")
    func own(_ stem: String, axes: Int) throws -> NamedTensor {
      try pool.tensor(TensorNaming.keepstep.name(stem, place), axes: axes)
    }
    var tensors = [
      try own("W_xh", axes: 2).transposed(named: prefix + input),
      try own("W_hh", axes: 2).transposed(named: prefix + hidden),
    ]
    guard network.hasBias else { return tensors }
    let bias = try own("b_h", axes: 1)
    if network.cell == .gru {
      let values = bias.values + (try own("b_xn", axes: 1).values)
      tensors.append(NamedTensor(name: prefix + "b", shape: [values.count], values: values))
      tensors.append(try own("b_hn", axes: 1).renamed(prefix + "bhn"))
    } else {
      tensors.append(bias.renamed(prefix + "bias"))
    }
    return tensors
  }
}
