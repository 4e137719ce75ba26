import Recurrent

extension MLXNames {
  private static let hint =
    "read is what `keepstep export --names mlx` writes: layers.0.Wx (an RNN's Wxh), …, reverse_layers.0.Wx, …, out.weight"

  /// Keepstep's tensors for MLX's, under the names that `export` gives them.
  ///
  /// - Parameter tensors: all of a network, in any order.
  /// - Parameter source: the file they were read from, for messages.
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others.
  public static func `import`(_ tensors: [NamedTensor], source: String = "weights") throws -> [NamedTensor] {
    let pool = try TensorPool(tensors, source: source, hint: hint)
    let result = try pool.names.flatMap { name -> [NamedTensor] in
      guard let place = place(of: name) else {
        throw InterchangeError(
          message: "\(source): tensor \(quoted(name)) has no place in the network", hint: hint)
      }
      return try own(place.stem, place.layer, pool, name)
    }
    // Checks that they are one network's.
    _ = try NetworkShape(TensorPool(result, source: source, hint: hint), naming: .keepstep)
    return result
  }

  /// Whether a tensor's name is one that `export` gives a layer's.
  public static func isMLX(_ tensors: [NamedTensor]) -> Bool {
    tensors.contains { tensor in
      place(of: tensor.name).map { $0.stem.hasPrefix("Wx") } ?? false
    }
  }

  /// `Wx` and its layer, for `layers.0.Wx`; nil for a name of another kind.
  private static func place(of name: String) -> (stem: String, layer: LayerDirection)? {
    let first = LayerDirection(layer: 0, isReverse: false)
    if name == "out.weight" || name == "out.bias" { return (name, first) }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let layer = Int(parts[1]), String(layer) == parts[1],
      ["layers", "reverse_layers"].contains(parts[0]),
      ["Wxh", "Whh", "Wx", "Wh", "bias", "b", "bhn"].contains(parts[2])
    else { return nil }
    return (parts[2], LayerDirection(layer: layer, isReverse: parts[0] != "layers"))
  }

  /// Keepstep's tensor for one of MLX's, or two for a GRU's `b`.
  private static func own(
    _ stem: String, _ layer: LayerDirection, _ pool: TensorPool, _ name: String
  ) throws -> [NamedTensor] {
    func named(_ own: String) -> String { TensorNaming.keepstep.name(own, layer) }
    switch stem {
    case "Wxh", "Wx": return [try pool.tensor(name, axes: 2).transposed(named: named("W_xh"))]
    case "Whh", "Wh": return [try pool.tensor(name, axes: 2).transposed(named: named("W_hh"))]
    case "out.weight": return [try pool.tensor(name, axes: 2).transposed(named: "W_hq")]
    case "out.bias": return [try pool.tensor(name, axes: 1).renamed("b_q")]
    case "bias": return [try pool.tensor(name, axes: 1).renamed(named("b_h"))]
    case "bhn": return [try pool.tensor(name, axes: 1).renamed(named("b_hn"))]
    default:
      let values = try pool.tensor(name, axes: 1).values
      guard values.count % 3 == 0 else {
        throw InterchangeError(
          message: "\(pool.source): tensor \(quoted(name)) has \(values.count) values, and a GRU has three gates")
      }
      let (sums, candidate) = (Array(values.prefix(values.count / 3 * 2)), Array(values.suffix(values.count / 3)))
      return [
        NamedTensor(name: named("b_h"), shape: [sums.count], values: sums),
        NamedTensor(name: named("b_xn"), shape: [candidate.count], values: candidate),
      ]
    }
  }
}
