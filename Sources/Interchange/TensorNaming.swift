/// A program's names for a network's tensors, and how it lays them out.
struct TensorNaming {
  /// PyTorch's matrices are [to, from] and its biases two of each gate; Keepstep's are [from, to] and the sums.
  let isTorch: Bool
  /// What stands before the names of all layers' tensors.
  let prefix: String
  /// Beginnings of the names of what each layer has in each direction.
  let inputWeights, hiddenWeights, projection: String
  /// Likewise; which of them there are depends on the cell.
  let biases: [String]
  /// The whole names of the output layer's.
  let outputWeights, outputBias: String

  /// Keepstep's.
  static let keepstep = TensorNaming(
    isTorch: false, prefix: "", inputWeights: "W_xh", hiddenWeights: "W_hh", projection: "W_hr",
    biases: ["b_h", "b_xn", "b_hn"], outputWeights: "W_hq", outputBias: "b_q")

  /// PyTorch's, with what stands before the names of the recurrent layers and of the output layer: `rnn.`, `out.`.
  static func torch(prefix: String, output: String) -> TensorNaming {
    TensorNaming(
      isTorch: true, prefix: prefix, inputWeights: "weight_ih", hiddenWeights: "weight_hh", projection: "weight_hr",
      biases: ["bias_ih", "bias_hh"], outputWeights: output + "weight", outputBias: output + "bias")
  }

  /// A matrix's shape.
  func matrix(from: Int, to: Int) -> [Int] { isTorch ? [to, from] : [from, to] }

  /// The same from a matrix's shape.
  func widths(_ shape: [Int]) -> (from: Int, to: Int) { isTorch ? (shape[1], shape[0]) : (shape[0], shape[1]) }

  /// The biases of a layer in one direction, and how many values each has.
  func biases(of network: NetworkShape) -> [(stem: String, count: Int)] {
    let (hidden, units) = (network.hiddenSize, network.gateUnits)
    if isTorch { return biases.map { ($0, units) } }
    // A GRU's r stands between the candidate's two biases, so they are no sum.
    return network.cell == .gru ? Array(zip(biases, [2 * hidden, hidden, hidden])) : [(biases[0], units)]
  }

  /// The whole name of a layer's tensor: `rnn.weight_ih_l0`, `W_xh_l1_reverse`.
  func name(_ stem: String, _ place: LayerDirection) -> String {
    let number = place.layer > 0 || isTorch ? "_l\(place.layer)" : ""
    return prefix + stem + number + (place.isReverse ? "_reverse" : "")
  }

  /// The opposite of `name`; nil when `name` is none that it makes.
  func parse(_ name: String) -> (stem: String, place: LayerDirection)? {
    for stem in [inputWeights, hiddenWeights, projection] + biases where name.hasPrefix(prefix + stem) {
      var number = name.dropFirst(prefix.count + stem.count)
      let isReverse = number.hasSuffix("_reverse")
      if isReverse { number = number.dropLast("_reverse".count) }
      let place = LayerDirection(layer: Int(number.dropFirst("_l".count)) ?? 0, isReverse: isReverse)
      // Not so for "_l01", "_l+1" and "_x1".
      if self.name(stem, place) == name { return (stem, place) }
    }
    return nil
  }
}

/// One direction of one layer.
struct LayerDirection: Hashable {
  /// From 0.
  var layer: Int
  /// Does it run from the last time step to the first?
  var isReverse: Bool
}
