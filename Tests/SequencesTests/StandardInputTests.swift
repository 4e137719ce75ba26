import ArrayFiles
import Foundation
import Sequences
import Testing

@Suite struct StandardInputTests {
  /// The file that `-` is when these bytes come in.
  private func opened(_ bytes: [UInt8], _ options: ReadingOptions = ReadingOptions()) throws -> DataFile {
    try withFile(bytes) { path in
      let handle = try #require(FileHandle(forReadingAtPath: path))
      defer { try? handle.close() }
      return try DataFile(path: "-", options: options, standardInput: handle)
    }
  }

  @Test func anyFormatMayComeIn() throws {
    let csv = try opened(Array("a;b\n1,5;2\n".utf8))
    #expect(csv.path == "standard input")
    let table = try csv.table(columns: ["a"])
    #expect(table.values == [1.5] && table.source == "standard input")
    // The stream is read once, the table as often as one likes.
    #expect(try csv.table(columns: ["b"]).values == [2])
    #expect(try opened(GzipTests.packed).table(columns: ["b"]).values == [2, 4])
    #expect(try opened(Array(try NPYFile.encode(counting("", [2])))).table(columns: ["0"]).values == [0, 1])
    let npz = try opened(Array(try NPZFile.encode([counting("x", [2, 2])])))
    #expect(try npz.expanded(["x"]) == ["x.0", "x.1"])
  }

  @Test func messagesNameIt() throws {
    #expect(
      try #require(throws: SequenceError.self) { try opened([]).table(columns: ["a"]) }.message
        == "standard input is empty")
    #expect(
      try #require(throws: SequenceError.self) { try opened(Array("b\n1\n".utf8)).table(columns: ["a"]) }.message
        == "standard input has no column \"a\"")
  }

  @Test func columnsOfACSVFileAreNoArrays() throws {
    let npy = Array(try NPYFile.encode(counting("", [2])))
    for (options, name) in [(options { $0.index = "t" }, "--index"), (options { $0.series = "t" }, "--series")] {
      #expect(
        try #require(throws: SequenceError.self) { try opened(npy, options) }.message
          == "standard input holds arrays, and \(name) \"t\" names a column of a CSV file")
    }
  }
}
