import Foundation
import Testing

@Suite("Bad data")
struct BadDataTests {
  static let columns = "--inputs a --targets b"
  static let refusals = [
    Refusal("train --data none.csv \(columns)", "none.csv: no such file"),
    Refusal("train --data folder \(columns)", "folder is a folder"),
    Refusal("train --data good.csv --inputs a --targets c", "good.csv has no column \"c\"", "a, b"),
    Refusal("train --data good.csv --inputs x,b --targets b", "good.csv has no column \"x\""),
    Refusal("train --data word.csv \(columns)", "word.csv, row 3, column \"a\": \"n/a\" is not a number"),
    Refusal("train --data gap.csv \(columns)", "gap.csv, row 4, column \"b\""),
    Refusal("train --data infinite.csv \(columns)", "infinite.csv, row 2, column \"b\""),
    Refusal("train --data good.csv \(columns)", "good.csv has 9 rows", "one window of 10 rows"),
    Refusal("train --data good.csv \(columns) --window 5 --batch-size 2", "good.csv has 9 rows", "takes 10"),
    Refusal("train --data good.csv \(columns) --window 9 --shift 1", "good.csv has 9 rows", "1 rows later", "takes 10"),
    Refusal("train --data latin.csv \(columns)", "latin.csv, line 2: not UTF-8"),
    Refusal("train --data empty.csv \(columns)", "empty.csv is empty"),
    Refusal("train --data header.csv \(columns)", "header.csv has a header but no rows"),
    Refusal("train --data ragged.csv \(columns)", "ragged.csv, row 3 has 3 fields, the header has 2"),
    Refusal("train --data quote.csv \(columns)", "quote.csv, row 2"),
    Refusal("train --data twice.csv \(columns)", "twice.csv has two columns \"a\""),
    Refusal("train --data good.csv", "good.csv: no input columns are named"),
    Refusal("train --data good.csv --inputs a", "good.csv: no target columns are named"),
    Refusal("train --inputs a --targets b", "--inputs", "the sine task"),
    Refusal("train --shift 1", "--shift", "the sine task"),
  ]

  @Test("is refused by name and place", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(at: place.url("folder"), withIntermediateDirectories: false)
    let rows = (1...9).map { "\($0),\($0)\n" }.joined()
    try place.write("a,b\n" + rows, to: "good.csv")
    try place.write("a,b\n1,2\nn/a,3\n", to: "word.csv")
    try place.write("a,b\n1,2\n2,3\n4,\n", to: "gap.csv")
    try place.write("a,b\n1,inf\n", to: "infinite.csv")
    try Data([0x61, 0x2C, 0x62, 0x0A, 0x31, 0xFF, 0x2C, 0x31, 0x0A]).write(to: place.url("latin.csv"))
    try place.write("", to: "empty.csv")
    try place.write("a,b\n", to: "header.csv")
    try place.write("a,b\n1,2\n1,2,3\n", to: "ragged.csv")
    try place.write("a,b\n1,\"2\n3,4\n", to: "quote.csv")
    try place.write("a,a,b\n1,2,3\n", to: "twice.csv")
    try place.expect(refusal)
  }
}
