import CKernels
import Testing

@Suite struct SumTests {
  @Test(arguments: instructionSets)
  func meanSquaredErrorHasTheNaiveBits(name: String) throws {
    let set = try kernels(name)
    for n in Array(lengths) + [1000, 1029] {
      let (q, y) = (randomFloats(n, seed: 1), randomFloats(n, seed: 2))
      var (expected, output) = (Guarded(unwritten: n), Guarded(unwritten: n))
      let expectedLoss = expected.withPointer { naive.mean_squared_error(n, q, y, $0) }
      let loss = output.withPointer { set.mean_squared_error(n, q, y, $0) }
      #expect(same(loss, expectedLoss), "\(n) values")
      #expect(output.isIntact && difference(output.values, expected.values) == nil, "\(n) values")
    }
  }

  @Test(arguments: implementations)
  func meanSquaredErrorIsTheMean(name: String) throws {
    let set = try kernels(name)
    var dq = Guarded(unwritten: 3)
    let loss = dq.withPointer { set.mean_squared_error(3, [1, 2, -4], [0, 4, -1], $0) }
    #expect(loss == 14.0 / 3)
    #expect(dq.values == [1, -2, -3].map { Float($0) * Float(2.0 / 3) })
    #expect(dq.withPointer { set.mean_squared_error(0, [], [], $0) }.isNaN, "nothing has no mean")
  }

  @Test(arguments: instructionSets)
  func sumOfSquaresHasTheNaiveBits(name: String) throws {
    let set = try kernels(name)
    for n in Array(lengths) + [1000, 1029] {
      let x = randomFloats(n, seed: UInt64(n))
      #expect(set.sum_of_squares(n, x).bitPattern == naive.sum_of_squares(n, x).bitPattern, "\(n) values")
    }
  }

  @Test(arguments: instructionSets)
  func columnSumsHaveTheNaiveBits(name: String) throws {
    let set = try kernels(name)
    for rows in [0, 1, 2, 10, 15, 16, 17, 31, 32, 33, 100] {
      for columns in lengths {
        let input = randomFloats(rows * columns, seed: UInt64(rows * 100 + columns))
        var (expected, output) = (Guarded(unwritten: columns), Guarded(unwritten: columns))
        expected.withPointer { naive.column_sums(rows, columns, input, $0) }
        output.withPointer { set.column_sums(rows, columns, input, $0) }
        #expect(output.isIntact && difference(output.values, expected.values) == nil, "\(rows) x \(columns)")
      }
    }
  }

  @Test(arguments: implementations)
  func sumsRunInSixteenLanesAndOneTree(name: String) throws {
    let set = try kernels(name)
    // 2^54 swallows 1 and 2, but not 3. The 1 of lane 9 must meet the 2 of lane 1 before they meet lane 0; one
    // chain, a tree over neighbours, or other lanes would lose both.
    var squares = [Float](repeating: 0, count: 40)
    (squares[0], squares[1], squares[9]) = (0x1p27, 1, 1)
    squares[17] = 1  // lane 1 again
    #expect(set.sum_of_squares(40, squares) == 0x1p54 + 4)
    var dq = Guarded(unwritten: 40)
    let zeros = [Float](repeating: 0, count: 40)
    let loss = dq.withPointer { set.mean_squared_error(40, squares, zeros, $0) }
    #expect(loss == (0x1p54 + 4) / 40)
    // The same in float, down a column: 2^25 swallows 2, and 3 makes it 4.
    for columns in [1, 16, 17] {
      var rows = [Float](repeating: 0, count: 40 * columns)
      for c in 0..<columns {
        (rows[c], rows[columns + c], rows[9 * columns + c], rows[17 * columns + c]) = (0x1p25, 1, 1, 1)
      }
      var sums = Guarded(unwritten: columns)
      sums.withPointer { set.column_sums(40, columns, rows, $0) }
      #expect(sums.values == [Float](repeating: 0x1p25 + 4, count: columns))
    }
  }
}
