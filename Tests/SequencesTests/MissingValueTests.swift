import ArrayFiles
import Sequences
import Testing

@Suite struct MissingValueTests {
  static let hint =
    "rows are numbered by the lines of the file, the header being line 1;"
    + " --missing interpolate fills gaps, --missing drop leaves such rows out"

  @Test(arguments: ["n/a", "N/A", "NA", "na", "nan", "NaN", "null", "NULL", "-", "\"NA\"", " NA "])
  func wordsForNothingAreNamed(cell: String) throws {
    let error = try failure("t,flow\n1,2\n1,\(cell)\n".utf8, ["flow"])
    let shown = cell.replacing("\"", with: "")
    #expect(error.message == "data.csv, row 3, column \"flow\": \"\(shown)\" is not a number")
    #expect(error.hint == Self.hint)
  }

  @Test(arguments: ["", "  ", "\"\"", "\t"])
  func emptyCellsAreNamed(cell: String) throws {
    let error = try failure("t,flow\n1,2\n1,\(cell)\n1,\n".utf8, ["flow"])
    #expect(
      error.message
        == "data.csv, row 3, column \"flow\": the cell is empty; 2 values are missing, also row 4, column \"flow\"")
    #expect(error.hint == Self.hint)
  }

  @Test func theFirstFiveAreNamedAndAllCounted() throws {
    let error = try failure("a,b\n1,\n,NA\n1,2\nnull,1\n-,1\n,1\n,1\n".utf8, ["b", "a"])
    #expect(
      error.message
        == "data.csv, row 2, column \"b\": the cell is empty; 7 values are missing, also row 3, column \"b\"; row 3,"
        + " column \"a\"; row 5, column \"a\"; row 6, column \"a\"; …")
  }

  @Test func whatIsWrongFirstIsNamed() throws {
    #expect(try failure("a\nx\nNA\n".utf8, ["a"]).message == "data.csv, row 2, column \"a\": \"x\" is not a number")
    #expect(try failure("a\nNA\nx\n".utf8, ["a"]).message == "data.csv, row 2, column \"a\": \"NA\" is not a number")
    #expect(try failure("a\nNA\n\"1\n".utf8, ["a"]).message == "data.csv, row 3: a quote is opened and never closed")
  }

  @Test(arguments: [MissingValues.interpolate, .drop])
  func otherWordsStayErrors(policy: MissingValues) throws {
    for cell in ["x", "inf", "-NaN", "?", "none", "1e99"] {
      let error = try failure("a\n1\nNA\n\(cell)\n".utf8, ["a"], options { $0.missing = policy })
      #expect(error.message.hasPrefix("data.csv, row 4, column \"a\": \"\(cell)\" is "))
    }
  }

  @Test func gapsAreBridgedByLines() throws {
    let text = "a,b\n,1\nNA,2\n1,3\n,NA\n,5\n,-\n9,7\nnull,\n"
    let table = try read(text, ["a", "b"], options { $0.missing = .interpolate })
    #expect(table.values == [1, 1, 1, 2, 1, 3, 3, 4, 5, 5, 7, 6, 9, 7, 9, 7])
  }

  @Test func eachSeriesIsBridgedByItself() throws {
    let text = "s,a\nx,1\ny,10\nx,\ny,\nx,3\ny,\n"
    let policy = options { ($0.missing, $0.series) = (.interpolate, "s") }
    #expect(try read(text, ["a"], policy).values == [1, 2, 3, 10, 10, 10])
    let bare = try failure("s,a\nx,1\ny,\ny,-\n".utf8, ["a"], policy)
    #expect(
      bare.message == "data.csv, series \"y\", column \"a\": there is no value at all, so gaps can't be filled")
    let none = try failure("a,b\n,1\n".utf8, ["b", "a"], options { $0.missing = .interpolate })
    #expect(none.message == "data.csv, column \"a\": there is no value at all, so gaps can't be filled")
  }

  @Test func rowsWithGapsAreDropped() throws {
    let text = "t,s,a,b\n1,x,1,\n2,y,2,2\n3,x,3,3\n4,z,,4\n5,x,5,5\n"
    let policy = options { ($0.missing, $0.series, $0.index) = (.drop, "s", "t") }
    let table = try read(text, ["a", "b"], policy)
    #expect(table.values == [2, 2, 3, 3, 5, 5])
    #expect(table.sequenceNames == ["y", "x"] && table.sequenceLengths == [1, 2])
    #expect(table.index?.labels == ["2", "3", "5"])
    // A gap in a column that is not used is none.
    #expect(try read(text, ["a"], policy).values == [1, 3, 5, 2])
    let all = try failure("a\nNA\n".utf8, ["a"], policy)
    #expect(all.message == "data.csv has no column \"t\"")
    #expect(
      try failure("a\nNA\n".utf8, ["a"], options { $0.missing = .drop }).message
        == "data.csv: no row has values in all the columns that are used")
  }

  @Test func completeFilesAreTheSameTableUnderEachPolicy() throws {
    let text = "a,b\n1,2\n3,4\n"
    let digests = try MissingValues.allCases.map { policy in
      try read(text, ["a", "b"], options { $0.missing = policy }).digest
    }
    #expect(Set(digests).count == 1)
  }

  @Test func notANumberInArraysIsAGap() throws {
    // [time, sequences, features]: sequence 0 is 0, 2, NaN, 6; sequence 1 is NaN, 3, 5, 7.
    let array = NamedArray(name: "", shape: [4, 2, 1], values: [0, .nan, 2, 3, .nan, 5, 6, 7])
    func table(_ policy: MissingValues) throws -> Table {
      try withNPY(array) { path in
        try DataFile(path: path, options: options { $0.missing = policy }).table(columns: ["0"])
      }
    }
    #expect(try table(.interpolate).values == [0, 2, 4, 6, 3, 3, 5, 7])
    #expect(try table(.interpolate).sequenceLengths == [4, 4])
    #expect(try table(.drop).values == [0, 2, 6, 3, 5, 7])
    #expect(try table(.drop).sequenceLengths == [3, 3])
    #expect(throws: SequenceError.self) { try table(.refuse) }
  }

  @Test func arraysWithNothingLeftAreRefused() throws {
    for (shape, policy, message) in [
      ([2, 1], MissingValues.drop, "no row has values in all the columns that are used"),
      ([1, 2, 1], .interpolate, "column \"0\", sequence 1: there is no value at all, so gaps can't be filled"),
    ] {
      try withNPY(NamedArray(name: "", shape: shape, values: [.nan, .nan])) { path in
        let file = try DataFile(path: path, options: options { $0.missing = policy })
        let error = try #require(throws: SequenceError.self) { try file.table(columns: ["0"]) }
        #expect(error.message == "\(path): \(message)")
      }
    }
  }
}
