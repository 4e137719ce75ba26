import CKernels
import Testing

@Suite struct SumTests {
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
      for columns in Array(lengths) + [128, 149] {
        for gap in [0, 5] {
          // The array ends with its last element, so that the address sanitizer sees a read beyond it.
          let stride = columns + gap
          let input = randomFloats(rows == 0 ? 0 : rows * stride - gap, seed: UInt64(rows * 100 + columns))
          var (expected, output) = (Guarded(unwritten: columns), Guarded(unwritten: columns))
          expected.withPointer { naive.column_sums(rows, columns, input, stride, $0) }
          output.withPointer { set.column_sums(rows, columns, input, stride, $0) }
          let found = difference(output.values, expected.values)
          #expect(output.isIntact && found == nil, "\(rows) x \(columns), rows \(stride) apart")
        }
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
    // The same in float, down a column: 2^25 swallows 2, and 3 makes it 4.
    for columns in [1, 16, 17, 64, 65] {
      var rows = [Float](repeating: 0, count: 40 * columns)
      for c in 0..<columns {
        (rows[c], rows[columns + c], rows[9 * columns + c], rows[17 * columns + c]) = (0x1p25, 1, 1, 1)
      }
      var sums = Guarded(unwritten: columns)
      sums.withPointer { set.column_sums(40, columns, rows, columns, $0) }
      #expect(sums.values == [Float](repeating: 0x1p25 + 4, count: columns))
    }
  }
}
