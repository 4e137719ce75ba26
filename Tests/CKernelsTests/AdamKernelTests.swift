import CKernels
import Testing

@Suite struct AdamKernelTests {
  @Test(arguments: instructionSets)
  func everyTailHasTheNaiveBits(name: String) throws {
    let set = try kernels(name)
    for n in Array(lengths) + [1029] {
      var (expected, state) = (AdamState(n), AdamState(n))
      for step in 1...3 {
        let g = randomFloats(n, seed: UInt64(1000 * n + step))
        expected.update(naive, g)
        state.update(set, g)
        #expect(state.isFinite && expected.isFinite, "\(n) values, step \(step)")
        #expect(state.difference(from: expected) == nil, "\(n) values, step \(step)")
      }
    }
  }

  @Test(arguments: implementations)
  func updateIsTheEquations(name: String) throws {
    let set = try kernels(name)
    var scalars = AdamState.scalars
    (scalars.one_minus_beta1, scalars.beta2, scalars.one_minus_beta2) = (0.5, 0.75, 0.25)
    (scalars.step_size, scalars.inverse_root_correction2, scalars.epsilon) = (0.5, 2, 1)
    var state = AdamState(p: [1, -0.0], m: [4, 0], v: [4, 0])
    state.update(set, [2, 0], scalars)
    #expect(state.isFinite)
    #expect(state.m.values == [3, 0])  // 4 + 0.5 · (2 - 4)
    #expect(state.v.values == [4, 0])  // 0.75 · 4 + 0.25 · 2²
    #expect(state.p.values[0] == 1 - 0.5 * (3.0 / (2 * 2 + 1)) as Float)
    #expect(state.p.values[1].bitPattern == 0, "a parameter is never minus zero")
  }

  @Test(arguments: implementations)
  func subnormalMomentsBecomeZero(name: String) throws {
    let set = try kernels(name)
    let tiny = Float.leastNormalMagnitude
    for n in [1, 16, 21] {
      // m shrinks by a tenth and v by a thousandth: below the smallest normal number both must vanish.
      for m in [tiny, -tiny] {
        var state = AdamState(
          p: [Float](repeating: 1, count: n), m: [Float](repeating: m, count: n),
          v: [Float](repeating: tiny, count: n))
        state.update(set, [Float](repeating: 0, count: n))
        #expect(state.isFinite)
        #expect(state.m.values.allSatisfy { $0.bitPattern == 0 }, "\(n) values")
        #expect(state.v.values.allSatisfy { $0.bitPattern == 0 }, "\(n) values")
      }
      var state = AdamState(
        p: [Float](repeating: 1, count: n), m: [Float](repeating: 2 * tiny, count: n),
        v: [Float](repeating: 2 * tiny, count: n))
      state.update(set, [Float](repeating: 0, count: n))
      #expect(state.isFinite)
      #expect(state.m.values.allSatisfy { $0 > 0 } && state.v.values.allSatisfy { $0 > 0 }, "normal ones stay")
    }
  }

  @Test(arguments: implementations)
  func whatIsNotFiniteIsSeenWhereverItStands(name: String) throws {
    let set = try kernels(name)
    for n in [1, 15, 16, 17, 33, 48] {
      for index in 0..<n {
        for bad in [Float.nan, .infinity, -.infinity, 1e25] {  // (1e25)² overflows v alone: p and m stay finite
          var g = randomFloats(n, seed: 1)
          g[index] = bad
          var state = AdamState(n)
          state.update(set, g)
          #expect(!state.isFinite, "\(bad) at \(index) of \(n)")
        }
        var p = randomFloats(n, seed: 2)
        p[index] = -.infinity
        var state = AdamState(p: p, m: [Float](repeating: 0, count: n), v: [Float](repeating: 1, count: n))
        state.update(set, randomFloats(n, seed: 1))
        #expect(!state.isFinite, "a parameter at \(index) of \(n)")
      }
    }
  }

  @Test(arguments: implementations)
  func lanesPastTheEndDoNotCountWhereEpsilonIsZero(name: String) throws {
    let set = try kernels(name)
    var scalars = AdamState.scalars
    scalars.epsilon = 0  // 0 / 0 in the empty lanes
    for n in lengths {
      var state = AdamState(n)
      state.update(set, [Float](repeating: 1, count: n), scalars)
      #expect(state.isFinite, "\(n) values")
    }
    var state = AdamState(p: [1], m: [0], v: [0])
    state.update(set, [0], scalars)
    #expect(!state.isFinite, "0 / 0 in a lane that counts")
  }
}

/// Parameters and moments [n] between guards.
struct AdamState {
  /// The third step with PyTorch's options and a learning rate of 0.02.
  static let scalars = ks_adam_scalars(
    one_minus_beta1: 0.1, beta2: 0.999, one_minus_beta2: 0.001, step_size: 0.0738, inverse_root_correction2: 18.26,
    epsilon: 1e-8, l2: 0, keep: 1)

  var p: Guarded
  var m: Guarded
  var v: Guarded
  /// What the last update returned.
  private(set) var isFinite = true

  init(p: [Float], m: [Float], v: [Float]) {
    (self.p, self.m, self.v) = (Guarded(p), Guarded(m), Guarded(v))
  }

  /// A state in the middle of a training.
  init(_ n: Int) {
    self.init(p: randomFloats(n, seed: 7), m: randomFloats(n, seed: 8), v: randomFloats(n, seed: 9).map { $0 * $0 })
  }

  /// One update.
  mutating func update(_ set: ks_kernels, _ g: [Float], _ scalars: ks_adam_scalars = Self.scalars) {
    var scalars = scalars
    let finite = p.withPointer { p in
      m.withPointer { m in v.withPointer { v in set.adam(g.count, p, m, v, g, &scalars) } }
    }
    #expect(p.isIntact && m.isIntact && v.isIntact, "adam wrote past the ends, \(g.count) values")
    isFinite = finite != 0
  }

  /// The first difference, or nil.
  func difference(from other: AdamState) -> String? {
    CKernelsTests.difference(p.values + m.values + v.values, other.p.values + other.m.values + other.v.values)
  }
}
