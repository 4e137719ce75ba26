import Foundation

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
/// so Adam moves both alike, and their sum moves twice as far.
public enum Biases: String, Sendable, CaseIterable {
  /// As PyTorch does: drawn as a sum of two draws, its update twice as large, its gradient counted twice in the norm.
  case two
  /// As the textbook does: one tensor.
  case one
}

/// The sizes and switches that fix a network's tensors and its mathematics.
public struct NetworkConfiguration: Sendable, Hashable {
  /// I, features of the input.
  public var inputSize: Int
  /// H, hidden units.
  public var hiddenSize: Int
  /// O, outputs.
  public var outputSize: Int
  /// φ.
  public var nonlinearity: Nonlinearity
  /// Is there a `b_h`?
  public var hasBias: Bool
  /// Is there a `b_q`?
  public var hasOutputBias: Bool
  /// How `b_h` is trained.
  public var biases: Biases

  /// A network's sizes, with the defaults of `torch.nn.RNN`.
  public init(
    inputSize: Int, hiddenSize: Int, outputSize: Int, nonlinearity: Nonlinearity = .tanh, hasBias: Bool = true,
    hasOutputBias: Bool = true, biases: Biases = .two
  ) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.outputSize = outputSize
    self.nonlinearity = nonlinearity
    self.hasBias = hasBias
    self.hasOutputBias = hasOutputBias
    self.biases = biases
  }

  /// Checks the sizes, and that a training with windows of T time steps and B streams fits this machine's memory.
  ///
  /// - Throws: `RecurrentError` naming the size, or the bytes needed and those there are.
  public func validate(window: Int, batchSize: Int) throws {
    let sizes = [
      ("input size", inputSize), ("hidden size", hiddenSize), ("output size", outputSize), ("window", window),
      ("batch size", batchSize),
    ]
    for (name, size) in sizes where size < 1 {
      throw RecurrentError("cannot build a network with \(name) \(size)", hint: "\(name) must be at least 1")
    }
    let needed = bytesNeeded(window: window, batchSize: batchSize)
    let present = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed <= present else {
      throw RecurrentError(
        "cannot build a network with hidden size \(hiddenSize), window \(window) and batch size \(batchSize): "
          + "its tensors need \(gigabytes(needed)) GB, and this machine has \(gigabytes(present)) GB of memory",
        hint: "choose a smaller hidden size, window or batch size")
    }
  }

  /// An upper bound on a training's memory, in Double so that no product of sizes can wrap.
  private func bytesNeeded(window: Int, batchSize: Int) -> Double {
    let (T, B) = (Double(window), Double(batchSize))
    let (I, H, O) = (Double(inputSize), Double(hiddenSize), Double(outputSize))
    let parameters = I * H + H * H + H + H * O + O
    // Weights, gradient, m and v; four snapshots of weights, m and v on their way to the store; the transposed weights.
    let network = parameters * (4 + 4 * 3) + H * H + H * O
    let windows = T * B * (I + 3 * O + 2 * H) + 8 * B * H
    return 4 * (network + windows)
  }

  private func gigabytes(_ bytes: Double) -> String {
    let tenths = (bytes / 1e8).rounded()
    return tenths < 1e15 ? "\(tenths / 10)" : "more than 10^14"
  }
}
