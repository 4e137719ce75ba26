import Sequences
import Testing

@Suite struct TableClassesTests {
  private func table(_ classes: [Float], sequences: Int = 1) throws -> Table {
    try Table(
      source: "digits.csv", columns: ["x", "digit"], values: classes.flatMap { [0.5, $0] }, sequenceCount: sequences)
  }

  @Test func theCountIsOneMoreThanTheLargest() throws {
    #expect(try table([0, 3, -0.0, 1]).checkClasses(column: "digit", count: nil) == 4)
    #expect(try table([0]).checkClasses(column: "digit") == 1)
    #expect(try table([16_777_215]).checkClasses(column: "digit") == 16_777_216)
  }

  @Test func aCountIsChecked() throws {
    #expect(try table([0, 3, 2]).checkClasses(column: "digit", count: 4) == 4)
    #expect(try table([0, 3, 2]).checkClasses(column: "digit", count: 10) == 10)
    #expect(try table([]).checkClasses(column: "digit", count: 2) == 2)
  }

  @Test(
    arguments: [
      ([0, 1, 2, 9], 2, "digits.csv, row 3, column \"digit\": 2.0 is no class, a whole number from 0 to 1"),
      ([0, 0.5], 2, "digits.csv, row 2, column \"digit\": 0.5 is no class, a whole number from 0 to 1"),
      ([-1], nil, "digits.csv, row 1, column \"digit\": -1.0 is no class, a whole number from 0 to 16777215"),
      ([3e38], nil, "digits.csv, row 1, column \"digit\": 3e+38 is no class, a whole number from 0 to 16777215"),
      (
        [16_777_216], .max,
        "digits.csv, row 1, column \"digit\": 16777216.0 is no class, a whole number from 0 to 16777215"
      ),
      ([0], 0, "the number of classes is 0; it must be at least 1"),
      ([], nil, "digits.csv has no rows, so nothing tells how many classes \"digit\" has"),
    ] as [([Float], Int?, String)])
  func otherValuesAreRefused(classes: [Float], count: Int?, message: String) throws {
    let table = try table(classes)
    let error = try #require(throws: SequenceError.self) { try table.checkClasses(column: "digit", count: count) }
    #expect(error.message == message)
  }

  @Test func aRowOfSeveralSequencesIsNamedWithinItsOwn() throws {
    let table = try table([0, 1, 2, 3, 4, 5.5], sequences: 3)
    let error = try #require(throws: SequenceError.self) { try table.checkClasses(column: "digit") }
    #expect(
      error.message
        == "digits.csv, sequence 3, row 2, column \"digit\": 5.5 is no class, a whole number from 0 to 16777215")
  }

  @Test func theColumnMustExist() throws {
    let error = try #require(throws: SequenceError.self) { try table([0]).checkClasses(column: "digits") }
    #expect(error.message == "digits.csv has no column \"digits\"")
  }
}
