import ArrayFiles
import Foundation
import Sequences
import Testing

@Suite struct HostileArrayTests {
  /// An .npy file with this header's text, and `values` bytes of zeros.
  private func npy(_ descr: String, _ shape: String, values: Int = 8) -> [UInt8] {
    let header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: values)
  }

  @Test(arguments: [
    ("<f4", "(3,)", "array \"data\": shape [3] of <f4 needs 12 bytes of values, there are 8"),
    ("<f4", "(1,)", "array \"data\": shape [1] of <f4 needs 4 bytes of values, there are 8"),
    ("<f4", "(0,)", "array \"data\": shape [0] has a dimension of 0, below 1"),
    ("<f4", "(2, 0, 1)", "array \"data\": shape [2, 0, 1] has a dimension of 0, below 1"),
    (
      "<f4", "(4611686018427387904, 4)",
      "array \"data\": shape [4611686018427387904, 4] asks for more values than any memory holds"
    ),
    (
      "<U4", "(1,)", "array \"data\": its data type is \"<U4\", read are f2, f4, f8, i4, i8 with < or > before"
    ),
    (
      "|O", "(1,)",
      "array \"data\": its data type is \"|O\", pickled Python objects, read are f2, f4, f8, i4, i8 with < or > before"
    ),
  ])
  func forgedHeadersAreRefused(descr: String, shape: String, message: String) throws {
    #expect(try failure(npy(descr, shape), name: "data.npy", ["0"]).message == "data.npy: \(message)")
  }

  @Test func absurdShapesTakeNoMemory() throws {
    for shape in ["(1099511627776,)", "(2, 549755813888)", "(274877906944, 2, 2)"] {
      let error = try failure(npy("<f4", shape), name: "data.npy", ["0"])
      #expect(error.message.contains("it asks for 4398046511104 bytes, at most "))
    }
    try withFile([], name: "data.npy") { path in
      // Sparse: it takes no room on the disk.
      try #require(truncate(path, 1 << 42) == 0)
      let error = try #require(throws: SequenceError.self) { try Table.read(path: path, columns: ["0"]) }
      #expect(error.message.hasPrefix("\(path): it asks for 4398046511104 bytes, at most "))
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let npy = try NPYFile.encode(counting("", [3, 2]))
    let npz = try NPZFile.encode([counting("x", [3, 2]), counting("y", [3])])
    for length in 0..<npy.count {
      #expect(
        try failure(npy.prefix(length), name: "data.npy", ["0", "1"]).message.hasPrefix("data.npy: array \"data\""))
    }
    for length in 0..<npz.count {
      #expect(try failure(npz.prefix(length), name: "data.npz", ["x", "y"]).message.hasPrefix("data.npz: "))
    }
  }

  @Test func filesOfAnotherKindAreRefused() throws {
    let csv = try failure("0,1\n2,3\n".utf8, name: "data.npy", ["0"])
    #expect(csv.message == "data.npy: array \"data\": it does not start as a NumPy array (.npy) does")
    #expect(
      try failure("x\n1\n".utf8, name: "data.npz", ["x"]).message.hasPrefix("data.npz: the zip file cannot be read"))
    let wrong = try withFile("x\n1\n".utf8) { path in
      try #require(throws: SequenceError.self) { try Table.readArrays(path: path, columns: ["x"]) }
    }
    #expect(wrong.message.hasSuffix("it does not start as a NumPy array (.npy) does"))
  }

  @Test func damageIsRefusedOrReadAsATable() throws {
    let good = [UInt8](try NPZFile.encode([counting("x", [3, 2]), counting("y", [3])]))
    var refused = 0
    for place in good.indices {
      for change: UInt8 in [1, 0x80, 0xFF] {
        var bytes = good
        bytes[place] ^= change
        do {
          let table = try withFile(bytes, name: "data.npz") { try Table.read(path: $0, columns: ["x", "y"]) }
          #expect(table.values.count == table.rowCount * 3)
        } catch is SequenceError {
          refused += 1
        }
      }
    }
    #expect(refused > good.count)
  }
}
