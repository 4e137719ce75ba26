import Sequences
import Testing

/// Scaling of rows that are no table, as predictions are.
@Suite struct FlatScalingTests {
  @Test func doesWhatTheTableIsDone() throws {
    let table = try Table(source: "a.csv", columns: ["a", "b"], values: [1, 10, 2, 20, 4, -5])
    let scaling = Scaling(.standard, of: table, rows: [0..<3])
    #expect(scaling.applied(table.values, columns: ["a", "b"]) == (try scaling.applied(to: table).values))
    #expect(scaling.applied([2, 9], columns: ["a", "other"])[1] == 9, "what it does not know stays")
    #expect(scaling.applied([], columns: ["a"]) == [])
    #expect(Scaling.none.applied([2, 9], columns: ["a", "b"]) == [2, 9])
  }

  @Test func numbersAreThoseOfTheNames() throws {
    let table = try Table(source: "a.csv", columns: ["a", "b"], values: [1, 10, 3, 20])
    let numbers = Scaling(.minmax, of: table, rows: [0..<2]).numbers(of: ["b", "c", "a"])
    #expect(numbers.map(\.offset) == [10, 0, 1])
    #expect(numbers.map(\.scale) == [10, 1, 2])
  }
}
