import CKernels
import Testing

@Suite struct LossKernelTests {
  @Test(arguments: instructionSets, Loss.allCases)
  func everyTailHasTheNaiveBits(name: String, loss: Loss) throws {
    let set = try kernels(name)
    for n in Array(lengths) + [1000, 1029] {
      for makeFloats in [randomFloats, awkwardFloats] {
        let (q, y) = (makeFloats(n, 1), makeFloats(n, 2))
        var (expected, output) = (Guarded(unwritten: n), Guarded(unwritten: n))
        let expectedLoss = expected.withPointer { loss.of(naive)(n, q, y, $0) }
        let found = output.withPointer { loss.of(set)(n, q, y, $0) }
        #expect(same(found, expectedLoss), "\(n) values")
        #expect(output.isIntact && difference(output.values, expected.values) == nil, "\(n) values")
      }
    }
  }

  @Test(arguments: implementations)
  func squaredErrorIsTheMeanOfSquares(name: String) throws {
    let set = try kernels(name)
    var dq = Guarded(unwritten: 3)
    let loss = dq.withPointer { set.mean_squared_error(3, [1, 2, -4], [0, 4, -1], $0) }
    #expect(loss == 14.0 / 3)
    #expect(dq.values == [1, -2, -3].map { Float($0) * Float(2.0 / 3) })
  }

  @Test(arguments: implementations)
  func absoluteErrorIsTheMeanOfDistancesAndItsGradientTheSign(name: String) throws {
    let set = try kernels(name)
    var dq = Guarded(unwritten: 5)
    let loss = dq.withPointer { set.mean_absolute_error(5, [1, 2, -4, 7, 0], [0, 4, -1, 7, 0x1p-149], $0) }
    #expect(loss == (6 + 0x1p-149) / 5)
    #expect(dq.values == ([1, -1, -1, 0, -1] as [Float]).map { $0 * 0.2 })
  }

  @Test(arguments: implementations)
  func huberIsSquaredUpToDeltaAndAbsoluteBeyond(name: String) throws {
    let set = try kernels(name)
    var dq = Guarded(unwritten: 5)
    // With delta 2, errors of 1, -2, 3, -5 and 0: 1/2, 2, 2 · (3 - 1), 2 · (5 - 1), 0.
    let loss = dq.withPointer { set.huber(5, [1, 0, 3, -1, 4], [0, 2, 0, 4, 4], 2, $0) }
    #expect(loss == 14.5 / 5)
    #expect(dq.values == ([1, -2, 2, -2, 0] as [Float]).map { $0 * 0.2 })
  }

  @Test(arguments: implementations, Loss.allCases)
  func nothingHasNoMeanAndNaNIsSeen(name: String, loss: Loss) throws {
    let set = try kernels(name)
    var dq = Guarded(unwritten: 0)
    let ofNothing = dq.withPointer { loss.of(set)(0, [], [], $0) }
    #expect(ofNothing.isNaN)
    for n in [1, 15, 16, 17, 40] {
      for index in [0, n / 2, n - 1] {
        var q = randomFloats(n, seed: 3)
        q[index] = .nan
        dq = Guarded(unwritten: n)
        let found = dq.withPointer { loss.of(set)(n, q, randomFloats(n, seed: 4), $0) }
        #expect(found.isNaN, "\(index) of \(n)")
        #expect(dq.values[index].isNaN, "\(index) of \(n)")
      }
    }
  }

  /// 2^54 swallows 1 and 2, but not 3: the lanes and the tree of `SumTests`.
  @Test(arguments: implementations)
  func lossesRunInSixteenLanesAndOneTree(name: String) throws {
    let set = try kernels(name)
    let zeros = [Float](repeating: 0, count: 40)
    var dq = Guarded(unwritten: 40)
    for (loss, large) in [(Loss.squared, 0x1p27), (.absolute, 0x1p54), (.huber, 0x1p54)] as [(Loss, Float)] {
      var q = zeros
      // Huber's beyond its delta of 1 loses a half each: three halves make what the others' ones make.
      let one: Float = loss == .huber ? 1.5 : 1
      (q[0], q[1], q[9], q[17]) = (large, one, one, one)
      let found = dq.withPointer { loss.of(set)(40, q, zeros, $0) }
      #expect(found == (0x1p54 + 4) / 40, "\(loss)")
    }
  }
}

/// The losses over single numbers.
enum Loss: CaseIterable {
  case squared
  case absolute
  case huber

  /// The kernel: the mean, and the gradient dq [n], from q [n] and y [n]; Huber's with a delta of 1.
  func of(
    _ set: ks_kernels
  ) -> (Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Double {
    switch self {
    case .squared: set.mean_squared_error
    case .absolute: set.mean_absolute_error
    case .huber: { n, q, y, dq in set.huber(n, q, y, 1, dq) }
    }
  }
}
