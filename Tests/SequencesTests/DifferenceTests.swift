import Sequences
import Testing

@Suite struct DifferenceTests {
  @Test func eachRowLessTheOneBeforeItInItsSequence() throws {
    let table = try Table(
      source: "t", columns: ["a", "b"], values: [1, 10, 4, 20, 2, 15, 7, 7, 9, 6], sequenceLengths: [3, 2],
      sequenceNames: ["x", "y"], index: try SeriesIndex(name: "n", labels: ["1", "2", "3", "1", "2"]))
    let changes = try table.differenced()
    #expect(changes.values == [0, 0, 3, 10, -2, -5, 0, 0, 2, -1])
    #expect(changes.sequenceLengths == [3, 2] && changes.sequenceNames == ["x", "y"] && changes.index == table.index)
    #expect(changes.columns == table.columns && changes.source == "t")
  }

  @Test func zeroIsNeverMinusZero() throws {
    let changes = try Table(source: "t", columns: ["a"], values: [-2, -2, 0, 0]).differenced()
    #expect(sameBits(changes.values, [0, 0, 2, 0]))
  }

  @Test func aChangeBeyondFloat32IsRefused() throws {
    let most = Float.greatestFiniteMagnitude
    let table = try Table(source: "t.csv", columns: ["a"], values: [0, -most, most])
    let error = try #require(throws: SequenceError.self) { try table.differenced() }
    #expect(error.message.hasPrefix("t.csv, row 3, column \"a\": the change from -3.4"))
    #expect(error.hint?.contains("--difference") == true)
  }
}

@Suite struct DifferencesTests {
  @Test func changesGoOnFromTheRowBefore() {
    #expect(Differences.changes(of: [1, 10, 4, 20], width: 2) == [0, 0, 3, 10])
    #expect(Differences.changes(of: [1, 10, 4, 20], width: 2, after: [0.5, 11]) == [0.5, -1, 3, 10])
    #expect(Differences.changes(of: [], width: 2) == [])
  }

  @Test func sumsGoBack() {
    let values: [Float] = [1, 10, 4, 20]
    #expect(Differences.sums(of: [2, 3], ["b"], onto: values, ["a", "b"]) == [12, 23])
    #expect(Differences.sums(of: [2, 3, 0, -1], ["b", "a"], onto: values, ["a", "b"]) == [12, 4, 20, 3])
    #expect(Differences.runningSums(of: [1, 10, 2, 20], onto: [5, 6]) == [6, 16, 8, 36])
    // One rounding at the end of each, not one a step.
    let tenths = Differences.runningSums(of: [Float](repeating: 0.1, count: 1_000), onto: [340])
    #expect(tenths.last == Float(340 + 1_000 * Double(Float(0.1))))
  }
}
