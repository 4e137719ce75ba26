import Recurrent

/// A network in Double, each sum written as its equation stands: the tests' twin of `Network`.
///
/// `Z(t) = b_h + X(t)·W_xh + H(t-1)·W_hh`, `H(t) = φ(Z(t))`, `Q(t) = b_q + H(t)·W_hq`, `L = Σ (Q - Y)² / (T·B·O)`.
/// Weights carry the textbook's names; instead of `b_h` there may be PyTorch's two, `b_ih` and `b_hh`.
struct Twin {
  let (I, H, O): (Int, Int, Int)
  let (T, B): (Int, Int)
  let nonlinearity: Nonlinearity
  var weights: [String: [Double]]

  /// H(0) … H(T) [T + 1, B, H], Q [T, B, O], and how near the nearest Z came to zero.
  struct Pass {
    var hidden: [Double]
    var q: [Double]
    var smallestZ = Double.infinity
  }

  init(_ configuration: NetworkConfiguration, length: Int, batchSize: Int, weights: [String: [Float]]) {
    (I, H, O) = (configuration.inputSize, configuration.hiddenSize, configuration.outputSize)
    (T, B) = (length, batchSize)
    nonlinearity = configuration.nonlinearity
    self.weights = weights.mapValues { $0.map(Double.init) }
  }

  func forward(_ x: [Double], _ h0: [Double]) -> Pass {
    var pass = Pass(hidden: h0 + [Double](repeating: 0, count: T * B * H), q: [Double](repeating: 0, count: T * B * O))
    for t in 1...T {
      for b in 0..<B {
        for j in 0..<H {
          var z = ["b_h", "b_ih", "b_hh"].reduce(0) { $0 + weight($1, j) }
          for i in 0..<I { z += x[((t - 1) * B + b) * I + i] * weight("W_xh", i * H + j) }
          for i in 0..<H { z += pass.hidden[((t - 1) * B + b) * H + i] * weight("W_hh", i * H + j) }
          pass.smallestZ = min(pass.smallestZ, abs(z))
          pass.hidden[(t * B + b) * H + j] = nonlinearity == .tanh ? hyperbolicTangent(z) : max(z, 0)
        }
        for o in 0..<O {
          var q = weight("b_q", o)
          for i in 0..<H { q += pass.hidden[(t * B + b) * H + i] * weight("W_hq", i * O + o) }
          pass.q[((t - 1) * B + b) * O + o] = q
        }
      }
    }
    return pass
  }

  func loss(_ x: [Double], _ y: [Double], _ h0: [Double]) -> Double {
    zip(forward(x, h0).q, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(T * B * O)
  }

  /// ∂L/∂w by the central difference `(L(w + ε) - L(w - ε)) / 2ε`: no derivative is written down that could be wrong.
  func gradientsByDifferences(_ x: [Double], _ y: [Double], _ h0: [Double]) -> [String: [Double]] {
    let epsilon = 1e-5  // error ε² ≈ 1e-10 from the difference, 1e-16 / ε = 1e-11 from rounding
    var gradients: [String: [Double]] = [:]
    for (name, values) in weights {
      gradients[name] = values.indices.map { index in
        var (up, down) = (self, self)
        up.weights[name]?[index] += epsilon
        down.weights[name]?[index] -= epsilon
        return (up.loss(x, y, h0) - down.loss(x, y, h0)) / (2 * epsilon)
      }
    }
    return gradients
  }

  /// Zero where the network has no such tensor.
  private func weight(_ name: String, _ index: Int) -> Double {
    weights[name]?[index] ?? 0
  }
}
