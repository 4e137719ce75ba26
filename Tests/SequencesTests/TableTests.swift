import Sequences
import Testing

@Suite struct TableTests {
  @Test func rowsAreCounted() throws {
    let table = try Table(source: "made here", columns: ["a", "b"], values: [1, 2, 3, 4, 5, 6])
    #expect(table.rowCount == 3)
    #expect(try table.column("a") == 0)
    #expect(try table.column("b") == 1)
  }

  @Test func minusZeroBecomesZero() throws {
    let table = try Table(source: "made here", columns: ["a"], values: [-0.0, 1, -1])
    #expect(sameBits(table.values, [0, 1, -1]))
  }

  @Test func aMissingColumnNamesTheNearest() throws {
    let table = try Table(source: "river.csv", columns: ["date", "Flow", "rain"], values: [1, 2, 3])
    let error = try #require(throws: SequenceError.self) { try table.column("flwo") }
    #expect(error.message == "river.csv has no column \"flwo\"")
    #expect(error.hint == "its columns are: date, Flow, rain")
    let near = try #require(throws: SequenceError.self) { try table.column("flow") }
    #expect(near.hint == "did you mean \"Flow\"? its columns are: date, Flow, rain")
    #expect(near.recoverySuggestion == near.hint)
  }

  @Test func longListsOfColumnsAreCut() throws {
    let names = (1...25).map { "column\($0)" }
    let table = try Table(source: "wide", columns: names, values: [])
    let error = try #require(throws: SequenceError.self) { try table.column("temperature") }
    #expect(error.hint == "its columns are: \(names.prefix(20).joined(separator: ", ")), … (25 in all)")
  }

  @Test(
    arguments: [
      ([], [], "s: no columns are named"),
      (["a", "b", "a"], [1, 2, 3], "s has two columns \"a\""),
      (["a", "b"], [1, 2, 3], "s: 3 values do not fill rows of 2 columns"),
      (["a", "b"], [1, 2, 3, .nan], "s, row 2, column \"b\": nan is not finite"),
      (["a", "b"], [1, 2, -.infinity, 4], "s, row 2, column \"a\": -inf is not finite"),
    ] as [([String], [Float], String)])
  func badTablesAreRefused(columns: [String], values: [Float], message: String) throws {
    let error = try #require(throws: SequenceError.self) { try Table(source: "s", columns: columns, values: values) }
    #expect(error.message == message)
  }

  @Test func digestIsTheDocumentedOne() throws {
    // import hashlib, struct
    // q = lambda n: struct.pack('<Q', n)
    // names = ['flow', 'Zürich']
    // data = b'keepstep table 1\n' + q(2) + b''.join(q(len(n.encode())) + n.encode() for n in names)
    // print(hashlib.sha256(data + q(2) + struct.pack('<4f', 0.0, -1.5, 3.4028235e38, 1e-45)).hexdigest())
    let table = try Table(
      source: "x.csv", columns: ["flow", "Zürich"],
      values: [-0.0, -1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
    #expect(table.digest == "f5ecd783257a2b527191d984b63f7d3860d15a164ffa56c3edecfdd40b99a5ee")
  }

  @Test func digestDependsOnNamesAndValuesOnly() throws {
    let table = try Table(source: "x.csv", columns: ["ab", "c"], values: [1, 2, 3, 4])
    #expect(table.digest == (try Table(source: "y.csv", columns: ["ab", "c"], values: [1, 2, 3, 4])).digest)
    let others = [
      try Table(source: "x.csv", columns: ["a", "bc"], values: [1, 2, 3, 4]),
      try Table(source: "x.csv", columns: ["c", "ab"], values: [1, 2, 3, 4]),
      try Table(source: "x.csv", columns: ["ab"], values: [1, 2, 3, 4]),
      try Table(source: "x.csv", columns: ["ab", "c"], values: [1, 2]),
      try Table(source: "x.csv", columns: ["ab", "c"], values: [1, 2, 4, 3]),
      try Table(source: "x.csv", columns: ["ab", "c"], values: [1, 2, 3, Float(4).nextUp]),
    ]
    #expect(Set(others.map(\.digest) + [table.digest]).count == 7)
  }

  @Test func sequencesLieOneAfterTheOther() throws {
    let table = try Table(source: "s", columns: ["a", "b"], values: (0..<12).map { Float($0) }, sequenceCount: 3)
    #expect(table.rowCount == 6 && table.sequenceCount == 3 && table.sequenceLength == 2)
    let one = try Table(source: "s", columns: ["a", "b"], values: table.values)
    #expect(one.sequenceCount == 1 && one.sequenceLength == 6 && one != table)
  }

  @Test(arguments: [
    (4, "s: 6 rows are not 4 sequences of equal length"), (0, "s: 6 rows are not 0 sequences of equal length"),
    (Int.min, nil),
  ])
  func rowsMustFillTheSequences(count: Int, message: String?) throws {
    let error = try #require(throws: SequenceError.self) {
      try Table(source: "s", columns: ["a"], values: [1, 2, 3, 4, 5, 6], sequenceCount: count)
    }
    #expect(message == nil || error.message == message)
  }

  @Test func aBadValueIsNamedWithinItsSequence() throws {
    let error = try #require(throws: SequenceError.self) {
      try Table(source: "s", columns: ["a"], values: [1, 2, 3, .nan], sequenceCount: 2)
    }
    #expect(error.message == "s, sequence 2, row 2, column \"a\": nan is not finite")
  }

  @Test func digestOfSeveralSequencesIsTheDocumentedOne() throws {
    // As above, with b'keepstep table 2\n' before, and after the names
    // q(4) + q(2) + struct.pack('<8f', *range(8))
    let table = try Table(
      source: "x.npz", columns: ["flow", "Zürich"], values: (0..<8).map { Float($0) }, sequenceCount: 2)
    #expect(table.digest == "7822ea4cd565463df6ecf06de709864156fa2c448cc9ce23002826f65ed5dede")
    let counts = try [1, 2, 4].map {
      try Table(source: "x.npz", columns: table.columns, values: table.values, sequenceCount: $0)
    }
    #expect(Set(counts.map(\.digest)).count == 3)
  }
}
