import Foundation
import Testing

@Suite("keepstep backtest")
struct BacktestTests {
  private static let train =
    "train --data flow.csv --inputs flow --targets flow --shift 1 --window 4 --hidden-size 8 --steps 24 --name flow"
    + " --learning-rate 0.01 --seed 7"

  private static func place(_ options: String = "--test 0.2") throws -> Workplace {
    let place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    try place.succeed("\(train) \(options)")
    return place
  }

  @Test("the network's errors beside the naive forecasts', over all steps ahead or each of them")
  func errors() throws {
    let place = try Self.place()
    let outcome = try place.succeed("backtest flow --season 6 --format csv")
    #expect(outcome.errors == "" && outcome.lines[0] == "steps_ahead,forecast,forecasts,mae,rmse,mase,smape")
    #expect(outcome.rows.map { $0["forecast"] } == ["network", "naive", "seasonal naive of 6"])
    // From each of the last five flows to the one before: 0.283, 0.21, 0.116, 0.006 and 0.102.
    #expect(outcome.rows[1]["forecasts"] == "5" && outcome.rows[1]["mae"]?.hasPrefix("0.1434") == true)
    let steps = try place.succeed("backtest flow --season 6 --horizon 2 --by-steps --format csv").rows
    #expect(steps.map { $0["steps_ahead"] } == ["1", "1", "1", "2", "2", "2", "1 to 2", "1 to 2", "1 to 2"])
    #expect(steps.map { $0["forecasts"] } == ["5", "5", "5", "4", "4", "4", "9", "9", "9"])
    #expect(steps[0]["mae"] == outcome.rows[0]["mae"] && steps[2]["rmse"] == outcome.rows[2]["rmse"])
    let table = try place.succeed("backtest flow --season 6 --horizon 2").lines
    #expect(table[0] == "steps_ahead  forecast             forecasts      mae     rmse     mase   smape")
    #expect(table.count == 4 && table[3].hasPrefix("1 to 2       seasonal naive of 6          9  "))
    try place.succeed("backtest flow -o errors.csv --season 6")
    #expect(String(decoding: try place.data("errors.csv"), as: UTF8.self) == outcome.output)
  }

  @Test("without a season that is known, a note says that the seasonal forecast is left out")
  func noSeason() throws {
    let place = try Self.place()
    let outcome = try place.succeed("backtest flow")
    #expect(outcome.lines.count == 3)
    #expect(outcome.errors.hasPrefix("note: no seasonal naive forecast: ") && outcome.errors.contains("--season"))
  }

  @Test("over the validation part, to choose by, and over a file that goes on")
  func otherRows() throws {
    let place = try Self.place("--validation 0.3 --test 0.2")
    #expect(try place.succeed("backtest flow --part validation --format csv").rows[0]["forecasts"] == "8")
    try place.write(FlowExample.csv + "27,0.5,2\n28,0.25,3\n", to: "longer.csv")
    #expect(try place.succeed("backtest flow --data longer.csv --format csv").rows[0]["forecasts"] == "7")
  }

  @Test("a line for each target")
  func targets() throws {
    let place = try Workplace()
    try place.write(FlowExample.csv, to: "flow.csv")
    try place.succeed(
      "train --data flow.csv --inputs flow,rain --targets rain,flow --shift 1 --window 4 --steps 24 --test 0.2")
    let rows = try place.succeed("backtest 1 --season 4 --format csv").rows
    #expect(rows.map { $0["target"] } == ["rain", "rain", "rain", "flow", "flow", "flow"])
    // The rain has a season of four rows; its errors are 0, and have no scale.
    #expect(rows[2]["mae"] == "0.0" && rows[2]["mase"] == "")
    #expect(rows[5]["mae"] != "0.0" && rows[5]["mase"] != "")
  }
}
