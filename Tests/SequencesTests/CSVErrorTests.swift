import Foundation
import Sequences
import Testing

@Suite struct CSVErrorTests {
  @Test(arguments: [
    ("1.2.3", "\"1.2.3\" is not a number"),
    ("1 2", "\"1 2\" is not a number"),
    ("1_000", "\"1_000\" is not a number"),
    ("\"3,14\"", "\"3,14\" is not a number"),
    ("e", "\"e\" is not a number"),
    ("٣", "\"٣\" is not a number"),
    ("-NaN", "\"-NaN\" is not a finite number"),
    ("inf", "\"inf\" is not a finite number"),
    ("-Infinity", "\"-Infinity\" is not a finite number"),
    ("1e99", "\"1e99\" is too large for float32, which ends at 3.4028235e38"),
    ("-3.5e38", "\"-3.5e38\" is too large for float32, which ends at 3.4028235e38"),
    ("0x1p3", "\"0x1p3\" is not a decimal number"),
    ("-0X10", "\"-0X10\" is not a decimal number"),
    (String(repeating: "x", count: 50), "\"\(String(repeating: "x", count: 40))…\" is not a number"),
  ])
  func badCellsAreNamed(cell: String, complaint: String) throws {
    let error = try failure("t,flow,u\n1,2,3\n1,\(cell),3\n1,bad too,3\n".utf8, ["u", "flow"])
    #expect(error.message == "data.csv, row 3, column \"flow\": \(complaint)")
    #expect(
      error.hint == "rows are numbered by the lines of the file, the header being line 1;"
        + " every cell of a named column is a number such as -12.5 or 3e-4")
  }

  @Test func aRowsNumberIsItsLineEvenAfterNewlinesInQuotes() throws {
    // The header takes lines 1 and 2, the first row lines 3 to 5, so the bad one is line 6.
    let text = "a,\"b\nb\"\r\n1,\"x\ny\r\nz\"\n?,2\n"
    #expect(try failure(text.utf8, ["a"]).message == "data.csv, row 6, column \"a\": \"?\" is not a number")
  }

  @Test(arguments: [
    ("a,b\n1,2\n3\n", "data.csv, row 3 has 1 field, the header has 2"),
    ("a,b\n1,2,3\n", "data.csv, row 2 has 3 fields, the header has 2"),
    ("a,b\n1,2,\n", "data.csv, row 2 has 3 fields, the header has 2"),
    ("a,b\n1,2\n3,", "data.csv, row 3, column \"b\": the cell is empty"),
    ("a,b\n1,2\n\n3,4\n", "data.csv, row 3 is blank"),
    ("\na,b\n1,2\n", "data.csv, row 1 is blank"),
    ("a,b\n", "data.csv has a header but no rows"),
    ("a,b\n\n\n", "data.csv has a header but no rows"),
    ("", "data.csv is empty"),
    ("\n\r\n", "data.csv is empty"),
    ("\u{FEFF}", "data.csv is empty"), ("\u{FEFF}\n1\n", "data.csv, row 1 is blank"),
    ("a,b\n1,2\n3,\"4\n5,6\n", "data.csv, row 3: a quote is opened and never closed"),
    ("a,b\n1,2\n3,4\"", "data.csv, row 3: a quote stands where none may be"),
    ("a,b\n1,\"2\" x\n3,4\n", "data.csv, row 2: a quote stands where none may be"),
    ("a,b\n1,12\"3\n", "data.csv, row 2: a quote stands where none may be"),
    ("a,b\n1,2\"3,4\n5,\"6\"\n", "data.csv, row 2: a quote stands where none may be"),
    ("a,b\n1,\"2\n3,4\n5,\"6\n", "data.csv, row 2: a quote stands where none may be"),
    ("a,\"b\n1,2\n", "data.csv, row 1: a quote is opened and never closed"),
    ("a,b,a\n1,2,3\n", "data.csv has two columns \"a\""),
    ("b,c\n1,2\n", "data.csv has no column \"a\""),
  ])
  func badFilesAreRefused(text: String, message: String) throws {
    #expect(try failure(text.utf8, ["a", "b"]).message == message)
  }

  @Test func aColumnThatIsNotThereNamesThoseThatAre() throws {
    let error = try failure("year,sunspots\n1,2\n".utf8, ["sunspot"])
    #expect(error.message == "data.csv has no column \"sunspot\"")
    #expect(error.hint == "did you mean \"sunspots\"? its columns are: year, sunspots")
  }

  @Test func equalNamesOfColumnsThatAreNotUsedDoNoHarm() throws {
    #expect(try read("a,b,b\n1,2,3\n", ["a"]).values == [1])
  }

  @Test func textThatIsNotUTF8NamesTheLine() throws {
    let latin1: [UInt8] = Array("a,b\n1,2\n3,".utf8) + [0xE9] + Array("\n".utf8)
    let error = try failure(latin1, ["a"])
    #expect(error.message == "data.csv, line 3: not UTF-8 text")
    #expect(error.hint.contains("iconv"))
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let missing = try #require(throws: SequenceError.self) {
      try Table.readCSV(path: "nowhere/data.csv", columns: ["a"])
    }
    #expect(missing.message == "nowhere/data.csv: no such file")
    let folder = try #require(throws: SequenceError.self) { try Table.readCSV(path: "/", columns: ["a"]) }
    #expect(folder.message == "/ is a folder, not a file")
  }

  @Test func aFileLargerThanMemoryIsRefused() throws {
    try withFile([]) { path in
      let memory = ProcessInfo.processInfo.physicalMemory
      let file = try #require(FileHandle(forWritingAtPath: path))
      // Sparse: it takes no room on the disk.
      try file.truncate(atOffset: memory)
      let error = try #require(throws: SequenceError.self) { try Table.readCSV(path: path, columns: ["a"]) }
      #expect(
        error.message
          == "\(path): \(memory) bytes are too many to read into the \(memory) bytes of this machine's memory")
    }
  }

  @Test func namingNoColumnIsRefused() throws {
    #expect(try failure("a\n1\n".utf8, []).message == "no columns of data.csv are named")
  }
}
