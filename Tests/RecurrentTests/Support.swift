import Recurrent
import Testing

/// The instruction sets of this machine and their naive twin.
let implementations = Kernels.available + ["naive"]

/// The kernels of an implementation.
func kernels(_ name: String) throws -> Kernels {
  name == "naive" ? .naive : try Kernels(named: name)
}

/// The same bits; `==` on floats would take minus zero for zero.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.map(\.bitPattern) == b.map(\.bitPattern)
}

/// The largest distance between two tensors, relative to the largest entry of `expected`.
func distance(_ found: [Float], from expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let apart = zip(found, expected).map { abs(Double($0) - $1) }
  let largest = expected.map { abs($0) }.max() ?? 0
  // A NaN must not get lost in a maximum.
  return apart.contains { $0.isNaN } ? .infinity : (apart.max() ?? 0) / largest
}

/// Numbers around one, the same in every run and on every machine: quotients of small integers by a power of two.
func numbers(_ count: Int, salt: Int = 0) -> [Float] {
  (0..<count).map { Float(($0 * 7919 + salt * 104_729) % 211 - 105) / 64 }
}

extension FloatBuffer {
  /// Sets all values.
  func set(_ values: [Float]) {
    precondition(values.count <= count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }
}

extension Network {
  /// The weights by name.
  var weights: [String: [Float]] { byName(parameters) }
  /// The gradients by name.
  var gradientsByName: [String: [Float]] { byName(gradients) }

  /// The tensors of a flat buffer by name.
  func byName(_ buffer: FloatBuffer) -> [String: [Float]] {
    Dictionary(uniqueKeysWithValues: directory.tensors(in: buffer).map { ($0.name, $0.values) })
  }

  /// Sets all weights.
  func load(_ weights: [String: [Float]]) throws {
    let tensors = weights.map { name, values in
      NamedTensor(name: name, shape: directory.entry(name)?.shape ?? [], values: values)
    }
    try directory.load(tensors, into: parameters)
  }
}

extension Window {
  /// The carried states by name.
  var carried: [String: [Float]] {
    get throws {
      let buffer = try FloatBuffer(count: states.count)
      copyStates(to: buffer)
      return Dictionary(uniqueKeysWithValues: states.tensors(in: buffer).map { ($0.name, $0.values) })
    }
  }

  /// Sets the carried states, of one layer in one direction when only H is given.
  func setCarried(_ values: [String: [Float]]) throws {
    let buffer = try FloatBuffer(count: states.count)
    let tensors = values.map { name, values in
      NamedTensor(name: name, shape: states.entry(name)?.shape ?? [], values: values)
    }
    try states.load(tensors, into: buffer)
    setStates(from: buffer)
  }
}
