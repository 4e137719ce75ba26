import Sequences
import Testing

@Suite struct SplitTests {
  private static func table(_ lengths: [Int]) throws -> Table {
    let rows = lengths.reduce(0, +)
    return try Table(
      source: "s", columns: ["r", "s"], values: (0..<rows).flatMap { [Float($0), Float(1000 + $0)] },
      sequenceLengths: lengths, sequenceNames: lengths.indices.map { "n\($0)" },
      index: SeriesIndex(name: "t", labels: (0..<rows).map { "t\($0)" }))
  }

  @Test(arguments: [
    (0.2, 0.1, 309, 216, 62, 31), (0.2, 0.0, 10, 8, 2, 0), (0.0, 0.3, 10, 7, 0, 3), (0.1, 0.1, 30, 24, 3, 3),
    // 0.29 · 100 is 28.999…; halves go up; a row that all would have is the test part's.
    (0.29, 0.0, 100, 71, 29, 0), (0.25, 0.25, 2, 0, 1, 1), (0.5, 0.49, 1, 0, 1, 0), (0.49, 0.5, 1, 0, 0, 1),
    (0.1, 0.1, 3, 3, 0, 0), (0.0, 0.0, 5, 5, 0, 0),
  ])
  func rowsAreCutFromTheEnd(
    validation: Double, test: Double, rows: Int, first: Int, second: Int, third: Int
  ) throws {
    let split = try Split(validation: validation, test: test)
    let ranges = try Split.Part.allCases.map { split.rows($0, of: try Self.table([rows]))[0] }
    #expect(ranges.map(\.count) == [first, second, third])
    #expect(ranges == [0..<first, first..<first + second, first + second..<rows])
  }

  @Test func eachSequenceIsCutForItself() throws {
    let table = try Self.table([10, 1, 5])
    let split = try Split(validation: 0.2, test: 0.2)
    #expect(split.rows(.training, of: table) == [0..<6, 10..<11, 11..<14])
    #expect(split.rows(.validation, of: table) == [6..<8, 11..<11, 14..<15])
    #expect(split.rows(.test, of: table) == [8..<10, 11..<11, 15..<16])
    let validation = try #require(try split.part(.validation, of: table, window: 1, shift: 1))
    #expect(validation.values == [6, 1006, 7, 1007, 14, 1014])
    #expect(validation.sequenceLengths == [2, 1] && validation.sequenceNames == ["n0", "n2"])
    #expect(validation.index?.labels == ["t6", "t7", "t14"] && validation.index?.name == "t")
    let training = try #require(try split.part(.training, of: table, window: 3, shift: 0))
    #expect(training.sequenceLengths == [6, 1, 3] && training.rowCount == 10)
    #expect(training.digest != table.digest)
  }

  @Test func aPartIsNilWhereItsShareIsZero() throws {
    let table = try Self.table([10])
    #expect(try Split.none.part(.training, of: table, window: 3, shift: 0) == table)
    #expect(try Split.none.part(.validation, of: table, window: 3, shift: 0) == nil)
    #expect(try Split(validation: 0.5, test: 0).part(.test, of: table, window: 3, shift: 0) == nil)
    #expect(try Split(validation: 0.5, test: 0) == Split(validation: 0.5, test: 0))
    #expect(abs(try Split(validation: 0.5, test: 0.25).share(of: .training) - 0.25) < 1e-12)
  }

  /// What a network is trained on, scaled by or selected by has nothing of the parts after it.
  @Test func noTargetOfTrainingIsOfALaterPart() throws {
    let table = try Self.table([20, 30])
    let split = try Split(validation: 0.2, test: 0.2)
    let training = try #require(try split.part(.training, of: table, window: 4, shift: 3))
    let task = try TableTask(table: training, inputs: ["r"], targets: ["r"], shift: 3, window: 4, batchSize: 1)
    let targets = (0..<(task.windowsPerPass ?? 0)).flatMap { filled(task, window: $0).y }
    let later = split.rows(.validation, of: table) + split.rows(.test, of: table)
    #expect(!targets.isEmpty && targets.allSatisfy { row in !later.contains { $0.contains(Int(row)) } })
  }

  @Test func partsTooShortForAWindowAreRefused() throws {
    let table = try Self.table([20])
    let split = try Split(validation: 0.2, test: 0.3)
    let validation = try #require(throws: SequenceError.self) {
      try split.part(.validation, of: table, window: 4, shift: 1)
    }
    #expect(
      validation.message
        == "s: the validation part has 4 rows at most; one window of 4 rows, with targets 1 rows later, takes 5")
    #expect(validation.hint == "choose a larger --validation or a smaller --window")
    let training = try #require(throws: SequenceError.self) {
      try split.part(.training, of: Self.table([2, 12]), window: 8, shift: 0)
    }
    #expect(training.message.hasPrefix("s: the training part of any sequence has 6 rows at most; one window of 8 rows"))
    #expect(throws: SequenceError.self) { try split.part(.test, of: table, window: .max, shift: .max) }
    #expect(throws: SequenceError.self) { try split.part(.test, of: Self.table([1, 1]), window: 1, shift: 1) }
  }

  @Test(arguments: [(-0.1, 0.0), (1.0, 0.0), (0.0, 1.5), (.nan, 0.0), (0.0, .infinity), (0.5, 0.5), (0.9, 0.2)])
  func impossibleSharesAreRefused(validation: Double, test: Double) {
    #expect(throws: SequenceError.self) { try Split(validation: validation, test: test) }
  }
}
