import Sequences
import Testing

@Suite struct CSVTests {
  @Test func namedColumnsArePicked() throws {
    let text = "year,flow,rain\n1,10,0.5\n2,20,0.25\n"
    let table = try read(text, ["rain", "year", "rain"])
    #expect(table.columns == ["rain", "year"])
    #expect(table.rowCount == 2)
    #expect(table.values == [0.5, 1, 0.25, 2])
  }

  @Test(arguments: [
    "a,b\n1,2\n3,4\n",
    "a,b\n1,2\n3,4",
    "a,b\r\n1,2\r\n3,4\r\n",
    "a,b\r1,2\r3,4\r",
    "\u{FEFF}a,b\n1,2\n3,4\n",
    "\u{FEFF}\"a\",\"b\"\r\n\"1\",\"2\"\r\n\"3\",\"4\"",
    "a,b\n1,2\n3,4\n\n\n",
    "a,b\r\n1,2\r\n3,4\r\n\r\n  \r\n",
    " a ,\tb \n 1 , 2 \n+3,\" 4\"\n",
  ])
  func allTheseAreTheSameTable(text: String) throws {
    #expect(try read(text, ["a", "b"]).values == [1, 2, 3, 4])
  }

  @Test func columnsThatAreNotNamedHoldAnything() throws {
    let text = "a,\"name, or \"\"nick\"\"\",c\n1,\"x, y\n\",n/a\n2,\"\"\"\",\n"
    #expect(try read(text, ["a"]).values == [1, 2])
    #expect(try failure(text.utf8, ["c"]).message.hasPrefix("data.csv, row 2, column \"c\": \"n/a\" is not a number"))
  }

  @Test func numbersAreTheNearestFloats() throws {
    let cells: [(String, Float)] = [
      ("0.1", 0.1), ("-12", -12), (".5", 0.5), ("5.", 5), ("1e3", 1_000), ("1.5E-3", 0.0015), ("+7", 7),
      ("16777217", 16_777_216), ("3.4028235e38", .greatestFiniteMagnitude), ("1e-45", .leastNonzeroMagnitude),
      // A hair above the middle between 1 and its successor; a detour through Double would end at 1.
      ("1.00000005960464477539062500000000000001", Float(1).nextUp), ("1e-60", 0), ("-1e-60", 0), ("-0", 0),
    ]
    let table = try read("a\n" + cells.map { $0.0 + "\n" }.joined(), ["a"])
    #expect(sameBits(table.values, cells.map { $0.1 }))
  }

  @Test func manyRowsKeepTheirOrder() throws {
    let rows = 100_000
    let text = "a,b\n" + (0..<rows).map { "\($0),\(-$0)\n" }.joined()
    let table = try read(text, ["b", "a"])
    #expect(table.rowCount == rows)
    #expect((0..<rows).allSatisfy { table.values[2 * $0 + 1] == Float($0) && table.values[2 * $0] == -Float($0) })
  }
}
