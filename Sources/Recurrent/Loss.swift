import CKernels

/// What a training makes small, as the mean over a window; PyTorch's losses with `reduction="mean"`.
public enum Loss: Sendable, Hashable {
  /// `Σ (Q - Y)² / (T·B·O)`, `MSELoss`.
  case meanSquaredError
  /// `Σ |Q - Y| / (T·B·O)`, `L1Loss`.
  case meanAbsoluteError
  /// `(Q - Y)² / 2` up to δ, `δ(|Q - Y| - δ/2)` beyond, over T·B·O, `HuberLoss`.
  case huber(delta: Double)
  /// `Σ (log Σ exp Q - Q[y]) / (T·B)` for class numbers y, `CrossEntropyLoss`.
  case crossEntropy

  /// The names of all losses.
  public static let names = ["mse", "mae", "huber", "cross-entropy"]

  /// A loss by its name.
  public init?(name: String, huberDelta: Double = 1) {
    switch name {
    case "mse": self = .meanSquaredError
    case "mae": self = .meanAbsoluteError
    case "huber": self = .huber(delta: huberDelta)
    case "cross-entropy": self = .crossEntropy
    default: return nil
    }
  }

  /// Its name, one of `names`.
  public var name: String {
    switch self {
    case .meanSquaredError: "mse"
    case .meanAbsoluteError: "mae"
    case .huber: "huber"
    case .crossEntropy: "cross-entropy"
    }
  }

  /// Are the targets class numbers?
  public var isClassification: Bool { self == .crossEntropy }

  /// Floats of a row's targets, for O outputs.
  public func targetSize(outputSize: Int) -> Int { isClassification ? 1 : outputSize }
}

extension Network {
  /// A window's loss.
  public struct LossValue: Sendable, Hashable {
    /// The mean.
    public var mean: Double
    /// Of class targets, the rows whose greatest output is the target's.
    public var correct: Int?
  }

  /// The loss of a window after `forward`; keeps ∂L/∂Q for `backward`.
  ///
  /// Cross-entropy is NaN where a target is no class number, a whole number from 0 to O - 1.
  public func loss(_ loss: Loss, _ window: Window) -> LossValue {
    let (q, y, dq) = (window.outputs.pointer, window.targets.pointer, window.outputGradient.pointer)
    let rows = window.length * window.batchSize
    let n = rows * configuration.outputSize
    let table = kernels.table.pointee
    switch loss {
    case .meanSquaredError: return LossValue(mean: table.mean_squared_error(n, q, y, dq))
    case .meanAbsoluteError: return LossValue(mean: table.mean_absolute_error(n, q, y, dq))
    case .huber(let delta): return LossValue(mean: table.huber(n, q, y, Float(delta), dq))
    case .crossEntropy:
      guard areClassNumbers(y, count: rows) else { return LossValue(mean: .nan, correct: 0) }
      var correct = 0
      let mean = table.cross_entropy(rows, configuration.outputSize, q, y, dq, &correct)
      return LossValue(mean: mean, correct: correct)
    }
  }

  /// The kernel reads the output that a target names.
  private func areClassNumbers(_ targets: UnsafePointer<Float>, count: Int) -> Bool {
    let classes = Float(configuration.outputSize)
    for index in 0..<count {
      let y = targets[index]
      guard y >= 0, y < classes, y == y.rounded(.towardZero) else { return false }
    }
    return true
  }
}
