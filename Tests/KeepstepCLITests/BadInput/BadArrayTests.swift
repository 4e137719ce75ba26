import Foundation
import Testing

@Suite("Bad arrays")
struct BadArrayTests {
  private static let walks = "train --data walks.npz --batch-first --window 4"
  static let columns = [
    Refusal("\(walks) --inputs x", "walks.npz: no target columns are named", "--targets"),
    Refusal("\(walks) --inputs z --targets y", "walks.npz has no column \"z\"", "x.0, x.1, x.2, y, c"),
    Refusal("\(walks) --inputs x.3 --targets y", "walks.npz has no column \"x.3\"", "x.0, x.1, x.2"),
    Refusal("\(walks) --inputs x.01 --targets y", "walks.npz has no column \"x.01\""),
    Refusal("\(walks) --inputs x,x.1 --targets y", "\"x.1\" is named twice as inputs"),
    Refusal("train --data table.npy --inputs x --targets 0", "table.npy has no column \"x\"", "0, 1, 2"),
    Refusal("train --data table.npy --inputs 0 --targets 3", "table.npy has no column \"3\"", "0, 1, 2"),
    Refusal("train --data table.npy --inputs table --targets 0", "table.npy has no column \"table\""),
  ]

  static let shapes = [
    Refusal("train --data four.npy --inputs 0 --targets 1", "four.npy", "[1, 6, 12, 3]", "4 axes", "numpy.reshape"),
    Refusal(
      "train --data uneven.npz --inputs x --targets y", "uneven.npz", "\"x\"", "\"y\"", "12 sequences of 6 rows",
      "5 sequences of 6 rows", "--batch-first"),
    Refusal(
      "train --data flat.npz --batch-first --inputs x --targets y", "6 sequences of 12 rows", "1 sequence of 6 rows",
      "y[:, :, None]"),
    Refusal(
      "\(walks) --inputs x --targets y --batch-size 7", "walks.npz has 6 sequences", "batch size of 7", "at most 6"),
    Refusal("\(walks) --inputs x --targets y --batch-size \(Int.max)", "batch size \(Int.max)", "GB"),
    Refusal("\(walks) --inputs x --targets y --window 13", "sequences of 12 rows", "13 rows", "--window"),
    Refusal("\(walks) --inputs x --targets y --shift 9", "sequences of 12 rows", "9 rows later", "takes 13"),
    Refusal("train --data time.npz --batch-first --inputs x --targets y", "sequences of 6 rows", "10 rows"),
  ]

  static let values = [
    Refusal("train --data gap.npz --batch-first --inputs x --targets y", "gap.npz", "\"x\"", "[2, 5, 1]", "nan"),
    Refusal(
      "train --data gap.npz --inputs x --targets y", "gap.npz", "\"x\"", "[2, 5, 1]", "time, sequences, features"),
    Refusal(
      "\(walks) --inputs x --targets y --loss cross-entropy", "walks.npz, sequence 1, row 1", "\"y\"", "no class"),
    Refusal("\(walks) --inputs x --targets x.0 --loss cross-entropy", "\"x.0\"", "-1.375 is no class"),
    Refusal("\(walks) --inputs x --targets c --loss cross-entropy --classes 2", "2.0 is no class", "from 0 to 1"),
    Refusal("\(walks) --inputs x --targets c,y --loss cross-entropy", "one column", "[\"c\", \"y\"]", "--targets"),
  ]

  static let files = [
    Refusal("train --data none.npy --inputs 0 --targets 1", "none.npy", "No such file"),
    Refusal("train --data folder.npz --inputs x --targets y", "folder.npz"),
    Refusal("train --data cut.npy --inputs 0 --targets 1", "cut.npy", "needs 240 bytes", "there are 233", "cut off"),
    Refusal("train --data long.npy --inputs 0 --targets 1", "long.npy", "needs 240 bytes", "there are 243"),
    Refusal("train --data header.npy --inputs 0 --targets 1", "header.npy", "after 40 bytes", "cut off"),
    Refusal("train --data text.npy --inputs 0 --targets 1", "text.npy", "numpy.save"),
    Refusal("train --data objects.npy --inputs 0 --targets 1", "objects.npy", "\"|O\"", "float32"),
    Refusal("train --data huge.npy --inputs 0 --targets 1", "huge.npy", "99999999999"),
    Refusal("train --data cut.npz --inputs x --targets y", "cut.npz", "cut off or damaged"),
    Refusal("train --data damaged.npz --batch-first --inputs x --targets y", "damaged.npz", "CRC"),
    Refusal("train --data text.npz --inputs x --targets y", "text.npz", "zip"),
  ]

  @Test("is refused by file, array, index and values", arguments: columns + shapes + values + files)
  func refused(refusal: Refusal) throws {
    let place = try WalkExample.place()
    try Self.write(in: place)
    try place.expect(refusal)
  }

  private static func write(in place: Workplace) throws {
    let (x, y) = (WalkExample.x, WalkExample.y)
    func write(_ name: String, _ data: Data) throws { try data.write(to: place.url(name)) }
    func array(_ name: String, _ values: [Float], _ shape: [Int]) -> NumPyArray {
      NumPyArray(name: name, values: values, shape: shape)
    }
    let table = NumPyFile.npy(array("", Array(x.values[..<60]), [20, 3]))
    try write("table.npy", table)
    try write("cut.npy", table.dropLast(7))
    try write("long.npy", table + Data([1, 2, 3]))
    try write("header.npy", table.prefix(40))
    try write("objects.npy", replaced("'<f4'", "'|O' ", in: table))
    try write("huge.npy", replaced("(20, 3, )", "(99999999999, 3)", in: table))
    try write("four.npy", NumPyFile.npy(array("", x.values, [1] + x.shape)))
    try write("uneven.npz", NumPyFile.npz([x, array("y", Array(y.values[..<30]), [6, 5, 1])]))
    try write("flat.npz", NumPyFile.npz([x, array("y", y.values, [6, 12])]))
    var gap = x
    gap.values[(2 * 12 + 5) * 3 + 1] = .nan
    try write("gap.npz", NumPyFile.npz([gap, y]))
    var walks = try place.data("walks.npz")
    try write("cut.npz", walks.dropLast(30))
    walks[300] ^= 1
    try write("damaged.npz", walks)
    for name in ["text.npy", "text.npz"] { try place.write("this is a text\n", to: name) }
    try FileManager.default.createDirectory(at: place.url("folder.npz"), withIntermediateDirectories: false)
  }

  /// A file with another text in its header, which keeps its length.
  private static func replaced(_ old: String, _ new: String, in file: Data) throws -> Data {
    var file = file
    let range = try #require(file.range(of: Data(old.utf8)))
    file.replaceSubrange(range, with: Data(new.utf8))
    let padding = new.utf8.count - old.utf8.count
    if padding > 0 { file.removeSubrange(127..<127 + padding) }
    return file
  }
}
