import Recurrent

/// What a network computes beyond what its tensors tell, for an ONNX graph.
public struct ONNXOptions: Hashable, Sendable {
  /// How features were moved and stretched before the network saw them: `(x - offset) / scale`, in float64.
  public struct Scaling: Hashable, Sendable {
    /// One a feature.
    public var offsets: [Double]
    /// One a feature, none of them 0.
    public var scales: [Double]

    /// One number each for every feature.
    public init(offsets: [Double], scales: [Double]) {
      self.offsets = offsets
      self.scales = scales
    }
  }

  /// φ of an RNN's cell.
  public var nonlinearity: Nonlinearity
  /// Are `x` and `q` [batch, time, features] instead of [time, batch, features]?
  public var isBatchFirst: Bool
  /// The graph scales `x` itself; nil where it is not scaled.
  public var inputScaling: Scaling?
  /// The graph undoes this for `q`, `q · scale + offset`; nil where there is nothing to undo.
  public var outputScaling: Scaling?

  /// Options; the defaults are PyTorch's.
  public init(
    nonlinearity: Nonlinearity = .tanh, isBatchFirst: Bool = false, inputScaling: Scaling? = nil,
    outputScaling: Scaling? = nil
  ) {
    self.nonlinearity = nonlinearity
    self.isBatchFirst = isBatchFirst
    self.inputScaling = inputScaling
    self.outputScaling = outputScaling
  }

  /// - throws: `InterchangeError` when an option is not one of such a network.
  func check(_ network: NetworkShape) throws {
    guard nonlinearity == .tanh || network.cell == .rnn else {
      throw InterchangeError(
        message: "weights: a network of \(network.cell.rawValue) cells has no nonlinearity \(nonlinearity.rawValue)",
        hint: "only rnn cells have a nonlinearity to choose")
    }
    try inputScaling?.check("input", count: network.inputSize)
    try outputScaling?.check("output", count: network.outputSize)
  }
}

extension ONNXOptions.Scaling {
  fileprivate func check(_ feature: String, count: Int) throws {
    guard offsets.count == count, scales.count == count else {
      throw InterchangeError(
        message: "weights: there are \(offsets.count) offsets and \(scales.count) scales for a network with \(count) "
          + "\(feature)\(count == 1 ? "" : "s")")
    }
    for (offset, scale) in zip(offsets, scales) where !offset.isFinite || !scale.isFinite || scale == 0 {
      throw InterchangeError(message: "weights: \(offset) and \(scale) are no offset and scale of an \(feature)")
    }
  }
}
