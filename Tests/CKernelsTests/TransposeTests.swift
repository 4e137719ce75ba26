import CKernels
import Testing

@Suite struct TransposeTests {
  @Test(arguments: implementations)
  func everyElementChangesItsIndices(name: String) throws {
    let set = try kernels(name)
    let sizes = [0, 1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 64, 65, 100]
    for rows in sizes {
      for columns in sizes {
        let input = randomFloats(rows * columns, seed: UInt64(rows * 1000 + columns))
        var output = Guarded(unwritten: rows * columns)
        output.withPointer { set.transpose(rows, columns, input, $0) }
        let expected = (0..<columns).flatMap { c in (0..<rows).map { r in input[r * columns + c] } }
        #expect(output.isIntact && difference(output.values, expected) == nil, "\(rows) x \(columns)")
      }
    }
  }
}
