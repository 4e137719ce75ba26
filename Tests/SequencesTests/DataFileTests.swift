import ArrayFiles
import Foundation
import Sequences
import Testing

@Suite struct DataFileTests {
  @Test func anArrayOfOneAxisIsOneColumn() throws {
    let table = try withNPY(counting("", [3])) { try Table.read(path: $0, columns: ["0"]) }
    #expect(table.columns == ["0"] && table.rowCount == 3 && table.sequenceCount == 1)
    #expect(table.values == [0, 1, 2])
  }

  @Test func anArrayOfTwoAxesHasAColumnAFeature() throws {
    let table = try withNPY(counting("", [2, 3])) { try Table.read(path: $0, columns: ["2", "0", "2"]) }
    #expect(table.columns == ["2", "0"] && table.rowCount == 2 && table.sequenceCount == 1)
    #expect(table.values == [2, 0, 5, 3])
  }

  @Test func bothOrdersOfThreeAxesAreTheSameTable() throws {
    let (T, N, F) = (4, 3, 2)
    func value(_ t: Int, _ n: Int, _ f: Int) -> Float { Float(100 * n + 10 * t + f) }
    let timeFirst = (0..<T).flatMap { t in (0..<N).flatMap { n in (0..<F).map { value(t, n, $0) } } }
    let batchFirst = (0..<N).flatMap { n in (0..<T).flatMap { t in (0..<F).map { value(t, n, $0) } } }
    for columns in [["0", "1"], ["1"], ["1", "0"]] {
      let a = try withNPY(NamedArray(name: "", shape: [T, N, F], values: timeFirst)) {
        try Table.read(path: $0, columns: columns)
      }
      let b = try withNPY(NamedArray(name: "", shape: [N, T, F], values: batchFirst)) {
        try Table.read(path: $0, columns: columns, batchFirst: true)
      }
      #expect(a.sequenceCount == N && a.sequenceLength == T && a.rowCount == N * T)
      #expect(a.columns == columns && a.columns == b.columns)
      #expect(
        a.values == (0..<N).flatMap { n in (0..<T).flatMap { t in columns.map { value(t, n, Int($0) ?? 9) } } })
      #expect(sameBits(a.values, b.values) && a.sequenceCount == b.sequenceCount && a.digest == b.digest)
    }
  }

  @Test func oneSequenceOfThreeAxesIsAPlainTable() throws {
    let three = try withNPY(counting("", [4, 1, 2])) { try Table.read(path: $0, columns: ["0", "1"]) }
    let two = try withNPY(counting("", [4, 2])) { try Table.read(path: $0, columns: ["0", "1"]) }
    #expect(three.sequenceCount == 1 && three.digest == two.digest)
  }

  static let walks = [
    counting("x", [4, 3]), counting("level", [4], from: 100), counting("y", [4, 1], from: 200),
    counting("a.b", [4, 2], from: 300),
  ]

  @Test func namesStandForColumnsOrForAllOfAnArrays() throws {
    try withNPZ(Self.walks) { path in
      let file = try DataFile(path: path)
      #expect(try file.expanded(["x"]) == ["x.0", "x.1", "x.2"])
      #expect(try file.expanded(["y", "x.2", "level"]) == ["y", "x.2", "level"])
      #expect(try file.expanded(["a.b", "x.1", "a.b.0"]) == ["a.b.0", "a.b.1", "x.1", "a.b.0"])
      let table = try file.table(columns: ["level", "x", "x.1", "y"])
      #expect(table.columns == ["level", "x.0", "x.1", "x.2", "y"])
      #expect(table.values.prefix(10) == [100, 0, 1, 2, 200, 101, 3, 4, 5, 201])
      // The stored names are the expanded ones, and give the same table.
      #expect(try file.table(columns: table.columns) == table)
      // Columns of one array that do not stand side by side.
      #expect(try file.table(columns: ["x.2", "y", "x.0"]).values.prefix(6) == [2, 200, 0, 5, 201, 3])
    }
  }

  @Test func arraysOfThreeAxesGoTogetherWithEachOther() throws {
    let table = try read([counting("x", [3, 2, 2]), counting("y", [3, 2, 1], from: 50)], ["x", "y"])
    #expect(table.columns == ["x.0", "x.1", "y"] && table.sequenceCount == 2 && table.sequenceLength == 3)
    #expect(table.values == [0, 1, 50, 4, 5, 52, 8, 9, 54, 2, 3, 51, 6, 7, 53, 10, 11, 55])
    let first = try read(
      [counting("x", [2, 3, 2]), counting("y", [2, 3, 1], from: 50)], ["x.1", "y"], batchFirst: true)
    #expect(first.values == [1, 50, 3, 51, 5, 52, 7, 53, 9, 54, 11, 55] && first.sequenceCount == 2)
  }

  @Test func contentDecidesTheFormat() throws {
    let npy = try NPYFile.encode(counting("", [2]))
    let npz = try NPZFile.encode([counting("x", [2])])
    for name in ["data", "data.csv", "data.npy", "data.npz", "data.NPZ"] {
      #expect(try withFile(npy, name: name) { try Table.read(path: $0, columns: ["0"]) }.values == [0, 1])
      #expect(try withFile(npz, name: name) { try Table.read(path: $0, columns: ["x"]) }.values == [0, 1])
      #expect(try withFile(npz, name: name) { try Table.readArrays(path: $0, columns: ["x"]) }.values == [0, 1])
    }
    let csv = try withFile("x,y\n1,2\n".utf8, name: "data") { try DataFile(path: $0, batchFirst: true) }
    #expect(try csv.expanded(["y", "nothing yet"]) == ["y", "nothing yet"])
    for name in ["data", "data.csv", "data.txt"] {
      #expect(try withFile("x,y\n1,2\n".utf8, name: name) { try Table.read(path: $0, columns: ["y"]) }.values == [2])
    }
  }

  @Test func otherTypesAndOrdersOfNumPyAreRounded() throws {
    // numpy.asfortranarray([[1, 2, 3], [4, 5, -0.0]], '>f8'), written by hand: columns come first.
    let header = "{'descr': '>f8', 'fortran_order': True, 'shape': (2, 3), }"
    let values: [Double] = [1, 4, 2, 5, 1.0 / 3, -0.0]
    let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) } }
    let file = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + bytes
    let table = try withFile(file, name: "data.npy") { try Table.read(path: $0, columns: ["0", "1", "2"]) }
    #expect(sameBits(table.values, [1, 2, Float(1.0 / 3), 4, 5, 0]))
  }

  @Test func arraysThatAreNotAskedForMayHoldAnything() throws {
    let nan = NamedArray(name: "gaps", shape: [7, 2], values: [Float](repeating: .nan, count: 14))
    let deep = counting("deep", [1, 1, 1, 1])
    let table = try read(
      [nan, counting("x", [2, 2]), deep, NamedArray(name: "scalar", shape: [], values: [1])], ["x"])
    #expect(table.values == [0, 1, 2, 3])
    // Of an array that is used, too, other features are not looked at.
    let half = NamedArray(name: "x", shape: [2, 2], values: [1, .nan, 2, .infinity])
    #expect(try read([half], ["x.0"]).values == [1, 2])
  }

  @Test func wideArraysKeepEveryFeature() throws {
    let (N, T, F) = (2, 3, 40)
    let array = counting("x", [T, N, F])
    let table = try read([array, counting("y", [T, N, 2], from: 1000)], ["x", "y.1"])
    for n in 0..<N {
      for t in 0..<T {
        let row = table.values[(n * T + t) * (F + 1)..<(n * T + t + 1) * (F + 1)]
        let expected = (0..<F).map { Float((t * N + n) * F + $0) } + [Float(1000 + (t * N + n) * 2 + 1)]
        #expect(Array(row) == expected)
      }
    }
  }
}
