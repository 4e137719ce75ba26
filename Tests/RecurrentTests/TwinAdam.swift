import Foundation

/// C's tanh in Double.
func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

/// Adam in Double over named tensors, as Kingma and Ba's algorithm 1 stands.
struct TwinAdam {
  let learningRate: Double
  var (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
  private var m: [String: [Double]] = [:]
  private var v: [String: [Double]] = [:]

  init(learningRate: Double) {
    self.learningRate = learningRate
  }

  mutating func update(_ weights: inout [String: [Double]], _ gradients: [String: [Double]], step: Int) {
    let correction1 = 1 - pow(beta1, Double(step))
    let correction2 = 1 - pow(beta2, Double(step))
    for (name, g) in gradients {
      var (m, v) = (self.m[name] ?? g.map { _ in 0 }, self.v[name] ?? g.map { _ in 0 })
      for i in g.indices {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
        weights[name]?[i] -= learningRate * (m[i] / correction1) / ((v[i] / correction2).squareRoot() + epsilon)
      }
      (self.m[name], self.v[name]) = (m, v)
    }
  }
}
