import Sequences
import Testing

/// Other separators, decimal commas.
@Suite struct CSVFormatTests {
  @Test(arguments: [
    "a,b\n1.5,2\n3,4\n",
    "a;b\n1.5;2\n3;4\n",
    "a;b\n1,5;2\n3;4,0\n",
    "a\tb\r\n1,5\t2\r\n3\t4\r\n",
    "a|b\n1.5|2\n3|4\n",
    "\u{FEFF}\"a\";\"b\"\n\"1,5\";\"2\"\n3;4",
    "a;b;\"c, d\"\n1,5;2;x\n3;4;\"y;z\"\n",
    "a,x;b;b\n1,5;2;2\n3;4;4\n".replacing("a,x;b", with: "a;x,y"),
  ])
  func theDelimiterIsFoundInTheHeader(text: String) throws {
    #expect(try read(text, ["a", "b"]).values == [1.5, 2, 3, 4])
  }

  @Test func aGivenDelimiterIsNotLookedFor() throws {
    let text = "a;b,c\n1;2,3\n4;5,6\n"
    #expect(try read(text, ["c"], options { $0.delimiter = .comma }).values == [3, 6])
    #expect(try read(text, ["a"], options { $0.delimiter = .semicolon }).values == [1, 4])
    let error = try failure("a;b\n1;2\n".utf8, ["a"], options { $0.delimiter = .comma })
    #expect(error.message == "data.csv has no column \"a\"; its header is one field, \"a;b\"")
    #expect(error.hint == "its fields are not separated by commas; try --delimiter semicolon")
  }

  @Test func theHeaderWithMostFieldsIsTheOneThatMessagesMean() throws {
    let error = try failure("date;flow, m;rain\n".utf8, ["flou"])
    #expect(error.hint == "its columns are: date, flow, m, rain")
    let row = try failure("a;b\n1;2\n3;4;5\n".utf8, ["a", "b"])
    #expect(row.message == "data.csv, row 3 has 3 fields, the header has 2")
    #expect(row.hint.contains("fields are separated by semicolons, and one with a semicolon in it"))
  }

  @Test func aGivenDecimalMarkIsTheOnlyOne() throws {
    let comma = options { $0.decimal = .comma }
    #expect(try read("a,b\n\"1,5\",-2\n\"-,5e1\",4\n", ["a", "b"], comma).values == [1.5, -2, -5, 4])
    let point = try failure("a,b\n1.5,2\n".utf8, ["a"], comma)
    #expect(point.message == "data.csv, row 2, column \"a\": \"1.5\" is not a number")
    #expect(point.hint.hasSuffix("every cell of a named column is a number such as -12,5 or 3e-4"))
    let inverse = try failure("a;b\n1,5;2\n".utf8, ["a"], options { $0.decimal = .point })
    #expect(inverse.message == "data.csv, row 2, column \"a\": \"1,5\" is not a number")
  }

  @Test func aFileHasOneDecimalMark() throws {
    let comma = try failure("a;b\n1;n\n2,5;n\n3.5;n\n".utf8, ["a"])
    #expect(
      comma.message
        == "data.csv, row 4, column \"a\": \"3.5\" is not a number, as row 3 has a decimal comma")
    #expect(comma.hint.hasSuffix("such as -12,5 or 3e-4; --decimal point reads decimal points"))
    let point = try failure("a;b\n1.5;n\n2,5;n\n".utf8, ["a"])
    #expect(
      point.message
        == "data.csv, row 3, column \"a\": \"2,5\" is not a number, as row 2 has a decimal point")
    // Thousands are not marked.
    #expect(try failure("a;b\n1.234,5;n\n".utf8, ["a"]).message.hasSuffix("\"1.234,5\" is not a number"))
    #expect(try failure("a;b\n1,234,5;n\n".utf8, ["a"]).message.hasSuffix("\"1,234,5\" is not a number"))
  }

  @Test func columnsThatAreNotUsedSettleNoDecimalMark() throws {
    #expect(try read("a;b\n1,5;2.5\n2;3.5\n", ["a"]).values == [1.5, 2])
    #expect(try read("a;b\n1,5;2.5\n2;3.5\n", ["b"]).values == [2.5, 3.5])
  }

  /// The fast reader against the standard library's, on numbers written in many ways.
  @Test func everyNumberIsTheNearestFloat() throws {
    var dice = Dice(state: 1)
    var cells: [String] = []
    for _ in 0..<4000 {
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: dice.next()))
      if float.isFinite { cells.append("\(float)") }
      let double = Double(float) * (1 + Double(Int.random(in: -3...3, using: &dice)) * 0x1p-52)
      if double.isFinite, abs(double) < 3.4e38 { cells.append("\(double)") }
      // Half way between two neighbours, and a hair beside it.
      let small = Float(Int.random(in: 1...1 << 24, using: &dice)) * 0x1p-8
      let middle = (Double(small) + Double(small.nextUp)) / 2
      cells += ["\(middle)", "\(middle)0000000001", "\(middle.nextDown)", "\(middle.nextUp)"]
      let digits = Int.random(in: 1...25, using: &dice)
      let text = String((0..<digits).map { _ in Character("\(Int.random(in: 0...9, using: &dice))") })
      let point = Int.random(in: 0...digits, using: &dice)
      cells.append("-\(text.prefix(point)).\(text.dropFirst(point))e\(Int.random(in: -30...13, using: &dice))")
    }
    cells = cells.filter { Float($0).map(\.isFinite) == true }
    let expected = cells.map { (Float($0) ?? .nan) + 0 }
    #expect(cells.count > 20_000)
    #expect(sameBits(try read("a\n" + cells.joined(separator: "\n"), ["a"]).values, expected))
    let commas = cells.map { $0.replacing(".", with: ",") }
    let options = options { $0.decimal = .comma }
    #expect(sameBits(try read("a;b\n" + commas.joined(separator: ";0\n") + ";0", ["a"], options).values, expected))
  }
}
