import Foundation
import Testing

@Suite("--difference")
struct DifferenceOptionTests {
  private static let train =
    "train --data flow.csv --inputs flow,rain --targets flow --shift 1 --window 4 --hidden-size 6 --steps 24"
    + " --checkpoint-every 6 --name changes --learning-rate 0.01 --scale standard --difference"

  private static func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    let outcome = try place.succeed(train)
    #expect(outcome.output.hasPrefix("run 1 (changes), finished at step 24, scaled loss 0."))
    return place
  }

  @Test("predictions are in the data's own units, and the same network sees the same at another level")
  func units() throws {
    let place = try Self.place()
    let rows = try place.succeed("predict changes").rows
    let high = FlowExample.csv.split(separator: "\n").enumerated().map { number, line in
      let cells = line.split(separator: ",")
      return number == 0 ? String(line) : "\(cells[0]),\((Double(cells[1]) ?? 0) + 64),\(cells[2])"
    }
    try place.write(high.joined(separator: "\n") + "\n", to: "high.csv")
    let lifted = try place.succeed("predict changes --data high.csv").rows
    for (low, high) in zip(rows, lifted) {
      let values = [low, high].compactMap { $0["predicted_flow"].flatMap(Double.init) }
      try #require(values.count == 2)
      #expect(abs(values[0] + 64 - values[1]) < 1e-3, "\(values)")
    }
  }

  @Test("resumes and verifies to the bit, and stands in the store only where it was given")
  func exact() throws {
    let place = try Self.place()
    try place.succeed("resume changes@12 --steps 30")
    #expect(try place.succeed("verify changes").output.hasPrefix("exact"))
    try place.succeed("check")
    try place.succeed(Self.train.replacing(" --difference", with: "").replacing("changes", with: "plain"))
    #expect(
      try place.query("SELECT run_id, value FROM hyperparameters WHERE name = 'difference'") == ["1,1"])
  }

  @Test("a fork keeps it, with its scaling, or leaves it and is scaled anew")
  func fork() throws {
    let place = try Self.place()
    let scaling = "SELECT value FROM hyperparameters WHERE name = 'scaling' ORDER BY run_id"
    try place.succeed("fork changes@12 --name same --learning-rate 0.002 --steps 20")
    try place.succeed("fork changes@12 --name levels --no-difference --steps 20")
    let found = try place.query(scaling)
    #expect(found.count == 3 && found[0] == found[1] && found[0] != found[2])
    #expect(try place.query("SELECT run_id FROM hyperparameters WHERE name = 'difference'") == ["1", "2"])
    try place.succeed("verify same")
    try place.succeed("verify levels")
  }

  @Test("exports say so")
  func export() throws {
    let place = try Self.place()
    try place.succeed("export changes -o w.json")
    let parsed = try #require(JSONSerialization.jsonObject(with: try place.data("w.json")) as? [String: Any])
    #expect((parsed["metadata"] as? [String: Any])?["difference"] as? String == "1")
  }
}
