import CKernels
import Testing

/// SGD, RMSprop, and what all optimizers share; `AdamKernelTests` has the rest of Adam.
@Suite struct OptimizerKernelTests {
  @Test(arguments: instructionSets, Rule.all)
  func everyTailHasTheNaiveBits(name: String, rule: Rule) throws {
    let set = try kernels(name)
    for n in Array(lengths) + [1029] {
      var (expected, state) = (OptimizerState(n), OptimizerState(n))
      for step in 1...3 {
        let g = randomFloats(n, seed: UInt64(1000 * n + step))
        let isFinite = expected.update(naive, rule, g)
        let found = state.update(set, rule, g)
        #expect(found == isFinite, "\(n) values, step \(step)")
        #expect(state.difference(from: expected) == nil, "\(n) values, step \(step)")
      }
    }
  }

  /// Gradients of all magnitudes, for which a root or a quotient may be taken another way.
  @Test(arguments: instructionSets, Rule.all)
  func everyMagnitudeHasTheNaiveBits(name: String, rule: Rule) throws {
    let set = try kernels(name)
    for exponent in -149...127 {
      var random = SplitMix64(state: UInt64(exponent + 200))
      let g = (0..<48).map { index in
        let scale = Float(sign: .plus, exponent: index < 32 ? exponent : 0, significand: 1)
        return Float.random(in: -2..<2, using: &random) * scale
      }
      var (expected, state) = (OptimizerState(48), OptimizerState(48))
      expected.forget()
      state.forget()
      for _ in 1...2 {
        let isFinite = expected.update(naive, rule, g)
        let found = state.update(set, rule, g)
        #expect(found == isFinite, "2^\(exponent)")
        #expect(state.difference(from: expected) == nil, "2^\(exponent)")
      }
    }
  }

  /// Gradients that vanish beside second moments of every small size, which subnormals would slow down.
  @Test(arguments: instructionSets, [0.999, 0.96875, 0.5, 0] as [Float])
  func vanishingGradientsHaveTheNaiveBits(name: String, beta: Float) throws {
    let set = try kernels(name)
    let sizes = (-149 ... -50).map { Float(sign: .plus, exponent: $0, significand: 1) }
    let squares = [0] + (-126 ... -90).map { Float(sign: .plus, exponent: $0, significand: 1) }
    var random = SplitMix64(state: 17)
    let (v, g) = (
      squares.flatMap { v in sizes.map { _ in v * .random(in: 1..<2, using: &random) } },
      squares.flatMap { _ in sizes.map { $0 * .random(in: -2..<2, using: &random) } }
    )
    let rules: [Rule] = [
      .adam(
        ks_adam_scalars(
          one_minus_beta1: 0.125, beta2: beta, one_minus_beta2: 1 - beta, step_size: 0.25,
          inverse_root_correction2: 2, epsilon: 1e-8, l2: 0, keep: 1)),
      .rmsprop(
        ks_rmsprop_scalars(
          step_size: 0.03125, alpha: beta, one_minus_alpha: 1 - beta, epsilon: 1e-8, momentum: 0, l2: 0),
        hasMoment: false),
    ]
    for rule in rules {
      let start = OptimizerState(
        p: [Float](repeating: 0, count: g.count), m: [Float](repeating: 0, count: g.count), v: v)
      var (expected, state) = (start, start)
      for step in 1...3 {
        expected.update(naive, rule, g)
        state.update(set, rule, g)
        #expect(state.difference(from: expected) == nil, "\(rule.testDescription), step \(step)")
      }
    }
  }

  /// PyTorch's rules in Double, three steps.
  @Test(arguments: implementations, Rule.all)
  func updateIsTheEquations(name: String, rule: Rule) throws {
    let set = try kernels(name)
    let n = 37
    var state = OptimizerState(n)
    state.forget()
    var exact = (0..<n).map { RuleInDouble(p: Double(state.p.values[$0])) }
    for step in 1...3 {
      let g = randomFloats(n, seed: UInt64(step)).map { $0 + 3 }
      let isFinite = state.update(set, rule, g)
      #expect(isFinite)
      for index in 0..<n {
        exact[index].update(rule, Double(g[index]))
        // Parameters below 4 after three steps of about ten operations, each rounded to 2^-24 of values below 16.
        #expect(abs(Double(state.p.values[index]) - exact[index].p) <= 16 * 30 * 0x1p-24, "step \(step), \(index)")
        if rule.hasMoment {
          #expect(abs(Double(state.m.values[index]) - exact[index].m) <= 16 * 30 * 0x1p-24, "step \(step), \(index)")
        }
      }
    }
  }

  @Test(arguments: implementations, Rule.all)
  func parametersAreNeverMinusZeroAndSubnormalMomentsBecomeZero(name: String, rule: Rule) throws {
    let set = try kernels(name)
    let tiny = Float.leastNormalMagnitude
    for n in [1, 16, 21] {
      for moment in [tiny, -tiny] {
        var state = OptimizerState(
          p: [Float](repeating: -0.0, count: n), m: [Float](repeating: moment, count: n),
          v: [Float](repeating: tiny, count: n))
        state.update(set, rule, [Float](repeating: 0, count: n))
        if rule.hasMoment { #expect(state.m.values.allSatisfy { $0.bitPattern == 0 }, "\(n) values") }
        if rule.hasSquares { #expect(state.v.values.allSatisfy { $0.bitPattern == 0 }, "\(n) values") }
        #expect(state.p.values.allSatisfy { $0.bitPattern == 0 }, "\(n) values")
      }
    }
  }

  @Test(arguments: implementations, Rule.all)
  func whatIsNotFiniteIsSeenWhereverItStands(name: String, rule: Rule) throws {
    let set = try kernels(name)
    for n in [1, 15, 16, 17, 33, 48] {
      for index in 0..<n {
        for bad in [Float.nan, .infinity, -.infinity] {
          var g = randomFloats(n, seed: 1)
          g[index] = bad
          var state = OptimizerState(n)
          let isFinite = state.update(set, rule, g)
          #expect(!isFinite, "\(bad) at \(index) of \(n)")
        }
        if rule.hasSquares {
          var g = randomFloats(n, seed: 1)
          g[index] = 1e25  // (1e25)² overflows v alone
          var state = OptimizerState(n)
          let isFinite = state.update(set, rule, g)
          #expect(!isFinite, "squares at \(index) of \(n)")
        }
        var p = randomFloats(n, seed: 2)
        p[index] = -.infinity
        var state = OptimizerState(
          p: p, m: [Float](repeating: 0, count: n), v: [Float](repeating: 1, count: n))
        let isFinite = state.update(set, rule, randomFloats(n, seed: 1))
        #expect(!isFinite, "a parameter at \(index) of \(n)")
      }
    }
  }

  @Test(arguments: implementations)
  func gradientsAreScaledAndCutOff(name: String) throws {
    let set = try kernels(name)
    for n in lengths {
      let g = awkwardFloats(n, seed: UInt64(n))
      for (scale, bound) in [(1, 0.75), (0.5, .infinity), (3, 1e30)] as [(Float, Float)] {
        var clipped = Guarded(g)
        clipped.withPointer { set.clip(n, $0, scale, bound) }
        let expected = g.map { ($0 * scale).isNaN ? .nan : max(-bound, min(bound, $0 * scale)) }
        #expect(clipped.isIntact && difference(clipped.values, expected) == nil, "\(n) values")
      }
    }
  }
}
