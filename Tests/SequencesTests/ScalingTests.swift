import Foundation
import Sequences
import Testing

@Suite struct ScalingTests {
  private static func table() throws -> Table {
    try Table(
      source: "s", columns: ["a", "b", "c"], values: [1, 10, 7, 3, 30, 7, 5, 20, 7, 100, -5, 8],
      sequenceLengths: [3, 1])
  }

  @Test func minmaxGoesFromZeroToOne() throws {
    let scaling = Scaling(.minmax, of: try Self.table(), rows: [0..<3])
    #expect(scaling.columns.map(\.offset) == [1, 10, 7] && scaling.columns.map(\.scale) == [4, 20, 1])
    let scaled = try scaling.applied(to: Self.table())
    #expect(scaled.values == [0, 0, 0, 0.5, 1, 0, 1, 0.5, 0, 24.75, -0.75, 1])
    #expect(scaled.sequenceLengths == [3, 1] && scaled.columns == ["a", "b", "c"])
    #expect(scaling.undone(scaled.values, columns: ["a", "b", "c"]) == (try Self.table().values))
  }

  @Test func standardHasMeanZeroAndDeviationOne() throws {
    // numpy: x.astype('f8').mean(), x.astype('f8').std()
    let scaling = Scaling(.standard, of: try Self.table(), rows: [0..<3])
    #expect(scaling.columns.map(\.offset) == [3, 20, 7])
    #expect(scaling.columns.map(\.scale) == [1.632993161855452, 8.16496580927726, 1])
    let several = Scaling(.standard, of: try Self.table(), rows: [0..<2, 3..<4])
    let mean = 104.0 / 3
    #expect(several.columns[0].offset == mean)
  }

  @Test func onlyTheGivenRowsCount() throws {
    var values = try Self.table().values
    values[9] = -40
    let other = try Table(source: "s", columns: ["a", "b", "c"], values: values, sequenceLengths: [3, 1])
    for method in Scaling.Method.allCases {
      #expect(
        Scaling(method, of: try Self.table(), rows: [0..<3]) == Scaling(method, of: other, rows: [0..<3]))
    }
  }

  @Test func aConstantColumnBecomesZero() throws {
    // The mean of these is not 0.1 to the last bit.
    let table = try Table(source: "s", columns: ["a"], values: [Float](repeating: 0.1, count: 1001))
    for method in [Scaling.Method.standard, .minmax] {
      let scaling = Scaling(method, of: table, rows: [0..<1001])
      #expect(scaling.columns[0].scale == 1)
      #expect(try scaling.applied(to: table).values.allSatisfy { $0 == 0 })
    }
    let one = Scaling(.standard, of: table, rows: [5..<6])
    #expect(one.columns[0].offset == Double(Float(0.1)) && one.columns[0].scale == 1)
    #expect(Scaling(.minmax, of: table, rows: []).columns[0].scale == 1)
  }

  @Test func noneAndExceptionsAreLeftAlone() throws {
    #expect(Scaling(.none, of: try Self.table(), rows: [0..<3]) == .none)
    #expect(try Scaling.none.applied(to: Self.table()) == Self.table())
    let scaling = Scaling(.minmax, of: try Self.table(), rows: [0..<3], except: ["b"])
    #expect(scaling.columns.map(\.name) == ["a", "c"])
    #expect(try scaling.applied(to: Self.table()).values[1] == 10)
    #expect(scaling.undone([0.5, 5, 1, 6], columns: ["a", "b"]) == [3, 5, 5, 6])
    #expect(scaling.undone([1, 2], columns: ["z"]) == [1, 2])
  }

  @Test func extremeValuesStayFinite() throws {
    let table = try Table(
      source: "s", columns: ["a"], values: [-.greatestFiniteMagnitude, .greatestFiniteMagnitude, 0])
    #expect(try Scaling(.minmax, of: table, rows: [0..<3]).applied(to: table).values == [0, 1, 0.5])
    #expect(try Scaling(.standard, of: table, rows: [0..<3]).applied(to: table).values.allSatisfy(\.isFinite))
    let tiny = try Table(source: "s", columns: ["a"], values: [0, .leastNonzeroMagnitude, 0])
    #expect(try Scaling(.standard, of: tiny, rows: [0..<2]).applied(to: tiny).values[0] == -1)
    let far = try Table(source: "s", columns: ["a"], values: [0, .leastNonzeroMagnitude, 1e30])
    let error = try #require(throws: SequenceError.self) {
      try Scaling(.minmax, of: far, rows: [0..<2]).applied(to: far)
    }
    #expect(
      error.message.hasPrefix("s, row 3, column \"a\": 1e+30 is too far from the rows that the scaling was fitted"))
    #expect(!Scaling.none.undone([.nan], columns: ["a"])[0].isFinite)
  }

  @Test func undoingGivesTheValueBack() throws {
    var dice = Dice(state: 11)
    let values = (0..<3000).map { _ in Float.random(in: -1000...1000, using: &dice) }
    let table = try Table(source: "s", columns: ["a", "b", "c"], values: values)
    for method in Scaling.Method.allCases {
      let scaling = Scaling(method, of: table, rows: [0..<700])
      let back = scaling.undone(try scaling.applied(to: table).values, columns: table.columns)
      #expect(zip(back, values).allSatisfy { abs($0 - $1) <= 1000 * 0x1p-22 })
    }
  }

  @Test func noMinusZeroIsMade() throws {
    let table = try Table(source: "s", columns: ["a"], values: [0, -Float.leastNonzeroMagnitude, 1e38])
    let scaled = try Scaling(.minmax, of: table, rows: [1..<3]).applied(to: table)
    #expect(scaled.values.allSatisfy { $0 != 0 || $0.sign == .plus })
  }

  @Test func theTextIsTheScaling() throws {
    var dice = Dice(state: 5)
    let columns = ["a", "q\"uote\\", "Zürich\n", "x.0"]
    let values = (0..<4000).map { _ in Float.random(in: -1...1, using: &dice) * 1e-7 }
    let table = try Table(source: "s", columns: columns, values: values)
    for method in Scaling.Method.allCases {
      let scaling = Scaling(method, of: table, rows: [0..<1000])
      #expect(try Scaling(text: scaling.text) == scaling)
    }
    #expect(Scaling.none.text == "{\"columns\":[],\"method\":\"none\"}")
    #expect(
      Scaling(.minmax, of: try Self.table(), rows: [0..<3], except: ["b", "c"]).text
        == "{\"columns\":[{\"name\":\"a\",\"offset\":1.0,\"scale\":4.0}],\"method\":\"minmax\"}")
  }

  @Test(arguments: [
    "", "{}", "none", "{\"columns\":[],\"method\":\"other\"}", "{\"columns\":[{\"name\":\"a\"}],\"method\":\"none\"}",
    "{\"columns\":[{\"name\":\"a\",\"offset\":0,\"scale\":0}],\"method\":\"minmax\"}",
    "{\"columns\":[{\"name\":\"a\",\"offset\":0,\"scale\":-1}],\"method\":\"minmax\"}",
    "{\"columns\":[{\"name\":\"a\",\"offset\":1e999,\"scale\":1}],\"method\":\"minmax\"}",
    "{\"columns\":[{\"name\":\"a\",\"offset\":0,\"scale\":1},{\"name\":\"a\",\"offset\":0,\"scale\":1}],\"method\":\"minmax\"}",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(throws: SequenceError.self) { try Scaling(text: text) }
  }
}
