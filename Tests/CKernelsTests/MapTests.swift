import CKernels
import Testing

@Suite struct MapTests {
  @Test(arguments: instructionSets, Map.allCases)
  func everyTailHasTheNaiveBits(name: String, map: Map) throws {
    let set = try kernels(name)
    for n in lengths {
      for seed in 1...4 as ClosedRange<UInt64> {
        let x = awkwardFloats(n, seed: seed)
        var expected = Guarded(unwritten: n)
        expected.withPointer { map.of(naive)(n, x, $0) }
        var output = Guarded(unwritten: n)
        output.withPointer { map.of(set)(n, x, $0) }
        #expect(output.isIntact && difference(output.values, expected.values) == nil, "\(n) values")
        var inPlace = Guarded(x)
        inPlace.withPointer { map.of(set)(n, $0, $0) }
        #expect(inPlace.isIntact && difference(inPlace.values, expected.values) == nil, "\(n) values in place")
      }
    }
  }

  @Test(arguments: instructionSets, BackwardMap.allCases)
  func everyBackwardTailHasTheNaiveBits(name: String, map: BackwardMap) throws {
    let set = try kernels(name)
    for n in lengths {
      for seed in 1...4 as ClosedRange<UInt64> {
        let (h, dh) = (awkwardFloats(n, seed: seed), awkwardFloats(n, seed: seed + 10))
        var expected = Guarded(unwritten: n)
        expected.withPointer { map.of(naive)(n, h, dh, $0) }
        var output = Guarded(unwritten: n)
        output.withPointer { map.of(set)(n, h, dh, $0) }
        #expect(output.isIntact && difference(output.values, expected.values) == nil, "\(n) values")
        var inPlace = Guarded(dh)
        inPlace.withPointer { map.of(set)(n, h, $0, $0) }
        #expect(inPlace.isIntact && difference(inPlace.values, expected.values) == nil, "\(n) values in place")
      }
    }
  }

  @Test(arguments: implementations)
  func reluIsTheLargerOfXAndZero(name: String) throws {
    let set = try kernels(name)
    let x: [Float] = [-1, -0x1p-149, -0.0, 0, 0x1p-149, 3, .infinity, -.infinity, .nan]
    var y = Guarded(unwritten: x.count)
    y.withPointer { set.relu(x.count, x, $0) }
    #expect(difference(y.values, [0, 0, 0, 0, 0x1p-149, 3, .infinity, 0, .nan]) == nil)
  }

  @Test(arguments: implementations)
  func derivativesAreThoseOfTheActivationsAndSubnormalsBecomeZero(name: String) throws {
    let set = try kernels(name)
    let tiny = Float.leastNormalMagnitude
    let h: [Float] = [0, 0.5, -0.5, 1, -1, 0.5, 0, 0, -0.5, 0.5]
    let dh: [Float] = [2, 2, 2, 2, -2, tiny, tiny, -tiny.nextDown, -0.0, .nan]
    var dz = Guarded(unwritten: h.count)
    dz.withPointer { set.tanh_backward(h.count, h, dh, $0) }
    #expect(difference(dz.values, [2, 1.5, 1.5, 0, 0, 0, tiny, 0, 0, .nan]) == nil)  // dh · (1 - h²)
    dz = Guarded(unwritten: h.count)
    dz.withPointer { set.relu_backward(h.count, h, dh, $0) }
    #expect(difference(dz.values, [0, 2, 0, 2, 0, tiny, 0, 0, 0, .nan]) == nil)  // dh where h > 0
  }
}

/// The functions of one argument.
enum Map: CaseIterable {
  case exp
  case tanh
  case sigmoid
  case relu

  /// The kernel: out [n] = f(x [n]).
  func of(_ set: ks_kernels) -> (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    switch self {
    case .exp: set.exp
    case .tanh: set.tanh
    case .sigmoid: set.sigmoid
    case .relu: set.relu
    }
  }
}

/// The activations' derivatives.
enum BackwardMap: CaseIterable {
  case tanh
  case relu

  /// The kernel: dz [n] from h [n] and dh [n].
  func of(
    _ set: ks_kernels
  ) -> (Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void {
    switch self {
    case .tanh: set.tanh_backward
    case .relu: set.relu_backward
    }
  }
}
