import CKernels
import Foundation
import Testing

@Suite struct CrossEntropyTests {
  @Test(arguments: instructionSets)
  func everyTailHasTheNaiveBits(name: String) throws {
    let set = try kernels(name)
    for classes in Array(1...67) + [100, 300] {
      for rows in [0, 1, 2, 17, 33] {
        let example = CrossEntropyCase(rows: rows, classes: classes, seed: UInt64(rows * 1000 + classes))
        let (expected, found) = (example.result(naive), example.result(set))
        #expect(same(found.loss, expected.loss) && found.correct == expected.correct, "\(rows) x \(classes)")
        #expect(difference(found.dq, expected.dq) == nil, "\(rows) x \(classes)")
      }
    }
  }

  @Test(arguments: implementations)
  func lossAndGradientAreThoseOfTheSoftmax(name: String) throws {
    let set = try kernels(name)
    for (rows, classes) in [(1, 1), (1, 2), (3, 10), (20, 33)] {
      let example = CrossEntropyCase(rows: rows, classes: classes, seed: 1)
      let found = example.result(set)
      var (loss, correct) = (0.0, 0)
      for row in 0..<rows {
        let q = example.q[row * classes..<(row + 1) * classes].map(Double.init)
        let target = Int(example.y[row])
        let sum = q.reduce(0) { $0 + exp($1) }
        loss += (log(sum) - q[target]) / Double(rows)
        correct += q.firstIndex(of: q.max() ?? .nan) == target ? 1 : 0
        for j in 0..<classes {
          let exact = (exp(q[j]) / sum - (j == target ? 1 : 0)) / Double(rows)
          // Differences of q are below 32, so rounded to 2^-20, and so are their exponentials, relatively; more than
          // the 2 ulp of exp itself.
          #expect(abs(Double(found.dq[row * classes + j]) - exact) <= 0x1p-19 / Double(rows), "\(row), \(j)")
        }
      }
      #expect(abs(found.loss - loss) <= 0x1p-19, "\(rows) x \(classes)")
      #expect(found.correct == correct, "\(rows) x \(classes)")
    }
  }

  /// Equal outputs make the sum the exact number of classes.
  @Test(arguments: implementations)
  func logarithmIsRightToFifteenDigits(name: String) throws {
    let set = try kernels(name)
    for classes in Array(1...200) + [1023, 1024, 1025, 1448, 1449, 5000, 65_536, 100_003] {
      let q = [Float](repeating: 0.75, count: classes)
      let found = CrossEntropyCase(rows: 1, classes: classes, q: q, y: [0]).result(set)
      let exact = log(Double(classes))
      #expect(abs(found.loss - exact) <= 1e-15 * exact, "\(classes) classes")
    }
  }

  @Test(arguments: implementations)
  func rightIsWhoseFirstGreatestOutputIsTheTargets(name: String) throws {
    let set = try kernels(name)
    for classes in [2, 3, 16, 17, 40] {
      for target in [0, classes / 2, classes - 1] {
        func isRight(_ change: (inout [Float]) -> Void) -> Bool {
          var q = [Float](repeating: -1, count: classes)
          q[target] = 1
          change(&q)
          return CrossEntropyCase(rows: 1, classes: classes, q: q, y: [Float(target)]).result(set).correct == 1
        }
        #expect(isRight { _ in })
        for other in 0..<classes where other != target {
          #expect(isRight { $0[other] = 1 } == (other > target), "an equal one at \(other), \(target) of \(classes)")
          #expect(!isRight { $0[other] = 1.5 }, "a greater one at \(other), \(target) of \(classes)")
          #expect(!isRight { $0[other] = .nan }, "NaN at \(other), \(target) of \(classes)")
        }
        #expect(!isRight { $0[target] = .nan })
      }
    }
  }

  @Test(arguments: implementations)
  func extremesOfOutputs(name: String) throws {
    let set = try kernels(name)
    let certain = CrossEntropyCase(rows: 1, classes: 3, q: [200, -200, -.infinity], y: [0]).result(set)
    #expect(certain.loss == 0 && certain.dq.allSatisfy { $0 == 0 } && certain.correct == 1)
    let wrong = CrossEntropyCase(rows: 1, classes: 3, q: [3e38, -3e38, 0], y: [1]).result(set)
    #expect(wrong.loss == 2 * Double(3e38 as Float) && wrong.dq == [1, -1, 0] && wrong.correct == 0)
    #expect(CrossEntropyCase(rows: 1, classes: 2, q: [0, -.infinity], y: [1]).result(set).loss == .infinity)
    #expect(CrossEntropyCase(rows: 1, classes: 2, q: [.infinity, 0], y: [1]).result(set).loss.isNaN)
    #expect(CrossEntropyCase(rows: 0, classes: 2, q: [], y: []).result(set).loss.isNaN, "nothing has no mean")
    for index in 0..<40 {
      var q = randomFloats(40, seed: 5)
      q[index] = .nan
      let found = CrossEntropyCase(rows: 2, classes: 20, q: q, y: [3, 19]).result(set)
      #expect(found.loss.isNaN && found.dq[index].isNaN, "NaN at \(index)")
    }
  }

  /// 2^61 swallows 128 and 256, but not 384: the lanes and the tree of `SumTests`, for rows.
  @Test(arguments: implementations)
  func rowsGoToSixteenLanesAndOneTree(name: String) throws {
    let set = try kernels(name)
    var q = (0..<40).flatMap { _ in [0, -200] as [Float] }  // exp(-200) is 0: each row's loss is q[0] - q[target]
    var y = [Float](repeating: 0, count: 40)
    for (row, loss) in [(0, 0x1p61), (1, 128), (9, 128), (17, 128)] as [(Int, Float)] {
      q[2 * row + 1] = -loss
      y[row] = 1
    }
    #expect(CrossEntropyCase(rows: 40, classes: 2, q: q, y: y).result(set).loss == (0x1p61 + 512) / 40)
  }
}

/// Outputs q [rows, classes] and targets y [rows].
struct CrossEntropyCase {
  let rows: Int
  let classes: Int
  let q: [Float]
  let y: [Float]

  init(rows: Int, classes: Int, q: [Float], y: [Float]) {
    (self.rows, self.classes, self.q, self.y) = (rows, classes, q, y)
  }

  /// Random outputs between -16 and 16.
  init(rows: Int, classes: Int, seed: UInt64) {
    var random = SplitMix64(state: seed)
    let y = (0..<rows).map { _ in Float(Int.random(in: 0..<classes, using: &random)) }
    self.init(rows: rows, classes: classes, q: randomFloats(rows * classes, seed: seed).map { $0 * 8 }, y: y)
  }

  /// What a set makes of it.
  func result(_ set: ks_kernels) -> (loss: Double, dq: [Float], correct: Int) {
    var dq = Guarded(unwritten: rows * classes)
    var correct = -1
    let loss = dq.withPointer { set.cross_entropy(rows, classes, q, y, $0, &correct) }
    #expect(dq.isIntact, "wrote past the ends, \(rows) x \(classes)")
    return (loss, dq.values, correct)
  }
}
