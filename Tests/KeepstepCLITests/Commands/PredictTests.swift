import Foundation
import Testing

@Suite("keepstep predict")
struct PredictTests {
  @Test("a line a row in the data's order; the last --shift rows have no targets")
  func rows() throws {
    let place = try FlowExample.place()
    let lines = try place.succeed("predict flow").lines
    #expect(lines.count == 27)
    #expect(lines[0] == "row,flow,rain,target_flow,predicted_flow")
    #expect(lines[2].hasPrefix("1,0.327,1.0,0.618,0.0408"))
    #expect(lines[25].hasPrefix("24,0.989,0.0,0.887,"))
    #expect(lines[26].hasPrefix("25,0.887,1.0,,"))
    let table = try place.succeed("predict flow --format table").lines
    #expect(table[0] == "row    flow  rain  target_flow  predicted_flow")
    #expect(table[2] == "  1   0.327     1        0.618        0.040836")
    let json = try place.succeed("predict flow --format json")
    let parsed = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(parsed.count == 26)
    #expect(parsed[25]["target_flow"] is NSNull && parsed[25]["predicted_flow"] is Double)
    // Without a checkpoint the best one predicts.
    #expect(try place.succeed("predict flow@best").lines.dropFirst() == lines.dropFirst())
    #expect(try place.succeed("predict flow@0").lines.dropFirst() != lines.dropFirst())
  }

  @Test("columns that bear names of ours keep them, and ours get others")
  func names() throws {
    let place = try Workplace()
    let rows = (0..<20).map { "\($0 % 3),\($0 % 5),\($0)\n" }
    try place.write("row,part,sequence\n" + rows.joined(), to: "named.csv")
    try place.succeed(
      "train --data named.csv --index sequence --inputs row,part --targets row --shift 1 --window 2 --steps 6 "
        + "--validation 0.3 --quiet")
    for format in ["csv", "json", "jsonl"] {
      let text = try place.succeed("predict 1 --format \(format)").output
      let places = ["row_number", "sequence", "row_part", "row", "part", "target_row", "predicted_row"].map { name in
        text.range(of: format == "csv" ? name : "\"\(name)\":")?.lowerBound
      }
      #expect(places.allSatisfy { $0 != nil }, "\(text.prefix(300))")
      #expect(format == "csv" || places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(text.prefix(300))")
    }
    #expect(
      try place.succeed("predict 1").lines[0] == "row_number,sequence,row_part,row,part,target_row,predicted_row")
    try place.succeed("predict 1 -o named.npz")
  }

  @Test("several runs stand side by side")
  func severalRuns() throws {
    let place = try FlowExample.place()
    try place.succeed("fork flow@12 --name other --learning-rate 0.5")
    let both = try place.succeed("predict flow other@last").rows
    let alone = try place.succeed("predict other@last").rows
    #expect(both.count == 26 && both[0].count == 6)
    #expect(both.map { $0["predicted_flow_other@last"] } == alone.map { $0["predicted_flow"] })
    #expect(both.map { $0["predicted_flow_flow"] } != both.map { $0["predicted_flow_other@last"] })
  }

  @Test("another file with the same columns, also longer or shorter than a window")
  func otherData() throws {
    let place = try FlowExample.place()
    try place.write("rain,unused,flow\n0,x,0.0\n1,x,0.327\n2,x,0.618\n", to: "short.csv")
    let rows = try place.succeed("predict flow --data short.csv").rows
    #expect(rows.map { $0["target_flow"] } == ["0.327", "0.618", ""])
    // The same first rows of a stream give the same predictions.
    let known = try place.succeed("predict flow").rows
    #expect(rows[0]["predicted_flow"] == known[0]["predicted_flow"])
  }

  @Test("the sine task: the windows it was trained on, or as many as asked for")
  func sine() throws {
    let place = try Workplace()
    try place.succeed("train --steps 30")
    #expect(try place.succeed("predict 1").lines.count == 301)
    let rows = try place.succeed("predict 1 --windows 2").rows
    #expect(rows.count == 20)
    #expect(rows[9]["sin"] == "0.0" && rows[9]["cos"] == "-1.0")
  }

  @Test("the file's ending says the format, and --format says it better")
  func formats() throws {
    let place = try FlowExample.place()
    for (file, format) in [
      ("p", "csv"), ("p.CSV", "csv"), ("p.json", "json"), ("p.jsonl", "jsonl"), ("p.ndjson", "jsonl"),
      ("p.txt", "table"), ("p.csv", "json"), ("p.dat", "table"),
    ] {
      let option = ["p.csv", "p.dat"].contains(file) ? " --format \(format)" : ""
      #expect(try place.succeed("predict flow -o \(file)\(option)").output == "")
      #expect(
        String(decoding: try place.data(file), as: UTF8.self)
          == (try place.succeed("predict flow --format \(format)").output), "\(file)")
    }
    let lines = try place.succeed("predict flow --format jsonl").lines
    let array = try place.succeed("predict flow --format json").lines.dropFirst().dropLast()
    #expect(lines == array.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " ,")) })
    #expect(lines.count == 26 && lines[25].contains("\"target_flow\": null"))
    try place.succeed("predict flow -o p.weird --format npz")
    try place.succeed("predict flow -o p.npz")
    #expect(try place.data("p.weird") == place.data("p.npz"))
  }

  @Test("an .npz file has each column as an array, to the bit")
  func arrays() throws {
    let place = try FlowExample.place()
    try place.succeed("predict flow flow@12 -o p.npz")
    try place.succeed("predict flow flow@12 -o p.csv")
    let program = """
      import csv, numpy
      arrays = dict(numpy.load("p.npz", allow_pickle=False))
      header, *rows = csv.reader(open("p.csv"))
      assert list(arrays) == header, list(arrays)
      for name, cells in zip(header, zip(*rows)):
          expected = numpy.array([cell or "nan" for cell in cells]).astype("<i8" if name == "row" else "<f4")
          assert arrays[name].dtype == expected.dtype and arrays[name].tobytes() == expected.tobytes(), name
      print("equal")
      """
    let outcome = try place.run("python3", package: "python3-numpy", ["-c", program])
    #expect(outcome.output == "equal\n", "\(outcome.errors)")
  }

  @Test("writes to a file, whole or not at all")
  func file() throws {
    let place = try FlowExample.place()
    let outcome = try place.succeed("predict flow -o p.csv")
    #expect(outcome.output == "")
    #expect(String(decoding: try place.data("p.csv"), as: UTF8.self) == (try place.succeed("predict flow").output))
    #expect(try place.files == ["flow.csv", "keepstep.db", "keepstep.db-lock", "p.csv"])
  }
}
