import CKernels

/// Which rule updates the weights.
public enum OptimizerKind: String, Sendable, CaseIterable {
  /// Adam, with weight decay as a part of the gradient.
  case adam
  /// Adam, with weight decay apart from the gradient.
  case adamw
  /// Stochastic gradient descent.
  case sgd
  /// RMSprop.
  case rmsprop
}

/// The scalars of an optimizer; PyTorch's names and defaults.
public struct OptimizerSettings: Sendable, Hashable {
  /// The rule.
  public var kind: OptimizerKind
  /// η, which a schedule may change from step to step.
  public var learningRate: Double
  /// β₁ of Adam and AdamW.
  public var beta1 = 0.9
  /// β₂ of Adam and AdamW.
  public var beta2 = 0.999
  /// α of RMSprop.
  public var alpha = 0.99
  /// ε of Adam, AdamW and RMSprop.
  public var epsilon = 1e-8
  /// μ of SGD and RMSprop.
  public var momentum = 0.0
  /// Does SGD look ahead by Nesterov's rule?
  public var nesterov = false
  /// λ.
  public var weightDecay: Double

  /// A rule with PyTorch's defaults.
  public init(_ kind: OptimizerKind, learningRate: Double? = nil) {
    self.kind = kind
    self.learningRate = learningRate ?? (kind == .rmsprop ? 0.01 : 0.001)
    weightDecay = kind == .adamw ? 0.01 : 0
  }

  /// The names of the moments that the rule keeps for each tensor, as in `W_hh.m`.
  public var momentNames: [String] {
    switch kind {
    case .adam, .adamw: ["m", "v"]
    case .sgd: momentum == 0 ? [] : ["m"]
    case .rmsprop: momentum == 0 ? ["v"] : ["m", "v"]
    }
  }
}

/// One rule's arithmetic over a stretch of a tensor.
protocol UpdateRule {
  /// Updates p, m and v [n] with the gradient g [n]; m or v is nil where the rule has none.
  ///
  /// - Parameter multiplicity: 2 for a bias that stands for two: its step is twice as large, its decay that of halves.
  /// - Returns: false when a parameter or a moment is not finite afterwards.
  func update(
    _ n: Int, _ p: UnsafeMutablePointer<Float>, m: UnsafeMutablePointer<Float>?, v: UnsafeMutablePointer<Float>?,
    _ g: UnsafePointer<Float>, multiplicity: Int, _ kernels: Kernels
  ) -> Bool
}

/// Updates a network's weights by one rule and keeps its moments.
///
/// The step counts from the run's beginning, so that there is no counter to keep.
public final class Optimizer {
  /// The rule and its scalars.
  public let settings: OptimizerSettings
  /// The moments, by name, each in the network's flat order.
  public let moments: [(name: String, buffer: FloatBuffer)]

  private let decay: Adam.Decay
  private let m: FloatBuffer?
  private let v: FloatBuffer?
  private var rule = Rule.none
  /// One a thread, a cache line apart: 0 when all is finite.
  private let failures: FloatBuffer

  /// The rule of the step at hand; not an existential, which would be allocated each time.
  private enum Rule {
    case none
    case adam(Adam)
    case sgd(SGD)
    case rmsprop(RMSprop)
  }

  /// - Throws: `RecurrentError` when the memory can't be had.
  public init(_ settings: OptimizerSettings, for network: Network) throws {
    self.settings = settings
    decay = Adam.Decay(settings)
    moments = try settings.momentNames.map { ($0, try FloatBuffer(count: network.directory.count)) }
    m = moments.first { $0.name == "m" }?.buffer
    v = moments.first { $0.name == "v" }?.buffer
    failures = try FloatBuffer(count: 16 * network.plan.count)
  }

  /// One update of the network's parameters from its gradients, as the `step`-th (from 1).
  ///
  /// - Parameter network: whose parameters change.
  /// - Parameter step: counts from 1.
  /// - Parameter learningRate: η of this step; that of the settings by default.
  /// - Returns: false when a parameter or a moment is not finite afterwards.
  public func update(_ network: Network, step: Int, learningRate: Double? = nil) -> Bool {
    let rate = learningRate ?? settings.learningRate
    switch settings.kind {
    case .adam, .adamw: rule = .adam(Adam(settings, decay, learningRate: rate, step: step))
    case .sgd: rule = .sgd(SGD(settings, learningRate: rate))
    case .rmsprop: rule = .rmsprop(RMSprop(settings, learningRate: rate))
    }
    failures.clear()
    network.run(.update(self))
    for thread in 0..<network.plan.count where failures.pointer[16 * thread] != 0 { return false }
    return true
  }

  /// One thread's part.
  func update(_ network: Network, _ share: Share) {
    let isFinite =
      switch rule {
      case .none: true
      case .adam(let rule): update(network, share, rule)
      case .sgd(let rule): update(network, share, rule)
      case .rmsprop(let rule): update(network, share, rule)
      }
    if !isFinite { failures.pointer[16 * share.index] = 1 }
  }

  private func update(_ network: Network, _ share: Share, _ rule: some UpdateRule) -> Bool {
    var isFinite = true
    for entry in network.directory.entries {
      let own = share.columns(entry.count)
      if own.isEmpty { continue }
      let first = entry.offset + own.lowerBound
      let updated = rule.update(
        own.count, network.parameters.pointer + first, m: m.map { $0.pointer + first }, v: v.map { $0.pointer + first },
        network.gradients.pointer + first, multiplicity: entry.multiplicity, network.kernels)
      isFinite = isFinite && updated
    }
    return isFinite
  }
}
