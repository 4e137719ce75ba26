import ArrayFiles
import Foundation
import Sequences
import Testing

@Suite struct ArrayErrorTests {
  private let arrays = [counting("x", [4, 2]), counting("level", [4])]

  @Test func namingNoColumnListsThem() throws {
    let error = try failure(arrays, [])
    #expect(error.message == "no columns of data.npz are named")
    #expect(error.hint == "its columns are: x.0, x.1, level")
    let npy = try failure(try NPYFile.encode(counting("", [2, 30])), name: "data.npy", [])
    #expect(npy.message == "no columns of data.npy are named")
    #expect(npy.hint == "its columns are: \((0..<20).map { "\($0)" }.joined(separator: ", ")), … (30 in all)")
  }

  @Test(arguments: [
    ("levle", "its columns are: x.0, x.1, level"),
    ("Level", "did you mean \"level\"? its columns are: x.0, x.1, level"),
    ("X", "did you mean \"x\"? its columns are: x.0, x.1, level"),
    ("x.2", "did you mean \"x.0\"? its columns are: x.0, x.1, level"),
    ("x.-0", "did you mean \"x.0\"? its columns are: x.0, x.1, level"),
    ("x.00", "did you mean \"x.0\"? its columns are: x.0, x.1, level"),
    ("x.99999999999999999999", "its columns are: x.0, x.1, level"),
    ("level.0", "did you mean \"level\"? its columns are: x.0, x.1, level"),
    ("", "did you mean \"x\"? its columns are: x.0, x.1, level"),
  ])
  func aColumnThatIsNotThereNamesThoseThatAre(name: String, hint: String) throws {
    let error = try failure(arrays, ["level", name])
    #expect(error.message == "data.npz has no column \"\(name)\"")
    #expect(error.hint == hint)
    try withNPZ(arrays) { path in
      let file = try DataFile(path: path)
      #expect(throws: SequenceError.self) { try file.expanded([name]) }
    }
  }

  @Test(arguments: ["3", "-1", "+1", "01", "0.0", "x", "data", "1 "])
  func columnsOfOneArrayAreItsNumbers(name: String) throws {
    let error = try failure(try NPYFile.encode(counting("", [2, 3])), name: "data.npy", [name])
    #expect(error.message == "data.npy has no column \"\(name)\"")
    #expect(error.hint.hasSuffix("its columns are: 0, 1, 2"))
  }

  @Test func arraysMustHaveEqualRowsAndSequences() throws {
    let hint =
      "arrays of three axes are read as [time, sequences, features] (see --batch-first); those of fewer"
      + " are one sequence: in NumPy, y[:, :, None] adds an axis of features"
    let rows = try failure([counting("x", [5, 2]), counting("y", [4])], ["x", "y"])
    #expect(
      rows.message
        == "data.npz: array \"x\" of shape [5, 2] has 1 sequence of 5 rows, array \"y\" of shape [4] has 1 sequence of"
        + " 4 rows")
    #expect(rows.hint == hint)
    // As many rows in all, and as many rows of a sequence, but not of as many sequences.
    for shape in [[15, 1], [5, 1, 1], [3, 5, 1]] {
      let error = try failure([counting("x", [5, 3, 2]), counting("y", shape)], ["x.0", "y"])
      #expect(
        error.message.hasPrefix("data.npz: array \"x\" of shape [5, 3, 2] has 3 sequences of 5 rows, array \"y\""))
    }
    let first = try failure([counting("x", [1, 5, 2]), counting("y", [5, 1, 2])], ["x.0", "y"], batchFirst: true)
    #expect(
      first.message
        == "data.npz: array \"x\" of shape [1, 5, 2] has 1 sequence of 5 rows, array \"y\" of shape [5, 1, 2] has 5"
        + " sequences of 1 row")
    #expect(first.hint.contains("[sequences, time, features]"))
    // Arrays that are not asked for may be of any shape.
    #expect(try read([counting("x", [5, 2]), counting("y", [4])], ["x"]).rowCount == 5)
  }

  @Test func valuesThatAreNotFiniteAreNamedByTheirIndex() throws {
    var x = counting("x", [3, 2, 2])
    x.values[(2 * 2 + 1) * 2] = .nan  // [2, 1, 0]
    let timeFirst = try failure([x], ["x"])
    #expect(timeFirst.message == "data.npz: array \"x\", index [2, 1, 0]: nan is not a finite float32")
    #expect(
      timeFirst.hint
        == "indices count from 0 along the axes [time, sequences, features]; --missing interpolate fills gaps,"
        + " --missing drop leaves such rows out")
    let batchFirst = try failure([x], ["x"], batchFirst: true)
    #expect(batchFirst.message == "data.npz: array \"x\", index [2, 1, 0]: nan is not a finite float32")
    #expect(batchFirst.hint.contains("[sequences, time, features]"))
    let y = NamedArray(name: "y", shape: [4], values: [0, 1, 2, -.infinity])
    let other = try failure([counting("x", [4, 2]), y], ["x.1", "y"])
    #expect(other.message == "data.npz: array \"y\", index [3]: -inf is not a finite float32")
    let npy = try failure(try NPYFile.encode(y), name: "data.npy", ["0"])
    #expect(npy.message == "data.npy: array \"data\", index [3]: -inf is not a finite float32")
  }

  @Test func shapesThatAreNoDataAreRefused() throws {
    let scalar = try failure([NamedArray(name: "s", shape: [], values: [1])], ["s"])
    #expect(scalar.message == "data.npz: array \"s\": shape [] has 0 axes; data has one, two or three")
    let deep = try failure(try NPYFile.encode(counting("", [2, 1, 1, 3])), name: "data.npy", ["0"])
    #expect(deep.message == "data.npy: array \"data\": shape [2, 1, 1, 3] has 4 axes; data has one, two or three")
    let wide = try failure([counting("x", [2, 65_537])], ["x.0"])
    #expect(wide.message == "data.npz: array \"x\": shape [2, 65537] has 65537 features; at most 65536 are read")
    #expect(wide.hint == "its axes are [rows, features]; numpy.swapaxes puts them in this order")
    #expect(try read([counting("x", [1, 65_536])], ["x.65535"]).values == [65_535])
  }

  @Test func aNameThatMayMeanTwoColumnsIsRefused() throws {
    let twins = [counting("x", [4, 2]), counting("x.1", [4]), counting("x.0", [4, 3])]
    for (name, twin) in [("x.1", "x.1"), ("x.0", "x.0"), ("x", "x.0")] {
      #expect(
        try failure(twins, [name]).message
          == "data.npz: an array and a feature of another are both called \"\(twin)\"")
    }
    #expect(try read(twins, ["x.0.2"]).values == [2, 5, 8, 11])
    // Just one feature: then there is no column x.0 but the array of this name.
    #expect(
      try read([counting("x", [4, 1]), counting("x.0", [4], from: 10)], ["x.0", "x"]).values.prefix(2) == [10, 0])
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    for (path, message) in [
      ("nowhere/data.npz", "nowhere/data.npz: cannot be opened: No such file or directory"),
      ("nowhere/data.npy", "nowhere/data.npy: cannot be opened: No such file or directory"),
      ("nowhere/data", "nowhere/data: no such file"), ("/", "/ is a folder, not a file"),
    ] {
      let error = try #require(throws: SequenceError.self) { try Table.read(path: path, columns: ["a"]) }
      #expect(error.message == message)
    }
    let empty = try failure(try NPZFile.encode([]), name: "data.npz", ["x"])
    #expect(empty.message == "data.npz holds no arrays")
  }
}
