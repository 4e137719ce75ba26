import CKernels
import Testing

/// LSTM and GRU cells, one time step forward and backward.
@Suite struct CellKernelTests {
  @Test(arguments: instructionSets, CellKind.allCases)
  func everyTailAndStrideHasTheNaiveBits(name: String, kind: CellKind) throws {
    let set = try kernels(name)
    for n in lengths {
      for (rows, gap) in [(1, 0), (3, 0), (2, 3)] {
        for makeFloats in [randomFloats, awkwardFloats] {
          let start = CellStep(kind, rows: rows, n: n, gap: gap, floats: makeFloats)
          var (expected, found) = (start, start)
          expected.forward(naive)
          found.forward(set)
          #expect(found.difference(from: expected) == nil, "forward, \(rows) x \(n), gaps \(gap)")
          expected.backward(naive)
          found.backward(set)
          #expect(found.difference(from: expected) == nil, "backward, \(rows) x \(n), gaps \(gap)")
          #expect(expected.keepsGaps(of: start), "naive wrote into the gaps, \(rows) x \(n)")
        }
      }
    }
  }

  /// Against the equations in Double.
  @Test(arguments: implementations, CellKind.allCases)
  func forwardIsTheEquations(name: String, kind: CellKind) throws {
    let set = try kernels(name)
    var step = CellStep(kind, rows: 2, n: 37, gap: 1) { randomFloats($0, seed: $1) }
    let exact = step.units.map { CellEquations(kind, step.gates(of: $0), step.previous(of: $0)) }
    step.forward(set)
    for (unit, exact) in zip(step.units, exact) {
      // Values below 4; each is the outcome of a few operations of 2 ulp and less, 2^-22 relatively.
      #expect(abs(Double(step.h(of: unit)) - exact.h) <= 8 * 0x1p-22, "h of \(unit)")
      if kind == .lstm { #expect(abs(Double(step.c(of: unit)) - exact.c) <= 8 * 0x1p-22, "c of \(unit)") }
      for (gate, exactGate) in zip(step.gates(of: unit), exact.activations) {
        #expect(abs(Double(gate) - exactGate) <= 4 * 0x1p-22, "gates of \(unit)")
      }
    }
  }

  /// Against central differences of the equations in Double, whose own error is about 1e-9.
  @Test(arguments: implementations, CellKind.allCases)
  func backwardIsTheSlopeOfTheEquations(name: String, kind: CellKind) throws {
    let set = try kernels(name)
    var step = CellStep(kind, rows: 2, n: 37, gap: 1) { randomFloats($0, seed: $1) }
    let start = step
    step.forward(set)
    step.backward(set)
    for unit in step.units {
      func loss(_ gates: [Float], _ previous: Float, _ change: (inout [Double], inout Double) -> Void) -> Double {
        var (gates, previous) = (gates.map(Double.init), Double(previous))
        change(&gates, &previous)
        let result = CellEquations(kind, gates, previous)
        return Double(start.dh(of: unit)) * result.h + (kind == .lstm ? Double(start.carried(of: unit)) * result.c : 0)
      }
      func slope(_ change: (Double, inout [Double], inout Double) -> Void) -> Double {
        let (gates, previous) = (start.gates(of: unit), start.previous(of: unit))
        return (loss(gates, previous) { change(1e-5, &$0, &$1) } - loss(gates, previous) { change(-1e-5, &$0, &$1) })
          / 2e-5
      }
      // Gradients below 10 are sums and products of about six factors, each with errors of up to 2^-22.
      let tolerance = 60 * 0x1p-22
      for gate in 0..<4 {
        let exact = slope { change, gates, _ in gates[gate] += change }
        #expect(abs(Double(step.gates(of: unit)[gate]) - exact) <= tolerance, "gate \(gate) of \(unit)")
      }
      // A GRU's dL/dh_previous gains the direct way's part only; the rest goes through the gates' products.
      let exact = slope { change, _, previous in previous += change }
      let before = kind == .gru ? Double(start.carried(of: unit)) : 0
      #expect(abs(Double(step.carried(of: unit)) - before - exact) <= tolerance, "previous state of \(unit)")
    }
  }

  @Test(arguments: implementations)
  func gruBackwardNeedsNoPlaceForThePreviousState(name: String) throws {
    let set = try kernels(name)
    for n in [1, 16, 21] {
      var (with, without) = (CellStep(.gru, rows: 2, n: n, gap: 2, floats: randomFloats), CellStep?.none)
      with.forward(set)
      without = with
      with.backward(set)
      without?.backward(set, carries: false)
      #expect(try difference(with.gates.values, #require(without).gates.values) == nil, "\(n) units")
    }
  }

  @Test(arguments: implementations)
  func statesAreNeverMinusZero(name: String) throws {
    let set = try kernels(name)
    for n in [1, 16, 21] {
      for kind in CellKind.allCases {
        // Sums of half the smallest subnormal below zero, which round to minus zero.
        var step = CellStep(kind, rows: 1, n: n, gap: 0) { count, _ in [Float](repeating: -0x1p-149, count: count) }
        step.setPrevious(kind == .lstm ? -0x1p-149 : 0x1p-149)
        step.forward(set)
        for unit in step.units {
          #expect(step.h(of: unit).bitPattern == 0, "\(kind), \(n) units")
          #expect(kind == .gru || step.c(of: unit).bitPattern == 0 && step.tanhC(of: unit).bitPattern == 0)
        }
      }
    }
  }

  @Test(arguments: implementations, CellKind.allCases)
  func subnormalGradientsBecomeZero(name: String, kind: CellKind) throws {
    let set = try kernels(name)
    for n in [1, 16, 21] {
      var step = CellStep(kind, rows: 1, n: n, gap: 0) { count, _ in [Float](repeating: 0.5, count: count) }
      step.forward(set)
      step.shrinkGradients(to: -1.5 * .leastNormalMagnitude)
      step.backward(set)
      for value in step.gates.values + step.carriedOver.values {
        #expect(value.bitPattern == 0 || abs(value) >= .leastNormalMagnitude, "\(value), \(n) units")
      }
      #expect(step.gates.values.contains { $0.bitPattern == 0 })
    }
  }

  @Test(arguments: implementations, CellKind.allCases)
  func saturatedGatesAreExact(name: String, kind: CellKind) throws {
    let set = try kernels(name)
    for (size, sign) in [(200, 1), (Float.infinity, 1), (200, -1), (.infinity, -1)] as [(Float, Float)] {
      var step = CellStep(kind, rows: 1, n: 20, gap: 0) { count, _ in [Float](repeating: sign * size, count: count) }
      step.setPrevious(0.25)
      step.forward(set)
      // All gates of the LSTM 1, 1, 1, 1 or 0, 0, -1, 0; GRU's z is 1 or 0, its candidate ±1, or NaN from 0 · ∞.
      for unit in step.units {
        switch kind {
        case .lstm:
          #expect(step.c(of: unit) == (sign > 0 ? 1.25 : 0))
          #expect(step.h(of: unit) == (sign > 0 ? step.tanhC(of: unit) : 0))
        case .gru where size.isFinite: #expect(step.h(of: unit) == (sign > 0 ? 0.25 : -1))
        case .gru: #expect(sign > 0 ? step.h(of: unit) == 0.25 : step.h(of: unit).isNaN)
        }
      }
    }
  }
}
