import Foundation

/// What a recurrent layer is made of.
public enum CellKind: String, Sendable, CaseIterable {
  /// The textbook's single gate.
  case rnn
  /// Long short-term memory.
  case lstm
  /// Gated recurrent unit.
  case gru

  /// G, the gates whose weights stand side by side in W_xh and W_hh, in PyTorch's order: an LSTM's i, f, g, o; a GRU's
  /// r, z, n.
  public var gateCount: Int {
    switch self {
    case .rnn: 1
    case .lstm: 4
    case .gru: 3
    }
  }
}

/// φ in `H(t) = φ(X(t) W_xh + H(t-1) W_hh + b_h)`.
public enum Nonlinearity: String, Sendable, CaseIterable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu
}

/// How the recurrent bias is trained.
///
/// `torch.nn.RNN` has two biases, `b_ih` and `b_hh`, of which H(t) only sees the sum `b_h`. Their gradients are equal,
/// so an optimizer moves both alike, and their sum moves twice as far.
public enum Biases: String, Sendable, CaseIterable {
  /// As PyTorch does: drawn as a sum of two draws, its update twice as large, its gradient counted twice in the norm.
  case two
  /// As the textbook does: one tensor.
  case one
}

/// The sizes and switches that fix a network's tensors and its mathematics.
///
/// `torch.nn.RNN`, `LSTM` or `GRU` with a `torch.nn.Linear` behind it; the names are PyTorch's.
public struct NetworkConfiguration: Sendable, Hashable {
  /// The recurrent layers' cell.
  public var cell: CellKind
  /// I, features of the input.
  public var inputSize: Int
  /// H, hidden units of each layer and direction.
  public var hiddenSize: Int
  /// O, outputs.
  public var outputSize: Int
  /// L, recurrent layers, each on top of the one before.
  public var numLayers: Int
  /// φ of an RNN's cell.
  public var nonlinearity: Nonlinearity
  /// Have the recurrent layers biases?
  public var hasBias: Bool
  /// Is there a `b_q`?
  public var hasOutputBias: Bool
  /// How `b_h` is trained.
  public var biases: Biases
  /// The probability with which dropout zeroes an output of each recurrent layer but the last, in training.
  public var dropout: Double
  /// Does a second direction read each window from its end?
  public var isBidirectional: Bool
  /// An LSTM's H(t) is projected to this size; 0 for none.
  public var projectionSize: Int

  /// A network's sizes, with the defaults of `torch.nn.RNN`.
  public init(
    cell: CellKind = .rnn, inputSize: Int, hiddenSize: Int, outputSize: Int, numLayers: Int = 1,
    nonlinearity: Nonlinearity = .tanh, hasBias: Bool = true, hasOutputBias: Bool = true, biases: Biases = .two,
    dropout: Double = 0, isBidirectional: Bool = false, projectionSize: Int = 0
  ) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.outputSize = outputSize
    self.numLayers = numLayers
    self.nonlinearity = nonlinearity
    self.hasBias = hasBias
    self.hasOutputBias = hasOutputBias
    self.biases = biases
    self.dropout = dropout
    self.isBidirectional = isBidirectional
    self.projectionSize = projectionSize
  }

  /// D, 1 or 2.
  public var directionCount: Int { isBidirectional ? 2 : 1 }
  /// P, the floats of one H(t): the projection's size, or H.
  public var stateSize: Int { projectionSize == 0 ? hiddenSize : projectionSize }
  /// Layers and directions, in the order of the tensors.
  public var places: [LayerPlace] {
    (0..<max(0, numLayers)).flatMap { layer in
      (0..<directionCount).map { LayerPlace(layer: layer, isReverse: $0 == 1) }
    }
  }
  /// Inputs of a layer: I, or both directions' states of the layer below.
  public func inputSize(ofLayer layer: Int) -> Int {
    layer == 0 ? inputSize : directionCount * stateSize
  }
}

/// One direction of one layer.
public struct LayerPlace: Sendable, Hashable {
  /// From 0.
  public let layer: Int
  /// Does it read a window from its end?
  public let isReverse: Bool

  /// What its tensors' names end with: nothing, `_l1`, `_reverse`, `_l1_reverse`.
  public var suffix: String {
    (layer == 0 ? "" : "_l\(layer)") + (isReverse ? "_reverse" : "")
  }
}

extension NetworkConfiguration {
  /// Checks the sizes, and that a training with windows of T time steps and B streams fits this machine's memory.
  ///
  /// - Throws: `RecurrentError` naming the size, or the bytes needed and those there are.
  public func validate(window: Int, batchSize: Int) throws {
    let sizes = [
      ("input size", inputSize), ("hidden size", hiddenSize), ("output size", outputSize),
      ("number of layers", numLayers), ("window", window), ("batch size", batchSize),
    ]
    for (name, size) in sizes where size < 1 {
      throw RecurrentError("cannot build a network with \(name) \(size)", hint: "\(name) must be at least 1")
    }
    guard dropout >= 0, dropout <= 1 else {
      throw RecurrentError(
        "cannot build a network with dropout \(dropout)", hint: "dropout is a probability, from 0 to 1")
    }
    try validateCell()
    let needed = bytesNeeded(window: window, batchSize: batchSize)
    let present = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed <= present else {
      throw RecurrentError(
        "cannot build a network with hidden size \(hiddenSize), \(numLayers) layers, window \(window) and batch size "
          + "\(batchSize): its tensors need \(gigabytes(needed)) GB, and this machine has \(gigabytes(present)) GB of "
          + "memory",
        hint: "choose a smaller hidden size, window or batch size")
    }
  }

  private func validateCell() throws {
    guard cell == .rnn || nonlinearity == .tanh else {
      throw RecurrentError(
        "cannot build a network of \(cell.rawValue) cells with the nonlinearity \(nonlinearity.rawValue)",
        hint: "only rnn cells have a nonlinearity to choose")
    }
    guard projectionSize == 0 || cell == .lstm else {
      throw RecurrentError(
        "cannot build a network of \(cell.rawValue) cells with a projection to \(projectionSize)",
        hint: "only lstm cells have a projection")
    }
    guard projectionSize >= 0, projectionSize < hiddenSize else {
      throw RecurrentError(
        "cannot build a network with hidden size \(hiddenSize) and a projection to \(projectionSize)",
        hint: "a projection is smaller than the hidden size; 0 is none")
    }
  }

  /// An upper bound on a training's memory, in Double so that no product of sizes can wrap.
  private func bytesNeeded(window: Int, batchSize: Int) -> Double {
    let (T, B) = (Double(window), Double(batchSize))
    let (I, H, O, P) = (Double(inputSize), Double(hiddenSize), Double(outputSize), Double(stateSize))
    let (L, D, G) = (Double(numLayers), Double(directionCount), Double(cell.gateCount))
    let recurrent = P * G * H + (G + 1) * H + (projectionSize == 0 ? 0 : H * P)
    let inputs = D * I * G * H + (L - 1) * D * D * P * G * H
    let parameters = inputs + L * D * recurrent + D * P * O + O
    // Weights, gradient and two moments; four snapshots of weights and moments on their way to the store; both packings.
    let network = parameters * (4 + 4 * 3 + 2)
    let ofPlace = cell == .rnn ? 2 * H : 4 * H + 2 * P + 3 * H
    let windows = T * B * (I + 3 * O + L * D * (ofPlace + P)) + 8 * L * D * B * (H + P)
    return 4 * (network + windows)
  }

  private func gigabytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1e8).rounded()
    return tenths < 1e15 ? "\(tenths / 10)" : "more than 10^14"
  }
}
