import Sequences
import Testing
import Training

@Suite struct PartRowsTests {
  private func values(_ change: (inout Hyperparameters) -> Void = { _ in }) throws -> Hyperparameters {
    var values = try TrainingCase.table.request().hyperparameters
    values.split = try Split(validation: 0.2, test: 0.1)
    change(&values)
    return values
  }

  /// 53 rows: 37 for training, 11 for validation, 5 for the test. A row's target is the next row's.
  @Test func aRowBelongsToThePartOfItsTarget() throws {
    let validation = try PartRows(.validation, of: waves(), values())
    #expect(validation.stretches == [PartRows.Stretch(rows: 0..<47, scored: 36..<47)])
    let test = try PartRows(.test, of: waves(), values())
    #expect(test.stretches == [PartRows.Stretch(rows: 0..<52, scored: 47..<52)])
    let unshifted = try PartRows(.validation, of: waves(), values { $0.shift = 0 })
    #expect(unshifted.stretches == [PartRows.Stretch(rows: 0..<48, scored: 37..<48)])
  }

  /// Of 36 rows with targets, each of three streams has 12.
  @Test func laterPartsGoOnWithTheLastStream() throws {
    let rows = try PartRows(.validation, of: waves(), values { $0.batchSize = 3 })
    #expect(rows.stretches == [PartRows.Stretch(rows: 24..<47, scored: 36..<47)])
  }

  @Test func eachSeriesHasItsOwn() throws {
    let rows = try PartRows(.validation, of: series(), values { $0.batchSize = 2 })
    // 24 rows: 17, 5, 2; 9 rows: 6, 2, 1; 20 rows: 14, 4, 2.
    #expect(
      rows.stretches == [
        PartRows.Stretch(rows: 0..<21, scored: 16..<21), PartRows.Stretch(rows: 24..<31, scored: 29..<31),
        PartRows.Stretch(rows: 33..<50, scored: 46..<50),
      ])
  }

  @Test func predictionsTellTheSameParts() throws {
    let values = try values()
    let data = try PredictionData(series(), values)
    let parts = try #require(data.parts)
    for part in [Split.Part.validation, .test] {
      let scored = try PartRows(part, of: series(), values).stretches.flatMap(\.scored)
      #expect(parts.indices.filter { parts[$0] == part } == scored)
    }
    #expect(parts.indices.filter { parts[$0] == nil } == [23, 32, 52], "the last row of a series has no target")
    #expect(data.sequences == [0..<24, 24..<33, 33..<53])
    #expect(data.sequenceNames == ["north", "islands", "south"])
    #expect(data.index?.labels.first == "1900")
    #expect(data.streams == [0..<24, 24..<33, 33..<53])
    #expect(
      (0..<53).map(data.sequence(ofRow:)) == Array(repeating: 0, count: 24) + Array(repeating: 1, count: 9)
        + Array(repeating: 2, count: 20))
  }
}
