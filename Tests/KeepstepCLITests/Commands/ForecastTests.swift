import Foundation
import Testing

@Suite("keepstep forecast")
struct ForecastTests {
  /// A run that sees and forecasts the flow, with days.
  private static func place() throws -> Workplace {
    let place = try Workplace()
    let rows = FlowExample.csv.split(separator: "\n").dropFirst().enumerated().map { number, row in
      "2024-02-\(number < 9 ? "0" : "")\(number + 1),\(row)"
    }
    try place.write((["date,day,flow,rain"] + rows).joined(separator: "\n") + "\n", to: "flow.csv")
    try place.succeed(
      "train --data flow.csv --index date --inputs flow --targets flow --shift 1 --window 4 --hidden-size 8 --steps 24"
        + " --name flow --learning-rate 0.01 --seed 7")
    return place
  }

  @Test("a line a row with the dates carried on, as csv, table, json, or into a file")
  func dates() throws {
    let place = try Self.place()
    let outcome = try place.succeed("forecast flow --horizon 5")
    let lines = outcome.lines
    #expect(outcome.errors == "" && lines[0] == "date,predicted_flow")
    #expect(outcome.rows.map { $0["date"] } == ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"])
    // The first row ahead is what the last row's prediction is.
    #expect(outcome.rows[0]["predicted_flow"] == (try place.succeed("predict flow").rows.last?["predicted_flow"]))
    #expect(try place.succeed("forecast flow@best --horizon 2").lines == Array(lines.prefix(3)))
    #expect(try place.succeed("forecast flow@0 --horizon 2").lines != Array(lines.prefix(3)))
    let table = try place.succeed("forecast flow --horizon 1 --format table").lines
    #expect(table[0] == "date        predicted_flow" && table[1].hasPrefix("2024-02-27         0."))
    let json = try place.succeed("forecast flow --horizon 3 --format json")
    let parsed = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(parsed.count == 3 && parsed[2]["date"] as? String == "2024-02-29" && parsed[2]["predicted_flow"] is Double)
    #expect(try place.succeed("forecast flow --horizon 5 -o f.csv").output == "")
    #expect(String(decoding: try place.data("f.csv"), as: UTF8.self) == outcome.output)
    try place.succeed("forecast flow --horizon 3 -o f.json")
    #expect(String(decoding: try place.data("f.json"), as: UTF8.self) == json.output)
  }

  @Test("other inputs come from the rows after the end; rows without an index are numbered")
  func laterInputs() throws {
    let place = try FlowExample.place()
    try place.write("rain,unused\n1,x\n2,x\n0,x\n", to: "later.csv")
    let rows = try place.succeed("forecast flow --horizon 4 --data later.csv").rows
    #expect(rows.map { $0["row"] } == ["26", "27", "28", "29"])
    try place.write("rain\n1\n2\n3\n", to: "wet.csv")
    let wet = try place.succeed("forecast flow --horizon 4 --data wet.csv").rows
    #expect(wet.prefix(3) == rows.prefix(3) && wet[3] != rows[3])
    // With the rain known so far, one row ahead needs no more.
    #expect(try place.succeed("forecast flow --horizon 1").rows == Array(rows.prefix(1)))
  }

  @Test("from the end of another file, which the network was not trained on")
  func history() throws {
    let place = try Self.place()
    let whole = try place.succeed("forecast flow --horizon 3")
    let lines = String(decoding: try place.data("flow.csv"), as: UTF8.self).split(separator: "\n")
    try place.write(lines.prefix(20).joined(separator: "\n") + "\n", to: "early.csv")
    let early = try place.succeed("forecast flow --horizon 3 --history early.csv")
    #expect(early.rows.map { $0["date"] } == ["2024-02-20", "2024-02-21", "2024-02-22"])
    try FileManager.default.moveItem(at: place.url("flow.csv"), to: place.url("moved.csv"))
    #expect(try place.succeed("forecast flow --horizon 3").output == whole.output)
    #expect(try place.succeed("forecast flow --horizon 3 --history moved.csv").output == whole.output)
  }

  @Test("a forecast for each series")
  func series() throws {
    let place = try Workplace()
    let rows = (0..<12).flatMap { month in
      [("north", 1.0), ("south", -2.0)].map { name, level in
        "2024-\(month < 9 ? "0" : "")\(month + 1),\(name),\(level + Double(month % 4) / 4)"
      }
    }
    try place.write((["month,river,flow"] + rows).joined(separator: "\n") + "\n", to: "rivers.csv")
    try place.succeed(
      "train --data rivers.csv --index month --series river --inputs flow --targets flow --shift 1 --window 4 --steps 24"
    )
    let outcome = try place.succeed("forecast 1 --horizon 2")
    #expect(outcome.lines[0] == "river,month,predicted_flow")
    #expect(outcome.rows.map { $0["river"] } == ["north", "north", "south", "south"])
    #expect(outcome.rows.map { $0["month"] } == ["2025-01", "2025-02", "2025-01", "2025-02"])
  }
}
