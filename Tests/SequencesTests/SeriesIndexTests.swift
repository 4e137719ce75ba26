import Sequences
import Testing

@Suite struct SeriesIndexTests {
  private static func next(_ labels: [String], _ count: Int = 3) throws -> [String] {
    try SeriesIndex(name: "t", labels: labels).next(count, after: 0..<labels.count)
  }

  @Test(
    arguments: [
      (["1999", "2000"], "1", ["2001", "2002", "2003"]),
      (["-4", "-2", "0"], "2", ["2", "4", "6"]),
      (["007", "008"], "1", ["009", "010", "011"]),
      (["98", "99"], "1", ["100", "101", "102"]),
      (["0.5", "0.75"], "0.25", ["1", "1.25", "1.5"]),
      (["0.50", "0.75"], "0.25", ["1.00", "1.25", "1.50"]),
      (["-0.5", "0.0"], "0.5", ["0.5", "1.0", "1.5"]),
      (["1", "2", "4", "5"], "1", ["6", "7", "8"]),
      (["2023-11", "2023-12"], "1 month", ["2024-01", "2024-02", "2024-03"]),
      (["2023/01", "2023/07"], "6 months", ["2024/01", "2024/07", "2025/01"]),
      (["202311", "202312"], "1 month", ["202401", "202402", "202403"]),
      (["2023Q3", "2023Q4"], "3 months", ["2024Q1", "2024Q2", "2024Q3"]),
      (["2023-Q1", "2024-Q1"], "1 year", ["2025-Q1", "2026-Q1", "2027-Q1"]),
      // Each month's first, its last, and a day that some months do not have.
      (["2023-12-01", "2024-01-01"], "1 month", ["2024-02-01", "2024-03-01", "2024-04-01"]),
      (["2023-12-31", "2024-01-31"], "1 month", ["2024-02-29", "2024-03-31", "2024-04-30"]),
      (["2023-01-28", "2023-02-28"], "1 month", ["2023-03-28", "2023-04-28", "2023-05-28"]),
      (["2023-01-30", "2023-02-28"], "1 month", ["2023-03-30", "2023-04-30", "2023-05-30"]),
      (["2023-01-31", "2023-02-28"], "1 month", ["2023-03-31", "2023-04-30", "2023-05-31"]),
      (["2020-02-29", "2021-02-28"], "1 year", ["2022-02-28", "2023-02-28", "2024-02-29"]),
      (["2024-02-27", "2024-02-28"], "1 day", ["2024-02-29", "2024-03-01", "2024-03-02"]),
      (["2023/12/17", "2023/12/24"], "7 days", ["2023/12/31", "2024/01/07", "2024/01/14"]),
      (["20231230", "20231231"], "1 day", ["20240101", "20240102", "20240103"]),
      (["30.12.2023", "31.12.2023"], "1 day", ["01.01.2024", "02.01.2024", "03.01.2024"]),
      // Thursday to Tuesday; a holiday on Monday; all within one week.
      (["2024-05-02", "2024-05-03", "2024-05-06"], "1 weekday", ["2024-05-07", "2024-05-08", "2024-05-09"]),
      (
        ["2024-05-01", "2024-05-02", "2024-05-03", "2024-05-07"], "1 weekday",
        ["2024-05-08", "2024-05-09", "2024-05-10"]
      ),
      (["2024-05-02", "2024-05-03"], "1 day", ["2024-05-04", "2024-05-05", "2024-05-06"]),
      (["2024-05-06", "2024-05-13"], "7 days", ["2024-05-20", "2024-05-27", "2024-06-03"]),
      // A dropped row.
      (
        ["2024-01-01", "2024-01-02", "2024-01-04", "2024-01-05", "2024-01-06"], "1 day",
        ["2024-01-07", "2024-01-08", "2024-01-09"]
      ),
      (
        ["2023-12-31T22:00", "2023-12-31T23:00"], "1 hour",
        ["2024-01-01T00:00", "2024-01-01T01:00", "2024-01-01T02:00"]
      ),
      (
        ["2024-01-31 12:00:00Z", "2024-02-29 12:00:00Z"], "1 month",
        ["2024-03-31 12:00:00Z", "2024-04-30 12:00:00Z", "2024-05-31 12:00:00Z"]
      ),
      (
        ["2024-01-01T23:59:59.50+01:00", "2024-01-01T23:59:59.75+01:00"], "0.25 seconds",
        ["2024-01-02T00:00:00.00+01:00", "2024-01-02T00:00:00.25+01:00", "2024-01-02T00:00:00.50+01:00"]
      ),
      // The clock is set back at 01:00 UTC; it is not set again.
      (
        ["2024-10-27T02:30+02:00", "2024-10-27T02:00+01:00", "2024-10-27T02:30+01:00"], "30 minutes",
        ["2024-10-27T03:00+01:00", "2024-10-27T03:30+01:00", "2024-10-27T04:00+01:00"]
      ),
      (
        ["1969-12-31T23:59:58", "1969-12-31T23:59:59"], "1 second",
        ["1970-01-01T00:00:00", "1970-01-01T00:00:01", "1970-01-01T00:00:02"]
      ),
      (["0001-01-01", "0001-01-02"], "1 day", ["0001-01-03", "0001-01-04", "0001-01-05"]),
    ] as [([String], String, [String])])
  func labelsGoOn(labels: [String], step: String, next: [String]) throws {
    let index = try SeriesIndex(name: "t", labels: labels)
    #expect(try index.step(of: 0..<labels.count).description == step)
    #expect(try Self.next(labels) == next)
  }

  /// Whatever comes next, read again with what was there, goes on alike; every day of 500 years has its turn.
  @Test func whatComesNextIsTheNextDay() throws {
    let days = try Self.next(["1899-12-30", "1899-12-31"], 182_621)
    #expect(days.first == "1900-01-01" && days.last == "2399-12-31" && Set(days).count == days.count)
    #expect(days.contains("2000-02-29") && !days.contains("1900-02-29") && !days.contains("2100-02-29"))
    #expect(zip(days, days.dropFirst()).allSatisfy { $0 < $1 })
    #expect(try Self.next(Array(days.prefix(40)), 1000) == Array(days[40..<1040]))
  }

  @Test func weekdaysGoOnOverYears() throws {
    let days = try Self.next(["2023-12-28", "2023-12-29", "2024-01-01"], 522)
    // 2024 and 2025 have 262 and 261 of them.
    #expect(days.first == "2024-01-02" && days.last == "2025-12-31")
  }

  @Test func eachSeriesGoesOnByItself() throws {
    let text = "day,s,a\n2024-01-31,x,1\n1,y,2\n2024-02-29,x,3\n3,y,4\nlast,z,5\n"
    let table = try read(text, ["a"], options { ($0.index, $0.series) = ("day", "s") })
    #expect(try table.nextLabels(2, ofSequence: 0) == ["2024-03-31", "2024-04-30"])
    #expect(try table.nextLabels(2, ofSequence: 1) == ["5", "7"])
    #expect(try table.nextLabels(0, ofSequence: 1) == [])
    #expect(
      try #require(throws: SequenceError.self) { try table.nextLabels(1, ofSequence: 2) }.message
        == "index \"day\": 1 labels tell no step")
    let plain = try read(text, ["a"])
    #expect(
      try #require(throws: SequenceError.self) { try plain.nextLabels(1, ofSequence: 0) }.hint
        == "name one with --index")
  }

  @Test(
    arguments: [
      (["a", "b"], "row 1: \"a\" is not a date"), (["1", "b"], "row 2: \"b\" is not a date"),
      (["2024-01-01", "2024-01"], "row 2: \"2024-01\" is not a date"),
      (["2024-01-01", "2024-13-01"], "row 2: \"2024-13-01\" is not a date"),
      (["2024-01-01T00:00", "2024-01-01T24:00"], "row 2: \"2024-01-01T24:00\""),
      (["2024-01-01", "2024-02-30"], "row 2: \"2024-02-30\""),
      (["2", "2"], "row 2: \"2\" comes after \"2\""), (["3", "2"], "row 2: \"2\" comes after \"3\""),
      (["1", "3", "4", "6", "8"], "row 2: \"3\" comes after \"1\""),
      (["1", "3", "6"], "row 3: \"6\" comes after \"3\""),
      (["1", "9223372036854775807"], "row 2: \"9223372036854775807\" is not"),
      (["1958.2027", "1958.2877", "1958.3699"], "comes after"),
    ] as [([String], String)])
  func otherLabelsHaveNoStep(labels: [String], message: String) throws {
    let error = try #require(throws: SequenceError.self) { try Self.next(labels) }
    #expect(error.message.hasPrefix("index \"t\"") && error.message.contains(message), "\(error.message)")
    #expect(error.hint != nil)
  }

  @Test func nothingIsWrittenBeyondTheYear9999() throws {
    #expect(try Self.next(["9999-12-30", "9999-12-31"], 0) == [])
    let error = try #require(throws: SequenceError.self) { try Self.next(["9999-12-29", "9999-12-30"], 2) }
    #expect(
      error.message
        == "index \"t\": no label can be written 2 steps (each 1 day) after \"9999-12-30\"")
    for labels in [
      ["9999-11", "9999-12"], ["9999Q3", "9999Q4"], ["9999-12-31T22:00Z", "9999-12-31T23:00Z"],
      ["9999-12-30", "9999-12-31"], ["9999-12-23", "9999-12-24", "9999-12-27", "9999-12-31"],
    ] {
      #expect(throws: SequenceError.self) { try Self.next(labels) }
    }
  }

  /// Texts made of a label's pieces never stop the program.
  @Test func anyTextIsALabel() throws {
    var dice = Dice(state: 3)
    let pieces = ["20", "24", "-", "/", "Q", "T", ":", ".", "Z", "+", "01", "9", " ", "12", "99999999", "é", "31"]
    for _ in 0..<20_000 {
      let labels = (0..<2).map { _ in
        "1" + (0..<Int.random(in: 0...12, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined()
      }
      _ = try? Self.next(labels)
      _ = try? Self.next(["2024-01-01" + labels[0], "2024-01-01" + labels[1]])
    }
  }
}
