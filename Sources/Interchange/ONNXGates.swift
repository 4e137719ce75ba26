/// A layer's weights in one direction, as ONNX's operators have them.
///
/// ONNX's matrices are [G·H, from], ours [from, G·H]; the gates' orders differ, too:
///
/// | | Keepstep | ONNX |
/// | --- | --- | --- |
/// | LSTM | i, f, g, o | i, o, f, c (our g) |
/// | GRU | r, z, n | z, r, h (our n) |
///
/// ONNX has two biases for each gate, which it adds. Ours are the sums, so the second of them is zero, but for a GRU's
/// candidate, whose `b_hn` stays apart.
struct ONNXGates {
  /// [G·H, I].
  let inputWeights: [Float]
  /// [G·H, H].
  let hiddenWeights: [Float]
  /// [2·G·H], those beside X(t), then those beside H(t-1); empty without biases.
  let biases: [Float]

  init(_ pool: TensorPool, _ network: NetworkShape, _ place: LayerDirection) throws {
    let naming = TensorNaming.keepstep
    let order = Self.order(network.cell)
    func matrix(_ stem: String) throws -> [Float] {
      let matrix = try pool.tensor(naming.name(stem, place), axes: 2)
      return Self.ordered(matrix.transposed(named: "").values, by: order)
    }
    inputWeights = try matrix(naming.inputWeights)
    hiddenWeights = try matrix(naming.hiddenWeights)
    guard network.hasBias else {
      biases = []
      return
    }
    let own = try naming.biases(of: network).map { try pool.tensor(naming.name($0.stem, place), axes: 1).values }
    let (sums, zeros) = (own[0], Array(repeating: Float(0), count: own[0].count))
    biases =
      network.cell == .gru
      ? Self.ordered(sums + own[1], by: order) + Self.ordered(zeros + own[2], by: order)
      : Self.ordered(sums, by: order) + zeros
  }

  /// Our gates, in ONNX's order.
  private static func order(_ cell: NetworkShape.Cell) -> [Int] {
    switch cell {
    case .rnn: [0]
    case .lstm: [0, 3, 1, 2]
    case .gru: [1, 0, 2]
    }
  }

  /// The values of each gate, which stand one after another, in another order of the gates.
  private static func ordered(_ values: [Float], by order: [Int]) -> [Float] {
    let size = values.count / order.count
    return order.flatMap { values[$0 * size..<($0 + 1) * size] }
  }
}
