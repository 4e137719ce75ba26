import Foundation
import Testing

@Suite("Bad options of reading data")
struct BadReadingTests {
  private static let columns = "--inputs a --targets b --window 2"

  static let words = ["delimiter", "decimal", "missing"].flatMap { option in
    ["guess", "none", "Comma"].map {
      Refusal("train --data good.csv --\(option) \($0)", "'\($0)'", "--\(option)", status: 64)
    }
      + [Refusal("train --data good.csv --\(option)", "--\(option)", status: 64)]
  }

  static let files = [
    Refusal("train --data good.csv \(columns) --delimiter pipe", "good.csv", "\"a\"", "a,b"),
    Refusal("train --data semicolon.csv \(columns) --delimiter comma", "semicolon.csv", "\"a\""),
    Refusal("train --data german.csv \(columns) --decimal point", "german.csv", "row 2", "\"1,5\""),
    Refusal("train --data gaps.csv \(columns)", "gaps.csv", "row 3", "--missing interpolate"),
    Refusal("train --data gaps.csv \(columns) --missing refuse", "gaps.csv", "row 3"),
    Refusal("train --data void.csv \(columns) --missing interpolate", "void.csv", "\"a\""),
    Refusal("train --data void.csv \(columns) --missing drop", "void.csv"),
    Refusal("train --data cut.csv.gz \(columns)", "cut.csv.gz"),
    Refusal("train --data lie.csv.gz \(columns)", "lie.csv.gz"),
    Refusal("train --data - \(columns)", "standard input"),
    Refusal("train --missing drop", "--missing", "the sine task"),
    Refusal("train --delimiter tab", "--delimiter", "the sine task"),
    Refusal("train --decimal comma", "--decimal", "the sine task"),
    Refusal("train --data walks.npz --inputs x --targets x --window 2 --delimiter tab", "walks.npz", "--delimiter"),
    Refusal("train --data walks.npz --inputs x --targets x --window 2 --decimal comma", "walks.npz", "--decimal"),
  ]

  @Test("is refused by name and value, and no store is made", arguments: words + files)
  func refused(refusal: Refusal) throws {
    let place = refusal.line.contains("walks") ? try WalkExample.place() : try Workplace()
    let rows = (1...9).map { "\($0),\($0)\n" }.joined()
    try place.write("a,b\n" + rows, to: "good.csv")
    try place.write(("a,b\n" + rows).replacingOccurrences(of: ",", with: ";"), to: "semicolon.csv")
    try place.write("a;b\n1,5;2\n2,5;3\n3,5;4\n", to: "german.csv")
    try place.write("a,b\n1,2\nNA,3\n4,5\n6,7\n", to: "gaps.csv")
    try place.write("a,b\nNA,2\n,3\nnull,4\n", to: "void.csv")
    try place.write("no gzip", to: "lie.csv.gz")
    // The first bytes of a gzip file, and no more.
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B]).write(to: place.url("cut.csv.gz"))
    try place.expect(refusal)
    #expect(try !place.files.contains("keepstep.db"))
  }
}
