import Foundation
import Testing

@Suite("keepstep train and predict: NumPy arrays")
struct ArrayDataTests {
  /// What must be equal of runs that see the same windows: digests of checkpoints and of the history.
  private static func digests(_ place: Workplace, _ run: String) throws -> [String] {
    try place.query(
      "SELECT step, digest, history_digest FROM checkpoints JOIN runs ON runs.id = run_id WHERE name = '\(run)'"
        + " ORDER BY step")
  }

  @Test("three axes in either order give the same bits", arguments: CellExample.all)
  func orders(cell: CellExample) throws {
    let place = try WalkExample.place()
    let train = "\(WalkExample.train) --quiet --hidden-size 11 \(cell.options) \(CellExample.deep) \(cell.rule)"
    try place.succeed("\(train) --data walks.npz --batch-first --name a")
    try place.succeed("\(train) --data time.npz --name b")
    try place.succeed("\(train) --data time.npz --no-batch-first --name c")
    let digests = try Self.digests(place, "a")
    #expect(digests.count >= 5)
    #expect(try Self.digests(place, "b") == digests && Self.digests(place, "c") == digests)
    // The same values are stored once.
    #expect(try place.query("SELECT source, rows FROM datasets") == ["walks.npz,72"])
    #expect(
      try place.query("SELECT value FROM hyperparameters WHERE name = 'batch_first' ORDER BY run_id") == [
        "1", "0", "0",
      ])
    for run in ["a", "b"] { try place.succeed("verify \(run)") }
  }

  @Test("all sequences go side by side, or as many at a time as --batch-size says, each from a state of zero")
  func groups() throws {
    let place = try WalkExample.place()
    try NumPyFile.npz([WalkExample.x.part(2..<4), WalkExample.y.part(2..<4)]).write(to: place.url("middle.npz"))
    try NumPyFile.npz([WalkExample.x.part(0..<4), WalkExample.y.part(0..<4)]).write(to: place.url("four.npz"))
    // So small a rate changes no weight: a window's loss depends on its sequences alone.
    let train = "\(WalkExample.train) --batch-first --optimizer sgd --learning-rate 1e-30 --quiet"
    func losses(_ name: String, _ options: String) throws -> [String] {
      try place.succeed("\(train) --name \(name) \(options)")
      return try place.succeed("steps \(name) --format csv").rows.compactMap { $0["loss"] }
    }
    let all = try losses("all", "--data walks.npz")
    #expect(try place.query("SELECT value FROM hyperparameters WHERE name = 'batch_size'") == ["6"])
    // Three windows a sequence.
    #expect(Set(all).count == 3 && Array(all[3...]) == Array(all.dropLast(3)))

    let pairs = try losses("pairs", "--data walks.npz --batch-size 2")
    #expect(Set(pairs).count == 9 && Array(pairs[9...]) == Array(pairs.dropLast(9)))
    let middle = try losses("middle", "--data middle.npz")
    #expect(Array(pairs[3..<6]) == Array(middle[..<3]))

    // Four of six fill one group; the rest is left out.
    let four = try losses("first", "--data walks.npz --batch-size 4")
    #expect(try four == losses("four", "--data four.npz"))
    #expect(
      try place.query(
        "SELECT DISTINCT shape FROM hidden_states JOIN runs ON runs.id = run_id WHERE runs.name = 'pairs'")
        == ["\"[2,5]\""])
  }

  @Test("a resume needs no file, and takes one of the same values only")
  func resume() throws {
    let place = try WalkExample.place()
    try place.succeed("\(WalkExample.train) --data walks.npz --batch-first --name run")
    try place.succeed("\(WalkExample.train) --data time.npz --name alone --steps 40".replacing("--steps 24 ", with: ""))
    try FileManager.default.moveItem(at: place.url("walks.npz"), to: place.url("moved.npz"))
    try place.succeed("resume run --steps 30")
    try place.succeed("resume run --steps 40 --data moved.npz")
    try place.succeed("verify run")
    #expect(try Self.digests(place, "run").last == Self.digests(place, "alone").last)
    try NumPyFile.npz([WalkExample.x, WalkExample.c, WalkExample.y.part(0..<5)]).write(to: place.url("five.npz"))
    try place.expect(Refusal("resume run --steps 50 --data five.npz", "five.npz", "6 sequences", "5 sequences"))
    try place.expect(Refusal("resume run --steps 50 --data time.npz", "the data of time.npz has the digest "))
  }

  @Test("without their values in the store a resume needs the file, and says which")
  func notEmbedded() throws {
    let place = try WalkExample.place()
    try place.succeed("\(WalkExample.train) --data walks.npz --batch-first --no-embed-data --name run")
    try place.succeed("resume run --steps 30")
    try FileManager.default.moveItem(at: place.url("walks.npz"), to: place.url("moved.npz"))
    try place.expect(Refusal("resume run --steps 40", "walks.npz: ", "No such file"))
    try place.succeed("resume run --steps 40 --data moved.npz")
  }

  @Test("predictions: a line a row of each sequence, whose last --shift rows have no target")
  func predict() throws {
    let place = try WalkExample.place()
    try place.succeed("\(WalkExample.train) --data walks.npz --batch-first --shift 2 --name run")
    let lines = try place.succeed("predict run").lines
    #expect(lines.count == 73 && lines[0] == "sequence,row,x.0,x.1,x.2,y,predicted_y")
    let rows = try place.succeed("predict run").rows
    #expect(rows.map { "\($0["sequence"] ?? "?"),\($0["row"] ?? "?")" } == (0..<72).map { "\($0 / 12),\($0 % 12)" })
    #expect(rows.indices.filter { rows[$0]["y"] == "" } == (0..<72).filter { $0 % 12 >= 10 })
    #expect(rows.compactMap { Float($0["x.1"] ?? "") } == (0..<72).map { WalkExample.x.values[$0 * 3 + 1] })
    #expect(rows[13]["y"] == "\(WalkExample.y.values[15])")

    // Each sequence starts from zero, so two by themselves are predicted alike.
    try NumPyFile.npz([WalkExample.x.part(3..<5), WalkExample.y.part(3..<5)]).write(to: place.url("two.npz"))
    let two = try place.succeed("predict run --data two.npz").rows
    #expect(two.count == 24 && two.map { $0["predicted_y"] } == rows[36..<60].map { $0["predicted_y"] })
    let json = try place.succeed("predict run --format json")
    let parsed = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(parsed.count == 72 && parsed[71]["sequence"] as? Int == 5 && parsed[71]["y"] is NSNull)
  }

  @Test("one or two axes: a table of rows, with the bits of the same values in CSV")
  func fewerAxes() throws {
    let place = try Workplace()
    let table = NumPyArray(name: "", values: Array(WalkExample.x.values[..<60]), shape: [20, 3])
    try NumPyFile.npy(table).write(to: place.url("table.npy"))
    let column = NumPyArray(name: "", values: (0..<20).map { table.values[$0 * 3] }, shape: [20])
    try NumPyFile.npy(column).write(to: place.url("column.npy"))
    let rows = (0..<20).map { row in table.values[row * 3..<row * 3 + 3].map { "\($0)" }.joined(separator: ",") }
    try place.write("0,1,2\n" + rows.joined(separator: "\n") + "\n", to: "table.csv")

    let train = "train --quiet --steps 12 --window 4 --batch-size 2 --hidden-size 5 --checkpoint-every 4"
    for file in ["table.npy", "table.csv"] {
      try place.succeed("\(train) --data \(file) --inputs 0,2 --targets 1 --name \(file)")
    }
    for file in ["column.npy", "table.csv"] {
      try place.succeed("\(train) --data \(file) --inputs 0 --targets 0 --shift 1 --name \(file)-1")
    }
    #expect(try Self.digests(place, "table.npy") == Self.digests(place, "table.csv"))
    #expect(try Self.digests(place, "column.npy-1") == Self.digests(place, "table.csv-1"))
    #expect(try place.query("SELECT count(*) FROM datasets") == ["2"])
    let predicted = try place.succeed("predict table.npy")
    #expect(predicted.lines[0] == "row,0,2,1,predicted_1")
    #expect(try predicted.output == place.succeed("predict table.csv").output)
  }

  @Test("an array's name stands for all its features, and each has a name of its own")
  func names() throws {
    let place = try WalkExample.place()
    let train = "train --quiet --steps 6 --window 4 --data time.npz"
    try place.succeed("\(train) --inputs x --targets y --name whole")
    try place.succeed("\(train) --inputs x.0,x.1,x.2 --targets y --name each")
    try place.succeed("\(train) --inputs x.2,y --targets x.0,c --name some")
    #expect(try Self.digests(place, "whole") == Self.digests(place, "each"))
    let lists = "SELECT value FROM hyperparameters WHERE name = '"
    #expect(
      try place.sqlite3(lists + "inputs'") == "[\"x.0\",\"x.1\",\"x.2\"]\n[\"x.0\",\"x.1\",\"x.2\"]\n[\"x.2\",\"y\"]\n")
    #expect(try place.sqlite3(lists + "targets' AND run_id = 3") == "[\"x.0\",\"c\"]\n")
    #expect(
      try place.succeed("predict some").lines[0] == "sequence,row,x.2,y,x.0,c,predicted_x.0,predicted_c")
  }
}
