import CKernels
import Testing

/// An optimizer with its scalars.
enum Rule: CustomTestStringConvertible {
  case adam(ks_adam_scalars)
  case sgd(ks_sgd_scalars, hasMoment: Bool)
  case rmsprop(ks_rmsprop_scalars, hasMoment: Bool)

  /// Every optimizer with every option that changes its ways.
  static let all: [Rule] =
    [(0, 1), (0.125, 1), (0, 0.96875)].map { l2, keep in
      .adam(
        ks_adam_scalars(
          one_minus_beta1: 0.125, beta2: 0.96875, one_minus_beta2: 0.03125, step_size: 0.25,
          inverse_root_correction2: 2, epsilon: 1e-8, l2: l2, keep: keep))
    }
    + [(false, 0), (true, 0), (true, 1)].flatMap { hasMoment, nesterov in
      [0, 0.125].map { l2 in
        .sgd(ks_sgd_scalars(step_size: 0.03125, momentum: 0.875, l2: l2, nesterov: nesterov), hasMoment: hasMoment)
      }
    }
    + [false, true].flatMap { hasMoment in
      [0, 0.125].map { l2 in
        .rmsprop(
          ks_rmsprop_scalars(
            step_size: 0.03125, alpha: 0.96875, one_minus_alpha: 0.03125, epsilon: 1e-8, momentum: 0.875, l2: l2),
          hasMoment: hasMoment)
      }
    }

  var hasMoment: Bool {
    switch self {
    case .adam: true
    case .sgd(_, let hasMoment), .rmsprop(_, let hasMoment): hasMoment
    }
  }

  var hasSquares: Bool {
    if case .sgd = self { false } else { true }
  }

  var testDescription: String {
    switch self {
    case .adam(let s): "adam, l2 \(s.l2), keep \(s.keep)"
    case .sgd(let s, let hasMoment): "sgd, moment \(hasMoment), l2 \(s.l2), nesterov \(s.nesterov)"
    case .rmsprop(let s, let hasMoment): "rmsprop, moment \(hasMoment), l2 \(s.l2)"
    }
  }
}

/// Parameters and moments [n] between guards.
struct OptimizerState {
  private(set) var (p, m, v): (Guarded, Guarded, Guarded)

  init(p: [Float], m: [Float], v: [Float]) {
    (self.p, self.m, self.v) = (Guarded(p), Guarded(m), Guarded(v))
  }

  /// A state in the middle of a training.
  init(_ n: Int) {
    self.init(p: randomFloats(n, seed: 7), m: randomFloats(n, seed: 8), v: randomFloats(n, seed: 9).map { $0 * $0 })
  }

  /// Sets the moments to zero.
  mutating func forget() {
    let zeros = [Float](repeating: 0, count: p.values.count)
    (m, v) = (Guarded(zeros), Guarded(zeros))
  }

  /// One update; true where all is finite afterwards.
  @discardableResult
  mutating func update(_ set: ks_kernels, _ rule: Rule, _ g: [Float]) -> Bool {
    let n = g.count
    let finite = p.withPointer { p in
      m.withPointer { m in
        v.withPointer { v in
          switch rule {
          case .adam(var scalars): set.adam(n, p, m, v, g, &scalars)
          case .sgd(var scalars, let hasMoment): set.sgd(n, p, hasMoment ? m : nil, g, &scalars)
          case .rmsprop(var scalars, let hasMoment): set.rmsprop(n, p, hasMoment ? m : nil, v, g, &scalars)
          }
        }
      }
    }
    #expect(p.isIntact && m.isIntact && v.isIntact, "wrote past the ends, \(n) values")
    return finite != 0
  }

  /// The first difference, or nil.
  func difference(from other: OptimizerState) -> String? {
    CKernelsTests.difference(p.values + m.values + v.values, other.p.values + other.m.values + other.v.values)
  }
}

/// PyTorch's rules for one parameter in Double.
struct RuleInDouble {
  private(set) var p: Double
  private(set) var (m, v) = (0.0, 0.0)

  init(p: Double) {
    self.p = p
  }

  mutating func update(_ rule: Rule, _ gradient: Double) {
    switch rule {
    case .adam(let s):
      let g = gradient + Double(s.l2) * p
      p *= Double(s.keep)
      m += Double(s.one_minus_beta1) * (g - m)
      v = Double(s.beta2) * v + Double(s.one_minus_beta2) * g * g
      p -= Double(s.step_size) * m / (v.squareRoot() * Double(s.inverse_root_correction2) + Double(s.epsilon))
    case .sgd(let s, let hasMoment):
      let g = gradient + Double(s.l2) * p
      m = Double(s.momentum) * m + g
      p -= Double(s.step_size) * (!hasMoment ? g : s.nesterov != 0 ? g + Double(s.momentum) * m : m)
    case .rmsprop(let s, let hasMoment):
      let g = gradient + Double(s.l2) * p
      v = Double(s.alpha) * v + Double(s.one_minus_alpha) * g * g
      let step = g / (v.squareRoot() + Double(s.epsilon))
      m = Double(s.momentum) * m + step
      p -= Double(s.step_size) * (hasMoment ? m : step)
    }
  }
}
