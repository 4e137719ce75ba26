import Recurrent

/// What the shapes of a network's tensors tell about it: `torch.nn.RNN`, `LSTM` or `GRU`, with one `torch.nn.Linear`
/// on top of its states.
///
/// The nonlinearity of an RNN (tanh or relu), its dropout and its windows leave no trace in the tensors.
///
/// ```swift
/// let weights = try WeightFile.read(path: "weights.safetensors")
/// let shape = try NetworkShape(of: weights, source: "weights.safetensors")
/// if !shape.hasOutputBias { … }
/// ```
public struct NetworkShape: Hashable, Sendable {
  /// A recurrent cell, under the name that the command line gives it.
  public enum Cell: String, Hashable, Sendable, CaseIterable {
    /// One gate.
    case rnn
    /// Four gates, i, f, g and o.
    case lstm
    /// Three gates, r, z and n.
    case gru
  }

  /// The cell of all layers.
  public var cell: Cell
  /// I, features of the input.
  public var inputSize: Int
  /// H, hidden units of a layer in one direction.
  public var hiddenSize: Int
  /// P, what an LSTM's hidden units are projected to (`proj_size`), below H; 0 without a projection.
  public var projectionSize: Int
  /// O, outputs.
  public var outputSize: Int
  /// L, layers.
  public var numLayers: Int
  /// Does each layer run in both directions?
  public var isBidirectional: Bool
  /// Do the layers have biases? All have them or none.
  public var hasBias: Bool
  /// Is there a `b_q`?
  public var hasOutputBias: Bool

  /// A network's shape, with PyTorch's defaults.
  public init(
    cell: Cell, inputSize: Int, hiddenSize: Int, projectionSize: Int = 0, outputSize: Int, numLayers: Int = 1,
    isBidirectional: Bool = false, hasBias: Bool = true, hasOutputBias: Bool = true
  ) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.projectionSize = projectionSize
    self.outputSize = outputSize
    self.numLayers = numLayers
    self.isBidirectional = isBidirectional
    self.hasBias = hasBias
    self.hasOutputBias = hasOutputBias
  }

  /// The shape of the network that has `tensors`, under Keepstep's names and in any order.
  ///
  /// - Parameter tensors: all of a network, in any order.
  /// - Parameter source: where they are from, for messages.
  /// - throws: `InterchangeError` when a tensor is missing, has no place, or its shape does not fit the others.
  public init(of tensors: [NamedTensor], source: String = "weights") throws {
    try self.init(TensorPool(tensors, source: source, hint: Self.hint), naming: .keepstep)
  }
}

extension NetworkShape {
  /// Keepstep's tensors.
  static let hint =
    "a layer has W_xh, W_hh, b_h (a GRU also b_xn and b_hn) and with a projection W_hr, those of further layers with "
    + "_l1, _l2, …, those of a backward direction with _reverse behind; the output layer has W_hq and b_q"

  /// P, or H without a projection: what a layer hands on in one direction.
  var stateSize: Int { projectionSize > 0 ? projectionSize : hiddenSize }

  /// D·P, what a layer hands on to the next.
  var layerOutputSize: Int { (isBidirectional ? 2 : 1) * stateSize }

  /// G·H, units of all gates.
  var gateUnits: Int { cell.gates * hiddenSize }

  /// Each layer's directions, in the tensors' order.
  var layers: [LayerDirection] {
    (0..<numLayers).flatMap { layer in
      (isBidirectional ? [false, true] : [false]).map { LayerDirection(layer: layer, isReverse: $0) }
    }
  }
}

extension NetworkShape.Cell {
  /// G.
  var gates: Int {
    switch self {
    case .rnn: 1
    case .lstm: 4
    case .gru: 3
    }
  }
}
